"""A 公开稿 is looked through: its title, issuer and text, with the names of the directory and of its unit's records. Places in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.core.personal import Hit, Kind, find, place_of, solid
from jiandu.loop.findings.selectors.of_unit import names_on, of_unit
from jiandu.loop.outcomes.selectors import talked_at
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.selectors import names_in
from jiandu.results.publications.models import Publication

LABELS = {
    Kind.IDENTITY: gettext_lazy("身份证号"),
    Kind.CARD: gettext_lazy("银行卡号"),
    Kind.IDENTITY_LIKE: gettext_lazy("疑似证件号"),
    Kind.ACCOUNT: gettext_lazy("银行账号"),
    Kind.PLATE: gettext_lazy("车牌号"),
    Kind.MOBILE: gettext_lazy("手机号码"),
    Kind.EMAIL: gettext_lazy("电子邮箱、社交账号"),
    Kind.ADDRESS: gettext_lazy("住址"),
    Kind.NAME: gettext_lazy("姓名"),
}


@dataclass(frozen=True)
class Scan:
    """What was found, and where each stands in words."""

    hits: list[Hit]
    where: list[str]

    @property
    def marked(self) -> list[str]:
        """Each in words, and whether no reason keeps it."""
        told = zip(self.hits, self.where, strict=True)
        return [_("%(place)s，必须删除") % {"place": place} if hit.is_forbidden else place for hit, place in told]

    @property
    def kept(self) -> list[list[str]]:
        """What may stay when a reason is given, as it is stored."""
        return [[hit.kind.value, hit.plain] for hit in self.hits if not hit.is_forbidden]


def scan(viewer: Viewer, row: Publication) -> Scan:
    """Raises nothing: what follows from it is for `rules`."""
    whole = f"{row.title}\n{row.issuer}\n{row.text}"
    hits = find(whole, [*names_in(viewer, solid(whole)), *_of_unit(viewer, row.subject)])
    return Scan(hits, [_said(whole, hit) for hit in hits])


def _of_unit(viewer: Viewer, unit: Organisation | None) -> set[str]:
    """Who is typed in on the unit's problems, or was talked to because of them: the directory may not know them."""
    if unit is None:
        return set()
    return names_on(of_unit(viewer, unit)) | talked_at(viewer, unit)


def _said(whole: str, hit: Hit) -> str:
    line, char = place_of(whole, hit)
    label, shown = LABELS[hit.kind], hit.masked
    if line == 1:
        return _("标题第%(char)d字，%(label)s %(shown)s") % {"char": char, "label": label, "shown": shown}
    if line == 2:
        return _("发布单位第%(char)d字，%(label)s %(shown)s") % {"char": char, "label": label, "shown": shown}
    place = {"line": line - 2, "char": char, "label": label, "shown": shown}
    return _("正文第%(line)d段第%(char)d字，%(label)s %(shown)s") % place
