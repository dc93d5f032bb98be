"""Somebody leaves: his own views of the ledger are his successor's, under a name that is free; they show what that one sees."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from jiandu.base.core.words import as_recorded
from jiandu.loop.findings.models import SavedView
from jiandu.net.access.hands import Hands, Held, Leaver


def _mine(leaver: Leaver) -> QuerySet[SavedView]:
    return SavedView.objects.filter(made_by_id=leaver.user.pk, is_gone=False).order_by("pk")


def _list(leaver: Leaver) -> list[Held]:
    label = as_recorded(VIEWS.label)
    return [Held("saved_view", label, row.uid, title=row.name) for row in _mine(leaver)]


def _give(leaver: Leaver) -> list[str]:
    """None of them opens by itself at the successor's."""
    rows, to = [row for row in _mine(leaver) if leaver.gives(row.uid)], leaver.to
    if to is None:
        return []
    taken = set(SavedView.objects.filter(made_by_id=to.pk).values_list("name", flat=True))
    for row in rows:
        row.name = _free(row.name, leaver.user.name, taken)
        row.made_by_id, row.is_default = to.pk, False
        row.save(update_fields=["name", "made_by", "is_default"])
        taken.add(row.name)
    return [str(row.uid) for row in rows]


def _free(name: str, of: str, taken: set[str]) -> str:
    """The name, with whose it was where the successor has one of that name, and a number where he has that too."""
    longest = SavedView._meta.get_field("name").max_length or 32
    tried = [name, *(f"{name[: longest - len(of) - 5]}({of}{number or ''})" for number in range(100))]
    return next(one for one in tried if one not in taken)


VIEWS = Hands("saved_view", _("常用视图"), _list, _give, said=gettext_noop("%(kind)s%(count)d个"))
