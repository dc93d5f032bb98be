"""Forms of 工作交接: who takes over, when, what of it; signatures online and from paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.net.access import selectors
from jiandu.net.access.handover_list import Difference, difference
from jiandu.net.access.hands import Held, held_by, list_of
from jiandu.net.access.models import Handover, HandoverSignature
from jiandu.surfaces.desk.forms.fields import attached, day, line, words
from jiandu.surfaces.desk.forms.instruments import ConfirmPaperForm
from jiandu.surfaces.desk.forms.rooms import RoomForm
from jiandu.surfaces.door.answers import words_of

SHOWN = 12  # lines of a difference


class AccountField(forms.CharField):
    """A colleague by name, or by login name where several bear it."""

    def __init__(self, **kwargs: Any) -> None:
        offered = forms.TextInput(attrs={"list": "colleagues", "autocomplete": "off"})
        super().__init__(max_length=64, widget=offered, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = selectors.account_called(guard.require_actor(), text)
        except Refused as refused:
            raise forms.ValidationError(words_of(refused)) from refused
        if found is None:
            raise forms.ValidationError(_("没有叫“%(name)s”的在用账户"), params={"name": text})
        return found


class ColleaguesForm(RoomForm):
    """A form that offers the names of the viewer's own offices."""

    @property
    def lists(self) -> dict[str, list[str]]:
        return {"colleagues": selectors.colleagues(guard.require_actor())}


class HandOverForm(ColleaguesForm):
    """交接: to whom, when, why, and which of what the viewer holds."""

    to = AccountField(label=_("接收人"), help_text=_("姓名或登录名"))
    on = day(_("移交日期"))
    why = forms.ChoiceField(label=_("事由"), choices=Handover.Why.choices)
    supervisor = AccountField(label=_("监交人"), required=False, help_text=_("可以不填"))
    note = line(_("说明"), most=300)
    chosen = forms.MultipleChoiceField(label=_("移交事项"), widget=forms.CheckboxSelectMultiple)

    def prepare(self) -> None:
        user = selectors.account(self.thing, self.thing.user_id or 0)
        self.held = list_of(user, giveable=True) if user else []
        self.choices("chosen", [(str(row.uid), _said(row)) for row in self.held])
        self.about = _("没有可以移交的事项")
        self.told = [] if self.held else [str(_("名下没有需要移交的事项"))]
        self.begin(chosen=[str(row.uid) for row in self.held])

    def clean_chosen(self) -> Any:
        """None where everything was left ticked: what comes later belongs to it too."""
        said = set(self.cleaned_data["chosen"])
        return None if len(said) == len(self.held) else frozenset(row.uid for row in self.held if str(row.uid) in said)


def _said(row: Held) -> str:
    parts = [row.label, row.code, row.title, row.unit, row.next_on.isoformat() if row.next_on else ""]
    return " · ".join(part for part in parts if part)


class DraftForm(ColleaguesForm):
    """A 交接单 for an account, of everything: not a word of what is on it is told here."""

    to = AccountField(label=_("接收人"), help_text=_("姓名或登录名"))
    on = day(_("移交日期"))
    why = forms.ChoiceField(label=_("事由"), choices=Handover.Why.choices)
    supervisor = AccountField(label=_("监交人"), required=False, help_text=_("可以不填"))
    note = line(_("说明"), most=300)

    def prepare(self) -> None:
        self.told = held_by(self.thing)
        self.about = _("以下事项待双方签字后移交") if self.told else _("名下没有需要移交的事项")


class AskSupervisorForm(ColleaguesForm):
    user = AccountField(label=_("监交人"))


def told_of(found: Difference) -> list[str]:
    """The lines of a difference."""
    said = [str(_("新增：%(what)s") % {"what": _said(row)}) for row in found.added[:SHOWN]]
    rest = len(found.added) - SHOWN
    said += [str(_("另有%(count)d项新增") % {"count": rest})] if rest > 0 else []
    return said + ([str(_("已不在名下：%(count)d项") % {"count": len(found.gone)})] if found.gone else [])


class DifferenceForm(RoomForm):
    """更新清单: what came and went since the list was drawn up stands above."""

    def prepare(self) -> None:
        found = difference(self.thing)
        self.about = _("与拟稿时的清单比较") if found else _("清单与名下事项一致，无须更新")
        self.told = told_of(found) or [self.about]


class SignForm(RoomForm):
    """签字: what the list has missed stands above; it is taken in first."""

    opinion = words(_("意见"), rows=2, most=300)

    def prepare(self) -> None:
        if isinstance(self.thing, HandoverSignature):
            self.about = _("清单有变化，请先更新清单再签字")
            self.told = told_of(difference(self.thing.handover))


class ReasonForm(RoomForm):
    reason = words(_("原因"), required=True, rows=2, most=300)


class PaperSignForm(RoomForm):
    """What was signed on paper."""

    on = day(_("签字日期"))
    opinion = words(_("意见"), rows=2, most=300)
    scan = attached(_("签字件扫描(可选)"))


class ConfirmSignForm(ConfirmPaperForm):
    """What was typed stands above."""
