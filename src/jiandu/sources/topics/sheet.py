"""点题整治年度清单 in and out: a row a year's work on a topic, with its plan by 四定 and where the year went."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, at, singly
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column, OutValue
from jiandu.base.core.text import parse_date
from jiandu.net.access.cells import needed, own_office
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.selectors import find_organisation
from jiandu.sources.activities.models import Activity, Event
from jiandu.sources.activities.services.planning import amend_activity
from jiandu.sources.topics.models import LeadDepartment, Target, Topic, TopicYear
from jiandu.sources.topics.selectors import YearTold, years_told
from jiandu.sources.topics.services.topics import (
    NewTarget,
    NewTopic,
    NewYear,
    begin_year,
    carry_on,
    conclude,
    name_department,
    name_topic,
    plan_year,
    set_target,
)

NAMES = re.compile(r"[、，,；;\n]+")
PARTS = re.compile(r"[；;\n]+")
YEAR = re.compile(r"^(199\d|20\d\d)年?度?$")
TARGET = re.compile(r"^(.*?\D)[\s:：]*(\d{1,9})\s*([^\d\s()（）]{1,16})(?:[(（](.+?)前?[)）])?$")
TIERS = {"省级": "province", "市级": "city", "区级": "district"}
OUTCOMES = {"进行中": "", "深化推进": "carry_on", "结题完成": "conclude"}
ROLES = {"leads": LeadDepartment.Role.LEAD, "members": LeadDepartment.Role.MEMBER}
EXAMPLE = (
    *("DT2022-01", "", "拖欠农民工工资", "2022", "市级", "群众投票", "2022-01-10", "市人社局", "市住建局、市财政局"),
    *("清欠项目 30个（2022-11-30前）", "开展专项执法", "三季度见成效", "", "进行中", "", ""),
)
BOOK = Book(
    "topics",
    _("点题整治年度清单"),
    (
        Column("code", ("编号", "立题编号", "项目编号"), required=True),
        Column("topic", ("事项编号", "点题编号")),
        Column("name", ("点题事项", "事项名称", "点题项目"), required=True),
        Column("year", ("年度", "年份"), required=True),
        Column("tier", ("层级", "级别")),
        Column("chosen_by", ("选题来源", "点题来源")),
        Column("on", ("立题日期", "启动日期"), required=True),
        Column("leads", ("牵头部门", "答题部门", "牵头单位")),
        Column("members", ("责任部门", "配合部门", "责任单位")),
        Column("targets", ("量化目标", "定目标", "目标")),
        Column("measures", ("定措施", "整治措施")),
        Column("schedule", ("定进度", "进度安排")),
        Column("plan", ("方案", "整治方案")),
        Column("outcome", ("年度去向", "去向")),
        Column("decided", ("去向评定日期", "评定日期")),
        Column("office", ("承办室组", "承办部门")),
    ),
    EXAMPLE,
    {"tier": TIERS, "outcome": OUTCOMES},
    days=frozenset({"on", "decided"}),
    past=frozenset({"on", "decided"}),
    notes=(
        _("一个事项一个年度一行。几个部门用顿号隔开；量化目标写作“清欠项目 30个（2022-11-30前）”，几个用分号隔开"),
        _("没有写事项编号的，按名称认定；上一年度评定为深化推进的，才能登记下一年度"),
    ),
    most={"code": 32, "topic": 32, "name": 200, "chosen_by": 200},
)


def take_year(line: Line, by: Viewer) -> Taken:
    """A year's work: begun, or the known one's plan brought to what the sheet says. Nothing is struck out by a sheet."""
    office, year = own_office(line, "office", by), _year(line)
    if line.text("outcome"):
        needed(line, "decided")
    if line.on("decided") and (line.on("decided") or today()) < line.day("on"):
        raise CellRefused("decided", Refused("event-order", _("评定日期不能早于立题日期")), line)
    targets = [_target(text, line) for text in _parts(PARTS, line.text("targets"))]
    held = Activity.objects.filter(owner_office=office, kind=Activity.Kind.TOPIC, code=line.text("code"))
    known = held.select_related("owner_office").first()
    if known is not None and not TopicYear.objects.filter(activity=known).exists():
        raise CellRefused("code", Refused("topic-none", _("该编号的活动没有点题事项")), line)
    if known is not None:
        return _compared(line, years_told(by, [known])[known.pk], year, targets, by)
    topic = _topic(line, office, by)
    words = {key: line.text(key) for key in ("code", "plan", "measures", "schedule")}
    with at("year", line):
        activity = begin_year(topic=topic, by=by, new=NewYear(year, approved_on=line.day("on"), **words))
    _plan(line, activity, _departments(line, by, {}), targets, by)
    _decide(line, activity, by)
    return Taken("create")


def _parts(mark: re.Pattern[str], text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in mark.split(text) if part.strip()))


def _year(line: Line) -> int:
    found = YEAR.match(line.text("year").replace(" ", ""))
    if found is None:
        raise CellRefused("year", Refused("topic-year", _("应为四位年份，如2022")), line)
    return int(found[1])


def _target(text: str, line: Line) -> NewTarget:
    """A target by its words: what is counted, how much, in which unit, by when."""
    found = TARGET.match(text)
    with at("targets", line):
        try:
            day = parse_date(found[4]) if found and found[4] else None
        except ValueError:
            found = None
        if found is None:
            raise Refused("target-needed", _("“%(text)s”应写作“清欠项目 30个（2022-11-30前）”"), text=text)
        return NewTarget(found[1].strip(" ：:")[:200], found[3], int(found[2]), day)


def _topic(line: Line, office: Office, by: Viewer) -> Topic:
    """The office's topic by its number, else by its name; else it is named now."""
    code, name = line.text("topic"), line.text("name")
    here = Topic.objects.filter(owner_office=office, withdrawn_on__isnull=True)
    found = here.filter(code=code).first() if code else here.filter(name=name).first()
    if found is None:
        tier = line.text("tier") or Topic.Tier.CITY
        new = NewTopic(code or line.text("code"), name, office, tier, line.text("chosen_by"))
        with at("topic" if code else "code", line):
            return name_topic(new=new, by=by)
    said = (("name", found.name), ("tier", found.tier), ("chosen_by", found.chosen_by))
    for key, fact in said:
        if line.text(key) and line.text(key) != fact:
            words = _("与已登记的点题事项不同：%(fact)s")
            raise CellRefused(key, Refused("topic-differs", words, fact=_text(key, fact)), line)
    return found


def _departments(line: Line, by: Viewer, held: dict[str, LeadDepartment]) -> list[tuple[str, Organisation]]:
    """Which departments the sheet adds, with their role; a name that is there already is not looked up again."""
    said = []
    for key, role in ROLES.items():
        for name in _parts(NAMES, line.text(key)):
            if name in held:
                continue
            with at(key, line):
                unit = find_organisation(by, name, on=line.day("on"))
                if unit is None:
                    raise Refused("no-unit", _("没有叫“%(name)s”的单位"), name=name)
                said.append((str(role), unit))
    return said


def _plan(
    line: Line, activity: Activity, units: list[tuple[str, Organisation]], targets: list[NewTarget], by: Viewer
) -> None:
    for role, unit in units:
        with at("leads" if role == LeadDepartment.Role.LEAD else "members", line):
            name_department(activity=activity, by=by, organisation=unit, role=role)
    for target in targets:
        with at("targets", line):
            set_target(activity=activity, by=by, new=target)


def _decide(line: Line, activity: Activity, by: Viewer) -> None:
    with at("outcome", line):
        if line.text("outcome") == Event.Verb.CARRY_ON:
            carry_on(activity=activity, by=by, on=line.dates["decided"] or today())
        elif line.text("outcome"):
            conclude(activity=activity, by=by, on=line.dates["decided"] or today())


def _compared(line: Line, held: YearTold, year: int, targets: list[NewTarget], by: Viewer) -> Taken:
    fixed = _fixed(line, held, year, targets)
    if fixed:
        return Taken("conflict", fixed)
    units = _departments(line, by, {str(row): row for row in held.departments})
    known = {row.name for row in held.targets}
    fresh = [target for target in targets if target.name not in known]
    words = {key: line.text(key) for key in ("name", "plan", "measures", "schedule") if _says(line, key, held)}
    cells = [(key, _held(held, key), said) for key, said in words.items()]
    cells += [("leads" if role == "lead" else "members", "", str(unit)) for role, unit in units]
    cells += [("targets", "", _told(each)) for each in fresh]
    is_decided = bool(line.text("outcome")) and not held.outcome
    if is_decided:
        cells.append(("outcome", _text("outcome", ""), _text("outcome", line.text("outcome"))))
    if not cells:
        return Taken("unchanged")
    _amend(words, held, by)
    _plan(line, held.activity, units, fresh, by)
    if is_decided:
        _decide(line, held.activity, by)
    return Taken("update", tuple(cells))


def _amend(words: dict[str, str], held: YearTold, by: Viewer) -> None:
    said = {key: words.get(key, _held(held, key)) for key in ("name", "plan", "measures", "schedule")}
    if words.keys() & {"name", "plan"}:
        amend_activity(activity=held.activity, by=by, name=said["name"], plan=said["plan"])
    if words.keys() & {"measures", "schedule"}:
        plan_year(activity=held.activity, by=by, measures=said["measures"], schedule=said["schedule"])


def _says(line: Line, key: str, held: YearTold) -> bool:
    """Whether the sheet says it in other words: white space is not meant."""
    return bool(line.text(key)) and line.text(key).split() != _held(held, key).split()


def _held(held: YearTold, key: str) -> str:
    if key in {"name", "plan"}:
        return str(getattr(held.activity, key))
    return str(getattr(held, key))


def _fixed(line: Line, held: YearTold, year: int, targets: list[NewTarget]) -> tuple[tuple[str, str, str], ...]:
    """What differs of that which no sheet changes: what the topic is, when it began, where it went, who and what it has."""
    topic, activity = held.topic, held.activity
    pairs: list[tuple[str, Any, Any]] = [("year", activity.year, year), ("on", activity.approved_on, line.on("on"))]
    if topic is not None:
        facts = {"topic": topic.code, "tier": topic.tier, "chosen_by": topic.chosen_by}
        pairs += [(key, fact, line.text(key)) for key, fact in facts.items()]
    if held.outcome:
        pairs += [("outcome", held.outcome, line.text("outcome")), ("decided", held.decided_on, line.on("decided"))]
    differs = [(key, _text(key, fact), _text(key, said)) for key, fact, said in pairs if said and said != fact]
    return (*differs, *_struck(line, held), *_retargeted(held, targets))


def _struck(line: Line, held: YearTold) -> Iterator[tuple[str, str, str]]:
    """Departments that the sheet no longer names, or names in the other role."""
    for key, role in ROLES.items():
        said = _parts(NAMES, line.text(key))
        here = [str(row) for row in held.departments if row.role == role]
        others = {str(row) for row in held.departments if row.role != role}
        if said and (set(here) - set(said) or others & set(said)):
            yield key, "、".join(here), "、".join(said)


def _retargeted(held: YearTold, targets: list[NewTarget]) -> Iterator[tuple[str, str, str]]:
    """Targets that the sheet no longer names, or with another number or day."""
    said = {each.name: _told(each) for each in targets}
    for row in held.targets if targets else []:
        if said.get(row.name) != _told(row):
            yield "targets", _told(row), said.get(row.name, "")


def _told(one: Target | NewTarget) -> str:
    """A target in the words in which it is read."""
    due = f"（{one.due_on.isoformat()}前）" if one.due_on else ""
    return f"{one.name} {one.planned}{one.unit}{due}"


def _text(key: str, value: Any) -> str:
    return BOOK.word(key, str(value)) if key in BOOK.words else str(value or "")


def rows_of(viewer: Viewer, works: Iterable[Activity]) -> Iterator[tuple[OutValue, ...]]:
    """The years' work, as far as the viewer sees it, as rows of the sheet."""
    for one in years_told(viewer, list(works)).values():
        work, topic = one.activity, one.topic
        named = (topic.code, _text("tier", topic.tier), topic.chosen_by) if topic else ("", "", "")
        who = ["、".join(str(row) for row in one.departments if row.role == role) for role in ROLES.values()]
        words = ["\n".join(text.splitlines()) for text in (one.measures, one.schedule, work.plan)]
        went = (_text("outcome", one.outcome), one.decided_on, work.owner_office.name)
        goals = "；".join(map(_told, one.targets))
        yield (work.code, named[0], work.name, str(work.year), *named[1:], work.approved_on, *who, goals, *words, *went)


def _by_year(lines: list[Line]) -> list[Line]:
    """A year comes after the one that it carries on."""
    return sorted(lines, key=lambda line: line.text("year"))


TOPICS = Register(BOOK, Topic, singly(take_year), "name", "topic", order=_by_year, denied=_("您没有登记点题事项的权限"))
