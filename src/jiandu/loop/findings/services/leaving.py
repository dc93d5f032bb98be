"""Somebody leaves: his own views of the ledger are his successor's, under a name that is free; they show what that one sees."""

from django.db.models import QuerySet
from django.utils.translation import gettext

from jiandu.loop.findings.models import SavedView
from jiandu.net.access.leaving import Leaver


def _mine(leaver: Leaver) -> QuerySet[SavedView]:
    return SavedView.objects.filter(made_by_id=leaver.user.pk, is_gone=False).order_by("pk")


def told_of_views(leaver: Leaver) -> list[str]:
    """How many views he keeps."""
    said = {"kind": SavedView._meta.verbose_name, "count": _mine(leaver).count()}
    return [gettext("%(kind)s%(count)d个") % said] if said["count"] else []


def give_views(leaver: Leaver) -> dict[str, list[str]]:
    """None of them opens by itself at the successor's."""
    rows, to = list(_mine(leaver)), leaver.to
    if to is None:
        return {}
    taken = set(SavedView.objects.filter(made_by_id=to.pk).values_list("name", flat=True))
    for row in rows:
        row.name = _free(row.name, leaver.user.name, taken)
        row.made_by_id, row.is_default = to.pk, False
        row.save(update_fields=["name", "made_by", "is_default"])
        taken.add(row.name)
    return {"saved_view": [str(row.uid) for row in rows]}


def _free(name: str, of: str, taken: set[str]) -> str:
    """The name, with whose it was where the successor has one of that name, and a number where he has that too."""
    longest = SavedView._meta.get_field("name").max_length or 32
    tried = [name, *(f"{name[: longest - len(of) - 5]}({of}{number or ''})" for number in range(100))]
    return next(one for one in tried if one not in taken)
