"""Forms of 公开稿: its words, why something personal stays in it, a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.published.models import NoticeKind
from jiandu.results.publications.models import Publication
from jiandu.results.publications.scanning import scan
from jiandu.results.publications.selectors import last_step
from jiandu.surfaces.desk.forms.fields import line, words
from jiandu.surfaces.desk.forms.rooms import RoomForm, UnitField
from jiandu.surfaces.desk.views.choices import own_offices


class WordsForm(RoomForm):
    """What the public is to read."""

    heed = _("写入的内容将在互联网上公开：不写举报人信息，不写身份证号、银行卡号、手机号码、住址等个人信息。")

    kind = forms.ChoiceField(label=_("公告类别"), choices=NoticeKind.choices, initial=NoticeKind.NOTICE)
    title = line(_("标题"), required=True, most=100)
    issuer = line(_("发布单位"), required=True, most=64)
    text = words(_("正文"), required=True, rows=10, most=20_000)

    def prepare(self) -> None:
        self.fields["text"].help_text = _("每行为一段")
        if isinstance(self.thing, Publication):
            self.begin(**{name: getattr(self.thing, name) for name in ("kind", "title", "issuer", "text")})


class DraftForm(WordsForm):
    """A new one, of an office of the viewer's."""

    office = forms.ChoiceField(label=_("承办室组"))
    unit = UnitField(label=_("涉及单位"), required=False)

    def prepare(self) -> None:
        super().prepare()
        offices = own_offices(guard.require_actor())
        self.choices("office", offices)
        self.fields["unit"].help_text = _("登记了回避该单位的人员看不到本稿")
        if offices:
            self.begin(issuer=offices[0][1])


class AskForm(RoomForm):
    """送复核: what was found in it stands above, each with its place."""

    explanation = words(_("保留理由"), rows=2, most=500)

    def prepare(self) -> None:
        if not isinstance(self.thing, Publication):
            return
        found = scan(guard.require_actor(), self.thing)
        if not found.hits:
            del self.fields["explanation"]
            self.heed = _("没有发现个人信息。由另一人复核后公开。")
            return
        self.about, self.told = _("发现以下个人信息"), found.marked
        if not found.kept:
            del self.fields["explanation"]
            return
        self.fields["explanation"].help_text = _(
            "请先修改删除；依法应当公开的（如受处分人姓名、办公地址、举报电话）写明理由后保留。身份证号、银行卡号一律不得保留。"
        )


class SeenForm(RoomForm):
    """A press about what is on the page: it says as of which step that was."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        if isinstance(self.thing, Publication):
            self.begin(seen=last_step(guard.require_actor(), self.thing))


class ConfirmForm(SeenForm):
    """复核公开: nothing is asked; what it does is said."""

    heed = _("公开后编号固定，内容不能再改，任何人都能在互联网上看到。请逐字核对，并核对保留的个人信息。")

    def prepare(self) -> None:
        super().prepare()
        if isinstance(self.thing, Publication) and self.thing.explained:
            found = scan(guard.require_actor(), self.thing)
            why = str(_("保留理由：%(why)s")) % {"why": self.thing.explanation}
            self.about, self.told = _("保留的个人信息"), [*found.where, why]


class RecallForm(SeenForm):
    """复核撤下."""

    heed = _("撤下后公众看不到标题和正文，只看到编号和撤下日期；不能恢复。已被他人保存、转载的无法收回。")


class WhyForm(RoomForm):
    """A reason."""

    reason = line(_("理由"), required=True, most=200)


def said(cleaned: dict[str, Any]) -> dict[str, str]:
    """The words of a form."""
    return {name: cleaned[name] for name in ("kind", "title", "text", "issuer")}
