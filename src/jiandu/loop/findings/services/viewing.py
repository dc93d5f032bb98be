"""A person's saved views of the ledger: kept, renamed, made the one that opens by itself, dropped."""

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import SavedView

MOST = 12


@atomic
def save_view(*, by: Viewer, name: str, query: str, columns: list[str], is_default: bool = False) -> SavedView:
    """Keeps the conditions and columns under a name; the same name again replaces them. Raises Refused."""
    name = name.strip()
    if not name:
        raise Refused("name-needed", "请填写视图名称")
    if len(query) > 1000:
        raise Refused("view-too-long", "条件太多,请先减少一些")
    view = SavedView.objects.filter(name=name).first() or SavedView(made_by_id=by.user_id or 0, name=name)
    if view.pk is None and SavedView.objects.filter(is_gone=False).count() >= MOST:
        raise Refused("too-many-views", "最多保存%(most)d个视图,请先删去不用的", most=MOST)
    if is_default:
        SavedView.objects.filter(is_default=True).update(is_default=False)
    view.query, view.columns, view.is_default, view.is_gone = query, ",".join(columns), is_default, False
    view.save()
    record(by, "saved_view.save", view, payload={"name": name, "default": is_default})
    return view


@atomic
def drop_view(*, view: SavedView, by: Viewer) -> None:
    """The view is shown no more; its name may be used again."""
    view.is_gone, view.is_default = True, False
    view.save(update_fields=["is_gone", "is_default"])
    record(by, "saved_view.drop", view, payload={"name": view.name})
