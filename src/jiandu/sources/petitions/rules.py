"""What is legal given the record: who may be told of a petition, who confirms, what a repeat is. Pure.

《纪检监察机关处理检举控告工作规则》: competence (art. 11, 12), routing (13–17), repeats (14, 26), secrecy (47).
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.names import name_key
from jiandu.sources.petitions.natures import nature_of
from jiandu.sources.petitions.states import (
    MOVES,
    REGIMES,
    Competence,
    Kind,
    Named,
    Regime,
    State,
    Verb,
    is_legal,
)

#: Why a petition is not accepted (art. 13, 18): chosen, so that no reason tells what it says.
DECLINED = {
    "litigation": _("已进入或应当通过诉讼、仲裁、行政裁决、行政复议等途径解决"),
    "organ": _("属其他机关职责"),
    "empty": _("仅列举违纪或职务违法、职务犯罪行为名称而无实质内容"),
}
#: By which relation somebody must keep away (art. 48): chosen, so that no reason names anybody.
RECUSED = {
    "reported": _("是被反映人或者其近亲属"),
    "interest": _("本人或者近亲属与反映的问题有利害关系"),
    "other": _("有其他可能影响公正办理的情形"),
}
RETURNED = {"empty": _("无实质内容"), "competence": _("不属本部门管辖")}


@dataclass(frozen=True)
class Reported:
    """The unit reported: its place in the tree, its names, and those of the units under it (names.name_key), of all times."""

    path: str
    names: frozenset[str]
    below: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Recipient:
    """Who would receive: an office, with the units in which its officers hold posts, or a body by name alone."""

    office: Office | None = None
    body: str = ""
    unit_paths: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.office.name if self.office else self.body


#: Bodies that belong to the unit itself: an office whose officers hold posts there is the unit under another sign.
OF_THE_UNIT = frozenset({Office.Kind.TOWN, Office.Kind.VILLAGE})


def check_recipient(reported: Reported | None, to: Recipient) -> None:
    """The unit reported and its subordinates are never recipients (art. 47). Raises Refused (recipient-reported)."""
    if reported is None:
        return
    said = name_key(to.name)
    is_named = said in reported.names | reported.below or any(name in said for name in reported.names)
    serves = to.office is not None and to.office.kind in OF_THE_UNIT
    is_of_unit = serves and any(path.startswith(reported.path) for path in to.unit_paths)
    if is_named or is_of_unit:
        raise Refused("recipient-reported", "被反映单位及其下属单位不能作为接收方：%(name)s", name=to.name)


def check_legal(verb: Verb, state: State, regime: Regime) -> None:
    """Raises Refused (not-legal)."""
    if is_legal(verb, state, regime):
        return
    if MOVES[verb].regime not in (None, regime):
        raise Refused("other-regime", "“%(verb)s”不适用于该类信访件", verb=verb.label)
    raise Refused("not-legal", "“%(state)s”的信访件不能“%(verb)s”", state=state.label, verb=verb.label)


def check_day(on: date, *earlier: date | None) -> None:
    """Not after today, not before any of the days. Raises Refused (step-date)."""
    if on > today():
        raise Refused("step-date", "日期不能晚于今天：%(on)s", on=on.isoformat())
    last = max(filter(None, earlier), default=None)
    if last is not None and on < last:
        raise Refused("step-date", "日期不能早于上一步（%(on)s）", on=last.isoformat())


def check_tags(kind: str, competence: str, people: int, named: str) -> None:
    """What the tags say together. Raises Refused (people, competence, named-first)."""
    if people < 1:
        raise Refused("people", "人数至少为一人")
    if kind == Kind.EMPTY and competence != Competence.OWN:
        raise Refused("competence", "无实质内容的件留在本级")
    if named not in {Named.ANONYMOUS, Named.UNVERIFIED}:
        raise Refused("named-first", "登记时只记匿名或署名未核实；实名须经核实后认定")


MOST_REPRESENTATIVES = 5


def representatives(text: str) -> tuple[str, ...]:
    """Who speaks for those who came or signed together, one a line or between commas."""
    return tuple(filter(None, (each.strip() for each in re.split(r"[\n,，;；、]", text))))


def check_representatives(text: str, people: int) -> None:
    """At most five speak for many (《信访工作条例》 art. 20). Raises Refused (representatives, representatives-people)."""
    count = len(representatives(text))
    if count > MOST_REPRESENTATIVES:
        raise Refused(
            "representatives",
            "联名、集体访的代表不超过%(most)d人（《信访工作条例》第二十条），填了%(count)d人",
            most=MOST_REPRESENTATIVES,
            count=count,
        )
    if count and people < max(count, 2):
        raise Refused("representatives-people", "有代表的是联名件：人数至少为二人，也不少于代表人数")


def check_natures(nature: str, further: Collection[str], detail: str = "") -> None:
    """One nature counts, others are marks beside it; `detail` stands below it. Raises Refused (main-nature, nature-detail)."""
    if detail and nature_of(detail) != nature:
        raise Refused("nature-detail", "具体问题不属于所选的问题性质，请重新选择")
    if further and (not nature or nature in further):
        raise Refused("main-nature", "请先选择一项主要的问题性质；其他问题性质不与它重复")


def must_notify(*, kind: str, competence: str, is_repeat: bool, is_handed_inside: bool) -> bool:
    """Whether case supervision is told of it: a first report of our own competence that went to a room (art. 14)."""
    is_report = REGIMES[Kind(kind)] == Regime.ACCUSATION
    return is_report and competence == Competence.OWN and not is_repeat and is_handed_inside


def check_route(*, is_repeat: bool, has_new: bool, competence: str, to: Recipient) -> None:
    """A repeat is kept and not passed on again, unless it says something new (art. 14). Raises Refused (repeat-kept, recipient)."""
    if is_repeat and not has_new:
        raise Refused("repeat-kept", "重复件登记后留存备查，不再转办；确有新增内容的请注明")
    if bool(to.office) == bool(to.body.strip()):
        raise Refused("recipient", "请选择接收部门，或写明其他机关名称")
    if competence == Competence.ORGAN and to.office is not None and not to.body:
        return
    if to.body and competence == Competence.OWN:
        raise Refused("recipient", "本级管辖的件只能转本机关部门")


def check_confirms(by_name: str, by_id: int | None, drafted_by: str, drafter_id: int | None) -> None:
    """Whoever drafted does not confirm. Raises Refused (confirm-other-person)."""
    is_same = by_id == drafter_id if by_id and drafter_id else by_name == drafted_by
    if is_same:
        raise Refused("confirm-other-person", "转办件须由拟稿人以外的人复核")


def check_granted(granted_by: str) -> None:
    """Raises Refused (granted-by)."""
    if not granted_by.strip():
        raise Refused("granted-by", "请写明批准的领导")


def check_told_once(verb: Verb, done: Collection[str]) -> None:
    """Nobody is told of acceptance or of the result twice. Raises Refused (told-twice)."""
    if verb in {Verb.TELL_ACCEPTED} and verb in done:
        raise Refused("told-twice", "已告知过受理情况")


def known_names(names: Iterable[str]) -> frozenset[str]:
    """The names as they are compared."""
    return frozenset(key for name in names if (key := name_key(name)))
