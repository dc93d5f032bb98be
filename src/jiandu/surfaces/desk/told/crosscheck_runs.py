"""Pages of rules, runs and data sets: how often a rule was right, what a run said, how good the tables were."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.jobs.models import Job
from jiandu.base.ui.templatetags.ui import iso
from jiandu.net.overseers.models import Office
from jiandu.sources.crosscheck import selectors, tables, wording
from jiandu.sources.crosscheck.models import Dataset, RuleRun, RuleSetting
from jiandu.sources.crosscheck.rule import Rule
from jiandu.sources.crosscheck.selectors import InForce, Precision
from jiandu.sources.crosscheck.states import Colour
from jiandu.surfaces.desk.registers import Listed, Row, Section, Told, fact
from jiandu.surfaces.desk.told.crosscheck import TONES, basis_words, doubt_words, grounds, tabs

RULES = (
    (gettext_lazy("规则"), "code"),
    (gettext_lazy("名称"), "main"),
    (gettext_lazy("级别"), "state"),
    (gettext_lazy("版本"), "code"),
    (gettext_lazy("待核"), "num"),
    (gettext_lazy("属实"), "num"),
    (gettext_lazy("排除"), "num"),
    (gettext_lazy("准确率"), "num"),
    (gettext_lazy("95%区间"), "num"),
    (gettext_lazy("状态"), "state"),
)
PARAMS = ((gettext_lazy("参数"), "main"), (gettext_lazy("取值"), "num"), (gettext_lazy("规则原值"), "num"))
CASES = ((gettext_lazy("情形举例"), "main"), (gettext_lazy("临界"), ""), (gettext_lazy("命中"), "state"))
RECORD = (
    (gettext_lazy("待核"), "num"),
    (gettext_lazy("属实"), "num"),
    (gettext_lazy("排除"), "num"),
    (gettext_lazy("准确率"), "num"),
    (gettext_lazy("95%区间"), "num"),
)
CHANGES = (
    (gettext_lazy("版次"), "num"),
    (gettext_lazy("日期"), "date"),
    (gettext_lazy("参数"), "wrap"),
    (pgettext_lazy("rule", "启用"), ""),
    (gettext_lazy("调整原因"), "wrap main-wrap"),
    (gettext_lazy("调整人"), ""),
)
RUNS = (
    (gettext_lazy("比对编号"), "code"),
    (gettext_lazy("数据集"), "main"),
    (gettext_lazy("判断日期"), "date"),
    (gettext_lazy("规则"), "num"),
    (gettext_lazy("命中"), "num"),
    (gettext_lazy("新疑点"), "num"),
    (gettext_lazy("再次命中"), "num"),
    (gettext_lazy("结束时间"), "date"),
    (gettext_lazy("运行人"), ""),
)
DATASETS = (
    (gettext_lazy("数据集"), "main"),
    (gettext_lazy("数据日期"), "date"),
    (gettext_lazy("数据表"), "num"),
    (gettext_lazy("行数"), "num"),
    (gettext_lazy("数据存疑"), "num"),
    (gettext_lazy("数据版本"), ""),
)
TABLES = (
    (gettext_lazy("数据表"), "main"),
    (gettext_lazy("行数"), "num"),
    (gettext_lazy("起止"), ""),
    (gettext_lazy("数据版本"), ""),
)
FAULTS = (
    (gettext_lazy("数据表"), ""),
    (gettext_lazy("情况"), "main"),
    (gettext_lazy("占比"), "num"),
    (gettext_lazy("状态"), "state"),
)
OFF, REVIEW, ON = gettext_lazy("已停用"), gettext_lazy("请复核"), pgettext_lazy("rule", "启用")


def rule_list(viewer: Viewer, office: Office | None) -> Told:
    """Every rule as the viewer's office runs it: first those to review, then those with alerts; each figure opens them."""
    records = selectors.precision(viewer)
    told = [(each, records.get(each.rule.id) or Precision(each.rule.id)) for each in selectors.in_force(viewer, office)]
    told.sort(key=lambda pair: (not pair[1].is_under(pair[0].floor), not pair[1].waiting, not pair[1].decided))
    return Told(
        title=_("比对规则"),
        lede=str(office or ""),
        links=_to_make(viewer),
        tabs=tabs(viewer, "rules-run"),
        sections=[_family(title, [pair for pair in told if _of(*pair) == key]) for key, title in FAMILIES.items()],
    )


#: Where a rule without alerts stands, by how its number begins.
FAMILIES = {
    "": gettext_lazy("有疑点的规则"),
    "Z-": gettext_lazy("本室组自建规则"),
    "SZ-": gettext_lazy("农村集体三资规则"),
    "M": gettext_lazy("跨库比对模型"),
    "A": gettext_lazy("审计分析"),
}


def _of(one: InForce, seen: Precision) -> str:
    """Which family it stands under: what has alerts stands first, whatever it is."""
    if seen.waiting or seen.decided:
        return ""
    return next(begins for begins in ("Z-", "SZ-", "M", "A") if one.rule.id.startswith(begins))


def _family(title: Any, told: list[tuple[InForce, Precision]]) -> Section:
    rows = [_rule(each, record) for each, record in told]
    counted = _("%(title)s（%(many)s）") % {"title": title, "many": len(rows)}
    return Section(counted, RULES, rows, empty=_("没有规则"), is_folded=True, is_wide=True)


def _to_make(viewer: Viewer) -> list[Row]:
    if not guard.allow(viewer, "edit", RuleSetting):
        return []
    return [{"label": _("新建规则"), "href": reverse("desk:rule-make"), "icon": "plus", "primary": True}]


def _to_mend(viewer: Viewer, said: Rule) -> list[Row]:
    """The form that the rule was made by, with what it says now."""
    if not said.told or not guard.allow(viewer, "edit", RuleSetting):
        return []
    return [{"label": _("修改规则内容"), "href": f"{reverse('desk:rule-make')}?{urlencode({'rule': said.id})}"}]


def _rule(one: InForce, seen: Precision) -> Row:
    return {
        "href": reverse("desk:rule-run", args=[one.rule.id]),
        "cells": [
            {"text": one.rule.id, "href": reverse("desk:rule-run", args=[one.rule.id])},
            {"text": one.rule.name, "sub": _("依据：%(grounds)s") % {"grounds": grounds(one.rule)}},
            _level(one.rule),
            one.version,
            *_record(seen, rule=one.rule.id),
            _status(one, seen),
        ],
    }


def _level(rule: Rule) -> Row:
    return {"text": str(Colour(rule.level).label), "tone": TONES[Colour(rule.level)]}


def _status(one: InForce, record: Precision) -> Row:
    if not one.is_active:
        return {"text": OFF, "tone": "neutral"}
    if record.is_under(one.floor):
        return {"text": REVIEW, "tone": "danger"}
    return {"text": ON, "tone": "done"}


def _record(one: Precision, **query: str) -> list[Any]:
    """Its counts, each opening its alerts; the share and its bounds."""
    counts = (("open", one.waiting), ("confirmed", one.confirmed), ("excluded", one.excluded))
    bounds = one.interval
    return [
        *(count(number, group=group, **query) for group, number in counts),
        f"{one.share:.0%}" if one.share is not None else "",
        f"{bounds[0]:.0%}–{bounds[1]:.0%}" if bounds else "",
    ]


def count(number: int, **query: str) -> Any:
    return {"text": number, "href": f"{reverse('desk:alerts')}?{urlencode(query)}"} if number else number


def rule(viewer: Viewer, one: InForce, ran: RuleRun | None) -> Told:
    """One rule: basis, parameters, what it cannot see, its cases, its SQL, how often it was right."""
    said = one.rule
    floor = _("%(floor)s%%") % {"floor": one.floor} if one.floor else ""
    sql = next((each.get("sql", "") for each in ran.rules if each["id"] == said.id), "") if ran else ""
    return Told(
        title=f"{said.id} {said.name}",
        badge=(str(_status(one, selectors.precision(viewer).get(said.id) or Precision(said.id))["text"]), "neutral"),
        back=(_("比对规则"), reverse("desk:rules-run")),
        links=[{"label": _("查看SQL"), "href": reverse("desk:rule-sql", args=[said.id])}, *_to_mend(viewer, said)],
        facts=[
            fact(_("级别"), str(Colour(said.level).label), tone=TONES[Colour(said.level)]),
            fact(_("规则版本"), one.version),
            fact(_("准确率下限"), floor),
            fact(_("数据表"), "、".join(tables.named(name).words for name in said.tables)),
            fact(_("依据"), "；".join(basis_words(said)), wide=True),
            fact(_("说明句式"), wording.sentence(said), wide=True),
            fact(_("看不见什么"), said.blind, wide=True),
        ],
        sections=[
            Section(_("参数"), PARAMS, [_param(one, name) for name in said.params], empty=_("没有参数")),
            _record_by(viewer, said, "handled_version", _("各版本准确率"), _("规则版本")),
            _record_by(viewer, said, "place", _("各地准确率"), _("地点")),
            Section(_("情形举例"), CASES, [_case(each) for each in said.cases]),
            *([Section(_("最近一次运行的SQL（DuckDB）"), words=sql, is_code=True)] if sql else []),
            Section(_("设置变动"), CHANGES, [_change(each, said) for each in selectors.settings_of(viewer, said.id)]),
        ],
    )


#: Ibis' dialect → what it is called.
DIALECTS = {"duckdb": "DuckDB", "spark": "Spark", "postgres": "PostgreSQL"}


def rule_sql(one: InForce, dialect: str, text: str) -> Told:
    """What the rule asks, in one dialect: compiled over tables that are described alone, so it needs no run."""
    here = reverse("desk:rule-sql", args=[one.rule.id])
    return Told(
        title=f"{one.rule.id} {one.rule.name}",
        lede=DIALECTS[dialect],
        back=(one.rule.id, reverse("desk:rule-run", args=[one.rule.id])),
        back_is_name=True,
        links=[{"label": name, "href": f"{here}?dialect={key}"} for key, name in DIALECTS.items() if key != dialect],
        facts=[
            fact(_("规则版本"), one.version),
            fact(
                _("数据表"), "、".join(f"{tables.named(name).words}（{name}）" for name in one.rule.tables), wide=True
            ),
        ],
        sections=[Section(_("SQL"), words=text, is_code=True)],
    )


def _param(one: InForce, name: str) -> Row:
    param = one.rule.params[name]
    return {"cells": [param.words, str(one.params.get(name, param.default)), str(param.default)]}


def _record_by(viewer: Viewer, said: Rule, by: str, title: str, head: str) -> Section:
    rows = []
    for each in selectors.precision_of(viewer, said.id, by):
        name, value = ("version", each.version) if by == "handled_version" else ("place", each.place)
        rows.append({"cells": [value or NONE[name], *_record(each, rule=said.id, **({name: value} if value else {}))]})
    return Section(title, ((head, "main"), *RECORD), rows, empty=_("没有疑点"))


#: What has no version has not been decided on; what has no place says none.
NONE = {"version": gettext_lazy("（尚未处置）"), "place": gettext_lazy("（未写明地点）")}


def _case(case: Any) -> Row:
    hit = {"text": _("命中"), "tone": "danger"} if case.hits else {"text": _("不命中"), "tone": "done"}
    return {"cells": [case.words, _("是") if case.is_edge else "", hit]}


def _change(row: RuleSetting, said: Rule) -> Row:
    words = {name: param.words for name, param in said.params.items()}
    params = "；".join(f"{words.get(name, name)} {value}" for name, value in row.params.items())
    active = _("是") if row.is_active else _("否")
    return {"cells": [row.number, iso(row.created_at.date()), params, active, row.note, row.by_name]}


def runs(viewer: Viewer, waiting: list[tuple[Job, int, int]]) -> Listed:
    """The runs, the newest first; those of the viewer's own that still run stand above."""
    links = [
        {"label": _running(job, done, total), "href": reverse("desk:job", args=[job.uid])}
        for job, done, total in waiting
    ]
    return Listed(
        title=_("比对记录"),
        columns=RUNS,
        rows=selectors.runs(viewer),
        row=_run,
        tabs=tabs(viewer, "runs"),
        links=links,
        empty=_("还没有运行过比对"),
    )


def _running(job: Job, done: int, total: int) -> str:
    said = {"name": job.name, "done": done, "total": total}
    return _("正在运行：%(name)s（%(done)s/%(total)s）") % said if total else _("排队中：%(name)s") % said


def _run(row: RuleRun) -> Row:
    cells = [row.code, row.dataset.name, iso(row.on), len(row.rules), row.hits, row.fresh, row.again]
    place = reverse("desk:run", args=[row.uid])
    return {"href": place, "cells": [*cells, iso(row.finished_at.date()), row.by_name]}


def datasets(viewer: Viewer) -> Listed:
    """The data sets as taken in, the newest first."""
    return Listed(
        title=_("数据集"),
        columns=DATASETS,
        rows=selectors.datasets(viewer),
        row=_dataset,
        tabs=tabs(viewer, "datasets"),
        empty=_("还没有接收过数据"),
    )


def _dataset(row: Dataset) -> Row:
    rows = sum(each["rows"] for each in row.tables.values())
    doubts = sum(_is_doubtful(fault) for each in row.tables.values() for fault in each["faults"])
    place = reverse("desk:dataset", args=[row.uid])
    return {"href": place, "cells": [row.name, iso(row.day), len(row.tables), rows, doubts, row.digest[:12]]}


def _is_doubtful(fault: dict[str, Any]) -> bool:
    return fault["share"] > 0.01 or fault["kind"] == "repeated"  # as quality.Fault says


def dataset(viewer: Viewer, one: Dataset) -> Told:
    """One data set: its tables, and what is wrong in them."""
    found = [(name, fault) for name, each in one.tables.items() for fault in each["faults"]]
    runs_of = [_run(each) for each in selectors.runs(viewer).filter(dataset=one)[:50]]
    return Told(
        title=one.name,
        back=(_("数据集"), reverse("desk:datasets")),
        facts=[fact(_("数据日期"), iso(one.day)), fact(_("数据版本"), one.digest, wide=True)],
        sections=[
            Section(_("数据表"), TABLES, [_table(name, each) for name, each in one.tables.items()]),
            Section(_("数据质量"), FAULTS, [fault(*each) for each in found], empty=_("没有发现数据问题")),
            Section(_("比对记录"), RUNS, runs_of),
        ],
    )


def _table(name: str, said: dict[str, Any]) -> Row:
    days = [day for span in said["span"].values() for day in span]
    span = f"{min(days)} – {max(days)}" if days else ""
    return {"cells": [tables.named(name).words, said["rows"], span, said["version"][:12]]}


def fault(name: str, told: dict[str, Any]) -> Row:
    """What is wrong in a table, as a row of FAULTS."""
    mark = {"text": _("存疑"), "tone": "danger"} if _is_doubtful(told) else {"text": _("少量"), "tone": "neutral"}
    said = doubt_words(told | {"table": name})
    return {"cells": [tables.named(name).words, said, f"{told['share']:.2%}", mark]}
