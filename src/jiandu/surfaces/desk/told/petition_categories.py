"""Pages of 内容分类: proposals for one item with the words that speak for them; fields with their items and hit rates."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from jiandu.sources.petitions.categories import Hits, Suggestion, named
from jiandu.sources.petitions.models import Petition
from jiandu.surfaces.desk.registers import Row, Section, Told

PROPOSED = (
    (gettext_lazy("建议分类"), "main"),
    (gettext_lazy("把握"), "num"),
    (gettext_lazy("依据的词"), ""),
)
COLUMNS = (
    (gettext_lazy("领域"), "main"),
    (gettext_lazy("件数"), "num"),
    (gettext_lazy("有建议"), "num"),
    (gettext_lazy("领域一致"), "num"),
    (gettext_lazy("完全一致"), "num"),
    (gettext_lazy("命中率"), "num"),
)


def category_of(code: str) -> str:
    """Its labels in the reader's language."""
    return named(code, english=get_language() == "en") if code else ""


def proposals(one: Petition, found: list[Suggestion]) -> Told:
    """What it is proposed for; a click goes to the form with that one chosen."""
    page = reverse("desk:petition", args=[one.uid])
    rows = [_proposal(page, each) for each in found]
    return Told(
        title=_("建议分类"),
        lede=one.code,
        back=(one.code, page),
        back_is_name=True,
        sections=[Section(_("建议分类"), PROPOSED, rows, empty=_("没有可以建议的分类"))],
    )


def _proposal(page: str, each: Suggestion) -> Row:
    acts = [{"label": _("归为此类"), "href": f"{page}?{urlencode({'act': 'classify', 'category': each.code})}"}]
    return {"cells": [category_of(each.code), f"{each.chance:.0%}", "、".join(each.words)], "acts": acts}


def hits(found: list[Hits], tabs: list[Row]) -> Told:
    """Each field; its number opens its rows."""
    asked, right = sum(each.proposed for each in found), sum(each.exact for each in found)
    return Told(
        title=_("内容分类"),
        tabs=tabs,
        stats=[
            {"label": _("已归类"), "value": sum(each.chosen for each in found)},
            {"label": _("命中率"), "value": f"{right / asked:.0%}" if asked else "—"},
        ],
        sections=[
            Section(_("建议与归类对照"), COLUMNS, [_hits(each) for each in found], empty=_("还没有归类的信访件"))
        ],
    )


def _hits(each: Hits) -> Row:
    rows = f"{reverse('desk:petitions')}?{urlencode({'column': 'category', 'value': each.code})}"
    rate = f"{each.exact / each.proposed:.0%}" if each.proposed else ""
    counts = [{"text": each.chosen, "href": rows}, each.proposed, each.field, each.exact]
    return {"cells": [category_of(each.code), *counts, rate]}
