"""判重: what an item may repeat, side by side with it."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.texts.scoring import ALIKE, REPEAT
from jiandu.base.ui.templatetags.ui import iso
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.repeats import Proposal
from jiandu.sources.petitions.states import BEFORE, Verb
from jiandu.surfaces.desk.registers import Section, Told

PROPOSALS = (
    (gettext_lazy("信访编号"), "code"),
    (gettext_lazy("收件日期"), "date"),
    (gettext_lazy("反映内容"), "wrap"),
    (gettext_lazy("相似度"), "num"),
    (gettext_lazy("判断"), "state"),
)
LABELS = {REPEAT: gettext_lazy("重复"), ALIKE: gettext_lazy("同类")}


def repeats(one: Petition, beginning: str, found: list[Proposal]) -> Told:
    """What an item may repeat, side by side; the clerk decides on the item's own page."""
    rows = []
    for each in found:
        href = f"{reverse('desk:petition', args=[one.uid])}?act=repeat&main={each.petition.uid}"
        label = {"text": LABELS[each.label], "tone": "warn" if each.label == REPEAT else "neutral"}
        same = [(each.is_same_person, _("同一被反映人")), (each.is_same_sender, _("同一署名人"))]
        person = " · ".join(str(label) for is_so, label in same if is_so)
        number = {"text": each.petition.code, "href": reverse("desk:petition", args=[each.petition.uid])}
        words = {"text": each.beginning, "sub": person}
        acts = [{"label": Verb.REPEAT.label, "href": href}] if one.state in BEFORE else []
        rows.append(
            {"cells": [number, iso(each.petition.received_on), words, f"{each.score:.0%}", label], "acts": acts}
        )
    return Told(
        title=_("判重"),
        lede=one.code,
        back=(one.code, reverse("desk:petition", args=[one.uid])),
        back_is_name=True,
        sections=[
            Section(_("本件"), words=beginning),
            Section(_("可能重复的信访件"), PROPOSALS, rows, empty=_("两年内没有相近的信访件")),
        ],
    )
