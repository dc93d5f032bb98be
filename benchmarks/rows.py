"""Rows of findings with their steps, grams and outcomes, as an office's ledger of five years would hold them.

The states and caches of a finding come from the product's own table of moves, played once for each kind of course;
`tests/benchmarks` compares some rows with what the steps say.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, chain
from typing import Any

from django.db import models

from benchmarks.city import CITY, NARROW, YEARS, City
from jiandu.base.core.vendor import grams
from jiandu.loop.findings.models import Finding, Step
from jiandu.loop.findings.services.moving import apply_step
from jiandu.loop.findings.services.repeats import repeat_key
from jiandu.loop.findings.states import State, Verb, target

SEED = 20221231
TAKE = "register assign receive"
#: (the verbs, how many of a thousand older findings went so, and of a thousand of the last two months)
COURSES = (
    (f"{TAKE} progress apply pass approve", 545, 150),
    (f"{TAKE} progress apply pass approve look_back", 210, 0),
    (f"{TAKE} apply pass approve look_back reopen apply pass approve", 40, 0),
    (f"{TAKE} apply pass approve look_back reopen progress", 15, 0),
    (f"{TAKE} apply pass stage progress", 40, 20),
    (f"{TAKE} plan progress", 35, 330),
    (f"{TAKE} progress urge progress", 20, 100),
    (f"{TAKE} progress apply", 10, 120),
    (f"{TAKE} apply pass", 8, 80),
    (f"{TAKE} progress withdraw", 15, 10),
    ("register correct correct assign refuse", 10, 10),
    (f"{TAKE} progress merge", 25, 20),
    (f"{TAKE} progress transfer", 12, 10),
    ("register correct correct instruct correct", 5, 80),
    ("register assign extend instruct instruct", 10, 70),
)
HEADS = ("台账管理不规范", "资金拨付滞后", "信息公开不及时", "审批环节多", "责任落实不到位", "底数不清", "进度偏慢")
TAILS = ("企业获得感不强", "群众反映较多", "部门协同不够", "整改流于形式", "长期未得到解决", "监管存在盲区")
PLACES = ("东渡", "西滨", "南山", "北屿", "前埔", "后溪", "灌口", "杏林", "马巷", "新店")
#: A word and in how many of a million findings it stands: common, just not common, seldom, hardly ever.
WORDS = (("低保", 76_000), ("厂房", 8_000), ("骑楼", 800), ("筼筜", 60))
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", ("建国", "丽华", "伟", "敏", "志强", "秀英", "军", "芳")


@dataclass
class Course:
    """The moves of one kind of finding, and what the caches say at its end (indexes of steps where they are dates)."""

    verbs: list[Verb]
    states: list[str] = field(default_factory=list)
    end: Finding = field(default_factory=Finding)
    days: list[list[int]] = field(default_factory=list)

    @property
    def looked(self) -> int | None:
        """The step that is the first look-back."""
        return self.verbs.index(Verb.LOOK_BACK) if Verb.LOOK_BACK in self.verbs else None

    def at(self, name: str) -> int | None:
        day = getattr(self.end, name)
        return None if day is None else (day - EPOCH).days


EPOCH = date(2000, 1, 1)


def played(words: str, chance: random.Random) -> Course:
    """The course with its states, by the table of moves."""
    course = Course([Verb(word) for word in words.split()])
    for number, verb in enumerate(course.verbs):
        state = State(course.end.state)
        to = State.REGISTERED if verb == Verb.REGISTER else target(verb, state)
        on = EPOCH + timedelta(days=number)
        step = Step(seq=number + 1, verb=verb, to_state=to, on=on, recorded_at=datetime.combine(on, time(), UTC))
        apply_step(course.end, step)
        course.states.append(str(to))
    course.days = [[0, *accumulate(chance.choice((0, 1, 2, 4, 7, 11)) for _ in course.verbs[1:])] for _ in range(500)]
    return course


def columns(model: type[models.Model]) -> list[str]:
    return [str(each.column) for each in model._meta.concrete_fields]


def row_of(model: type[models.Model]) -> Any:
    """A function from values by column to a row in the order of `columns`; what is not said takes the default."""
    fields = [(str(each.column), each.get_default() if each.has_default() else None) for each in _fields(model)]
    empty = {str(each.column) for each in _fields(model) if isinstance(each, models.CharField | models.TextField)}
    said = [(name, "" if default is None and name in empty else default) for name, default in fields]
    return lambda values: tuple(values.get(name, default) for name, default in said)


def _fields(model: type[models.Model]) -> list[Any]:
    return list(model._meta.concrete_fields)


class Rows:
    """All rows of `count` findings, in the order of their keys; the same again for the same count and day."""

    def __init__(self, city: City, count: int, day: date) -> None:
        self.city, self.count, self.day = city, count, day
        self.chance = random.Random(SEED)
        self.courses = [played(words, self.chance) for words, _, _ in COURSES]
        self.first = date(YEARS[0], 1, 1)
        self.span = (day - self.first).days
        self.iso = [(self.first + timedelta(days=number)).isoformat() for number in range(self.span + 400)]
        self.named: dict[str, list[str]] = {"narrow": [], "middle": [], "wide": []}
        self.recused: dict[str, list[str]] = {"narrow": [], "middle": [], "wide": []}

    def findings(self) -> Iterator[tuple[dict[str, Any], Course, list[int]]]:
        """(columns of a finding, its course, the day numbers of its steps)."""
        old = [weight for _, weight, _ in COURSES]
        new = [weight for _, _, weight in COURSES]
        chance = self.chance
        for pk in range(1, self.count + 1):
            on = min(self.span, (pk * self.span) // self.count + chance.randint(0, 3))
            recent = on > self.span - 60
            course = chance.choices(self.courses, new if recent else old)[0]
            days = [min(self.span, on + gap) for gap in chance.choice(course.days)]
            yield self._finding(pk, on, course, days), course, days

    def _finding(self, pk: int, on: int, course: Course, days: list[int]) -> dict[str, Any]:
        chance, city = self.chance, self.city
        year = int(self.iso[on][:4])
        office = self._office(pk)
        unit = chance.choice(city.units)
        activity = chance.choice(city.projects[office.pk, year]) if chance.random() < 0.9 else city.rounds[year]
        aspect = chance.choice(city.aspects[year])
        problem = f"{chance.choice(PLACES)}{chance.choice(HEADS)},{chance.choice(TAILS)}"
        term = chance.choice((15, 30, 60, 90))
        lasting = course.end.state == State.STAGED
        uid = f"{chance.getrandbits(128):032x}"
        self._name(pk, office.pk, uid)
        dates = {name: self._on(course.at(name), days) for name in ("closed_on", "left_on", "excluded_on")}
        return dates | {
            "id": pk,
            "uid": uid,
            "created_at": f"{self.iso[on]} 02:00:00",
            "owner_office_id": office.pk,
            "owner_path": office.path,
            "subject_id": unit.pk,
            "subject_path": unit.path,
            "subject_name": unit.name,
            "source_uid": activity.uid.hex,
            "level": chance.choice((1, 1, 1, 1, 1, 1, 1, 1, 0, 2)) if pk % 2 else 1,
            "unit_sees": True,
            "code": f"WT{year}-{office.pk}-{pk:07d}",
            "activity_id": activity.pk,
            "source": str(activity.kind),
            "problem": problem,
            "facts": f"经查,{unit.name}在{year}年度工作中{problem},涉及{self._word()}等{chance.randint(1, 90)}项。",
            "aspect_id": aspect.pk,
            "rectification": "lasting" if lasting else chance.choice(("at_once", "by_term", "by_term")),
            "rectifier_name": chance.choice(SURNAMES) + chance.choice(GIVEN),
            "found_by": office.name,
            "registered_on": self.iso[on],
            "first_due_on": self.iso[on + term],
            "due_on": self.iso[on + term],
            "repeat_key": repeat_key(unit.pk, aspect.pk, problem),
            "merged_into_id": max(1, pk - 1) if course.end.state == State.MERGED else None,
            "state": str(course.end.state),
            "urging": int(Verb.URGE in course.verbs),
            "settled_count": course.end.settled_count,
            "step_count": len(course.verbs),
            "told_at": f"{self.iso[days[-1]]} 02:00:00",
            "looked_on": self._on(course.looked, days),
            "rebound_on": self._on(course.looked if Verb.REOPEN in course.verbs else None, days),
        }

    def _on(self, number: int | None, days: list[int]) -> str | None:
        return None if number is None else self.iso[days[number]]

    def _office(self, pk: int) -> Any:
        """0.05 % stand in the narrow office, 5 % in the district, the rest elsewhere."""
        if pk % 2000 == 7:
            return self.city.offices[NARROW]
        if pk % 20 == 3:
            return self.city.middle[pk // 20 % len(self.city.middle)]
        others = self.city.others
        return others[pk % len(others)]

    def _name(self, pk: int, office_id: int, uid: str) -> None:
        """Every two-thousandth record names each who looks; of his own rows he is recused from a few."""
        mine = {"narrow": office_id == self.city.offices[NARROW].pk, "middle": pk % 20 == 3, "wide": True}
        for name, is_mine in mine.items():
            if pk % 1999 == 0 and len(self.named[name]) < 500:
                self.named[name].append(uid)
            elif is_mine and pk % 11 == 5 and len(self.recused[name]) < 45:
                self.recused[name].append(uid)

    def _word(self) -> str:
        at = self.chance.randrange(1_000_000)
        for word, many in WORDS:
            if at < many:
                return word
            at -= many
        return "专项"

    def steps(self, finding: dict[str, Any], course: Course, days: list[int], first: int) -> Iterator[dict[str, Any]]:
        was = ""
        for number, (verb, to, day) in enumerate(zip(course.verbs, course.states, days, strict=True)):
            yield {
                "id": first + number,
                "finding_id": finding["id"],
                "seq": number + 1,
                "verb": str(verb),
                "from_state": was,
                "to_state": to,
                "on": self.iso[day],
                "recorded_at": f"{self.iso[day]} 02:00:00",
                "by_name": finding["rectifier_name"],
                "note": "已按要求办理",
                "due_on": finding["due_on"],
            }
            was = to


def text_of(finding: dict[str, Any]) -> str:
    """What services.searching.text_of gives of the record."""
    parts = ("code", "problem", "facts", "subject_name", "rectifier_name", "found_by")
    return "\n".join(filter(None, (finding[name] for name in parts)))


def gram_of(finding: dict[str, Any]) -> tuple[int, str]:
    return finding["id"], grams.cut(text_of(finding))


def hangs_on(finding: dict[str, Any], course: Course, on: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(kind, columns) of what hangs on a finding: look-backs, approvals that wait, proposals, money, rules."""
    pk, made = finding["id"], f"{finding['registered_on']} 02:00:00"
    common = {"uid": finding["uid"], "created_at": made, "finding_id": pk}
    placed = {name: finding[name] for name in ("owner_office_id", "owner_path", "subject_id", "subject_path", "level")}
    if Verb.LOOK_BACK in course.verbs:
        day = on[course.verbs.index(Verb.LOOK_BACK)]
        result = "rebound" if Verb.REOPEN in course.verbs else "held"
        yield "look_back", common | {"planned_on": day, "done_on": day, "result": result}
    if finding["state"] == State.TO_APPROVE:
        asked = {"verb": "approve", "asked_on": on[-1], "asked_by_name": "内勤", "status": "waiting"}
        yield "approval", common | asked
    if pk % 200 == 9:
        yield "repeat", common | {"earlier_id": pk - 1, "decision": "waiting"}
    if pk % 20 == 11 and finding["closed_on"]:
        came = {"finding_uid": finding["uid"], "received_on": finding["closed_on"]}
        yield "money", common | placed | came | {"amount_fen": pk % 9_999_99 + 1}
    if pk % 50 == 13 and finding["closed_on"]:
        rule = {"title": f"管理办法{pk}", "issuer": finding["subject_name"], "issued_on": finding["closed_on"]}
        rule |= {"finding_uid": finding["uid"]}
        yield "rule", common | placed | rule | {"id": pk}
        yield "origin", common | {"id": pk, "rule_id": pk, "finding_uid": finding["uid"]}


__all__ = ["CITY", "Rows", "chain", "columns", "gram_of", "hangs_on", "row_of", "text_of"]
