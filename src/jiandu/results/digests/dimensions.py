"""What a bulletin counts by: its tables, and its rates of 办理质效, each over a group of columns that the database counts together.

An item whose column is empty counts as 未注明; what a row is called follows from its key, in the reader's language.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jiandu.base.lexicon.selectors import in_english
from jiandu.results.digests import slots
from jiandu.sources.petitions.categories import FIELD, named
from jiandu.sources.petitions.natures import detail_called
from jiandu.sources.petitions.senders import MANY, ONCE, UNKNOWN
from jiandu.sources.petitions.states import (
    WITHIN,
    Disposal,
    Kind,
    Named,
    Nature,
    Origin,
    Rank,
    State,
    Truth,
    Way,
)

UNSAID = "—"
OF_REPORTS = frozenset({"rank", "nature"})  # tables of 检举控告 alone
#: Tables that may leave the office: each counts every item.
OUTSIDE = ("way", "kind", "repeat", "named", "origin", "domain", "region")
#: Columns by which the items are counted together; of what each table and rate needs, one group has all. SQLite sorts each
#: group: few columns sort fast, keys and flags faster than words.
GROUPS = (
    ("received_on",),
    ("kind", "rank", "nature", "nature_detail"),
    ("way", "named", "origin", "state", "disposal", "truth"),
    ("domain", "is_repeat", "is_over_level", "region"),
    ("category",),
)
Item = dict[str, Any]  # petitions alike in the columns of a group: `now` of the period, `before` of a year before


@dataclass(frozen=True)
class Dimension:
    """A table of the bulletin: its key, its title, what an item counts as, how that is called. `only`: of which items."""

    key: str
    title: Any
    value: Callable[[Item], str]
    labels: dict[str, Any] | None = None
    only: Callable[[Item], bool] = lambda _item: True
    needs: frozenset[str] = frozenset()
    called: Callable[[str], str] = str  # how a key is called that has no label
    is_time: bool = False  # its rows stand in the order of time, those with nothing too
    dictionary: str = ""  # of which its keys are the names: it says them in English too
    below: Callable[[Item], str] | None = None  # the level below, where there is one


def _column(
    key: str, title: Any, choices: Any, only: Callable[[Item], bool] = lambda _item: True, *needs: str
) -> Dimension:
    return Dimension(
        key, title, lambda item: item[key] or UNSAID, dict(choices.choices), only, frozenset({key, *needs})
    )


def _category(code: str) -> str:
    """The field, or of a code of the second level that level's own name: its field stands above it."""
    said = named(code, english=is_english())
    return said if len(code) == FIELD else said.rsplit(" · ", 1)[-1]


def _writer(key: str) -> str:
    """署名人1: by his place in the table, never by name; the key goes on with an item of his."""
    return _("署名人%(number)s") % {"number": key.split(".")[0]}


def is_english() -> bool:
    """Whether the reader has chosen English."""
    return (get_language() or "").startswith("en")


def _is_within(item: Item) -> bool:
    return item["kind"] in WITHIN


def _is_report(item: Item) -> bool:
    return bool(item["kind"] == Kind.ACCUSATION)


DIMENSIONS = (
    Dimension(
        "time", _("收件时间"), lambda item: item["slot"], slots.LABELS, needs=frozenset({"received_on"}), is_time=True
    ),
    _column("way", _("信访方式"), Way),
    _column("kind", _("信访类别"), Kind),
    Dimension(
        "scope",
        _("业务范围"),
        lambda item: "within" if _is_within(item) else "outside",
        {"within": _("业务范围内"), "outside": _("业务范围外和无实质内容")},
        needs=frozenset({"kind"}),
    ),
    Dimension(
        "repeat",
        _("初次重复"),
        lambda item: "repeat" if item["is_repeat"] else "first",
        {"first": _("初次件"), "repeat": _("重复件")},
        needs=frozenset({"is_repeat"}),
    ),
    _column("named", _("署名情况"), Named),
    _column("origin", _("信访来源"), Origin),
    _column("rank", _("被反映人职级"), Rank, _is_report, "kind"),
    Dimension(
        "nature",
        _("反映问题性质"),
        lambda item: item["nature"] or UNSAID,
        dict(Nature.choices),
        _is_report,
        frozenset({"nature", "nature_detail", "kind"}),
        called=lambda code: detail_called(code, english=is_english()),
        below=lambda item: item["nature_detail"] or UNSAID,
    ),
    Dimension(
        "domain",
        _("领域"),
        lambda item: item["domain_name"] or UNSAID,
        needs=frozenset({"domain"}),
        dictionary="petition_domain",
    ),
    # a place is a proper name: it stands in every language as it is written
    Dimension("region", _("属地"), lambda item: item["region_name"] or UNSAID, needs=frozenset({"region"})),
    Dimension(
        "category",
        _("内容分类"),
        lambda item: item["category"][:FIELD] or UNSAID,
        needs=frozenset({"category"}),
        called=_category,
        below=lambda item: item["category"] if len(item["category"]) > FIELD else UNSAID,
    ),
    _column("disposal", _("处置方式"), Disposal, lambda item: bool(item["disposal"])),
    _column("truth", _("属实情况"), Truth, lambda item: bool(item["truth"])),
)


def _stands(_item: Item) -> str:
    raise NotImplementedError("counted by itself (watched)")


#: What a week's bulletin watches beside them, and a month's what is overdue: `watched` counts these by themselves.
URGENT = Dimension("urgent", _("紧急敏感"), _stands, {"urgent": _("紧急敏感件"), "plain": _("其他件")})
SENDER = Dimension(
    "sender",
    _("署名人来件"),
    _stands,
    {MANY: _("同一署名人一年内多次来件"), ONCE: _("署名人一年内来件一次"), UNKNOWN: _("匿名或不能比对")},
)
SENDERS = Dimension("same_sender", _("多次来件的署名人"), _stands, called=_writer)
OVERDUE = Dimension("overdue", _("超期未办（按承办部门）"), _stands)  # an office's name stands as it is written
WATCHED = (URGENT, SENDER, SENDERS, OVERDUE)
WATCHED_OUTSIDE = frozenset({"urgent", "overdue"})  # who wrote how often would tell hidden cells of 署名情况


def label_of(one: Dimension, key: str) -> str:
    """What a row of the table is called, in the reader's language."""
    if key == UNSAID:
        return str(_("未注明"))
    known = one.labels or {}
    return str(known[key]) if key in known else one.called(key)


def labels_of(one: Dimension, keys: Sequence[str]) -> list[str]:
    """What the rows of a table are called, in the reader's language. In English, a dictionary is asked in one statement."""
    said = in_english(one.dictionary) if one.dictionary and keys and is_english() else {}
    return [said.get(key) or label_of(one, key) for key in keys]


BY_KEY = {one.key: one for one in (*DIMENSIONS, *WATCHED)}


@dataclass(frozen=True)
class Told:
    """A rate of 办理质效: how it is called, whether an item counts, of which it is a share; and the register's filter of both."""

    title: Any
    part: Callable[[Item], bool]
    whole: Callable[[Item], bool] = lambda _item: True
    rows: tuple[tuple[str, str], tuple[str, str]] = (("", ""), ("", ""))
    needs: frozenset[str] = frozenset()


def _is_found(item: Item) -> bool:
    return item["state"] == State.CONCLUDED and bool(item["truth"])


#: What is counted of all items together → its two numbers there: 按期率 follows from clocks, 初信初访 from columns of two groups.
OF_ALL = {"in_time": ("in_time", "due"), "first_met": ("first_met_done", "first_met")}
RATES = {
    "in_time": Told(_("按期率"), lambda _item: False, rows=(("rate", "in_time"), ("rate", "due"))),
    "real_name": Told(
        _("实名率"),
        lambda item: item["named"] == Named.VERIFIED,
        rows=(("named", "verified"), ("", "")),
        needs=frozenset({"named"}),
    ),
    "checked": Told(
        _("署名核实率"),
        lambda item: item["named"] not in {Named.ANONYMOUS, Named.UNVERIFIED},
        lambda item: item["named"] != Named.ANONYMOUS,
        (("rate", "checked"), ("rate", "signed")),
        frozenset({"named"}),
    ),
    "repeated": Told(
        _("重复率"),
        lambda item: item["is_repeat"],
        rows=(("repeat", "repeat"), ("", "")),
        needs=frozenset({"is_repeat"}),
    ),
    "over_level": Told(
        _("越级率"),
        lambda item: item["is_over_level"],
        rows=(("rate", "over_level"), ("", "")),
        needs=frozenset({"is_over_level"}),
    ),
    "concluded": Told(
        _("办结率"),
        lambda item: item["state"] == State.CONCLUDED,
        rows=(("rate", "concluded"), ("", "")),
        needs=frozenset({"state"}),
    ),
    "first_met": Told(
        _("初信初访办结率"), lambda _item: False, rows=(("rate", "first_met_done"), ("rate", "first_met"))
    ),
    "true": Told(
        _("属实率"),
        lambda item: item["truth"] in {Truth.TRUE, Truth.PARTLY},
        _is_found,
        (("rate", "true"), ("rate", "found")),
        frozenset({"state", "truth"}),
    ),
}
