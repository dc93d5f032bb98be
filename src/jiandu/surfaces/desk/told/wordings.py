"""Pages of the words of sheets and letters: every kind, and one with its versions."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.instruments.kinds import Kind, kind_of
from jiandu.loop.instruments.models import Instrument, Wording
from jiandu.loop.instruments.selectors import wordings
from jiandu.loop.instruments.services.wording import wording_for, wordings_for
from jiandu.loop.instruments.wording import as_text, as_words
from jiandu.net.overseers.models import Office
from jiandu.surfaces.desk.registers import Links, Row, Section, Told, fact

KINDS = ((gettext_lazy("文种"), "main"), (gettext_lazy("现行用语"), ""), (gettext_lazy("启用日期"), "date"))
VERSIONS = (
    (gettext_lazy("版本"), "main"),
    (gettext_lazy("标题"), "wrap"),
    (gettext_lazy("修改人"), ""),
    (gettext_lazy("启用日期"), "date"),
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("预览Word"), ""),
    (gettext_lazy("预览PDF"), ""),
)


@dataclass(frozen=True)
class Worded:
    """A kind, the office that words it, what is in use (None: as shipped)."""

    kind: Kind
    office: Office
    used: Wording | None

    @property
    def label(self) -> str:
        return str(Instrument.Kind(self.kind.kind).label)

    @property
    def said(self) -> tuple[str, str, str]:
        """Title, addressee and text in use."""
        if self.used is not None:
            return self.used.title, self.used.to, self.used.text
        return as_words(self.kind.title), as_words(self.kind.to), as_text(self.kind.parts)


def of_office(office: Office, kind: str) -> Worded:
    """The words of the kind as the office's sheets have them."""
    return Worded(kind_of(kind), office, wording_for(kind, office))


def every_kind(office: Office) -> Told:
    """Each kind with the version that is in use."""
    rows: list[Row] = []
    used = wordings_for(office)
    for kind in Instrument.Kind.values:
        one = Worded(kind_of(kind), office, used.get(kind))
        cells = [one.label, _which(one), iso(one.used.used_on) if one.used else ""]
        rows.append({"href": reverse("desk:wording", args=[kind]), "cells": cells})
    back = (_("建议书和函件"), reverse("desk:letters"))
    return Told(title=_("文书用语"), lede=str(office), back=back, sections=[Section(_("文种"), KINDS, rows)])


def _which(one: Worded) -> str:
    if one.used is None:
        return _("随软件提供")
    return _("%(office)s第%(version)d版") % {"office": one.used.office, "version": one.used.version}


def one_kind(viewer: Viewer, one: Worded, link: Links) -> Told:
    """The words in use, and every version of the office."""
    title, to, text = one.said
    rows = [_version(one, row, link) for row in wordings(viewer, one.kind.kind, one.office)]
    rows.append({"cells": [_("随软件提供"), as_words(one.kind.title), "", "", "", *_preview(one, 0)]})
    return Told(
        title=one.label,
        lede=str(one.office),
        back=(_("文书用语"), reverse("desk:wordings")),
        facts=[fact(_("现行用语"), _which(one)), fact(_("标题"), title, wide=True), fact(_("主送"), to, wide=True)],
        sections=[Section(_("正文"), words=text), Section(_("版本"), VERSIONS, rows)],
    )


def _preview(one: Worded, version: int) -> list[Row]:
    place = reverse("desk:wording-word", args=[one.kind.kind, version])
    return [{"text": _("下载"), "href": place}, {"text": _("下载"), "href": f"{place}?format=pdf"}]


def _version(one: Worded, row: Wording, link: Links) -> Row:
    is_used = one.used is not None and one.used.pk == row.pk
    state = (_("现行"), "done") if is_used else (_("已替换"), "neutral") if row.used_on else (_("未启用"), "warn")
    name = _("第%(version)d版") % {"version": row.version}
    cells = [name, row.title, row.by_name, iso(row.used_on), {"text": state[0], "tone": state[1]}]
    return {"cells": [*cells, *_preview(one, row.version)], "acts": [] if row.used_on else link(row, "use")}
