"""Rules as an office runs them, runs and data sets."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.jobs import folder
from jiandu.base.jobs.selectors import UNFINISHED, jobs_of
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.crosscheck import jobs, selectors
from jiandu.sources.crosscheck.models import Dataset, RuleRun, RuleSetting
from jiandu.sources.crosscheck.selectors import InForce
from jiandu.sources.crosscheck.services.runs import RUN, How, ask_run
from jiandu.sources.crosscheck.services.tuning import NewSetting, set_rule
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import crosscheck as forms
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import crosscheck_ran
from jiandu.surfaces.desk.told import crosscheck_runs as told
from jiandu.surfaces.desk.views.choices import own_offices

Said = dict[str, Any]


def _office(viewer: Viewer) -> Office | None:
    """The office as which the viewer looks at rules: the first of his own."""
    mine = own_offices(viewer)
    return office_by_pk(int(mine[0][0])) if mine else None


def show_rules(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """Every rule with its record."""
    may = registers.doors(viewer, RULES_ROOM, viewer)
    return registers.show(request, told.rule_list(viewer, _office(viewer)), may, opened, status)


def _rule(viewer: Viewer, rule: str) -> InForce | None:
    found = selectors.in_force(viewer, _office(viewer))
    return next((one for one in found if one.rule.id == rule), None)


def show_rule(request: HttpRequest, one: InForce, opened: Opened | None, status: int) -> HttpResponse:
    """One rule."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, RULE_ROOM, viewer)
    return registers.show(
        request, told.rule(viewer, one, selectors.last_run_of(viewer, one.rule.id)), may, opened, status
    )


def show_sql(request: HttpRequest, one: InForce, opened: Opened | None, status: int) -> HttpResponse:
    """What a rule asks, in the dialect of the auditor's database; as the office runs it, judged today."""
    from jiandu.sources.crosscheck import sql_text  # noqa: PLC0415 -- slow import

    viewer, asked = request.viewer, request.GET.get("dialect", "")  # type: ignore[attr-defined]
    dialect = asked if asked in told.DIALECTS else "duckdb"
    text = sql_text.of(one.rule.with_changed(one.params), dialect, today())
    may = registers.doors(viewer, SQL_ROOM, viewer)
    return registers.show(request, told.rule_sql(one, dialect, text), may, opened, status)


def _set(one: InForce, said: Said, by: Viewer) -> RuleSetting:
    office = office_by_pk(int(said["office"]))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    params = {name.removeprefix("param_"): value for name, value in said.items() if name.startswith("param_")}
    new = NewSetting(office, one.rule.id, said["note"], params, said["is_active"], said["floor"])
    return set_rule(new=new, by=by)


def show_runs(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The runs; one's own that still run, with how far they are."""
    running = [(job, *folder.progress_of(job)) for job in jobs_of(viewer, RUN).filter(status__in=UNFINISHED)[:5]]
    return registers.show_list(request, RUNS_ROOM, told.runs(viewer, running), opened, status)


def show_run(request: HttpRequest, one: RuleRun, opened: Opened | None, status: int) -> HttpResponse:
    """One run."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, RUN_ROOM, one)
    return registers.show(request, crosscheck_ran.run(viewer, one), may, opened, status)


def _run(_viewer: Viewer, said: Said, by: Viewer) -> Any:
    office = office_by_pk(int(said["office"]))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    how = How(link=said["link"], beside=said["beside"])
    asked = ask_run(office=office, dataset=said["dataset"], by=by, rules=said["rules"], on=said["on"], how=how)
    return jobs.start(asked)


def show_datasets(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The data sets as taken in."""
    return registers.show_list(request, DATASETS_ROOM, told.datasets(viewer), opened, status)


def show_dataset(request: HttpRequest, one: Dataset, opened: Opened | None, status: int) -> HttpResponse:
    """One data set with its quality."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, DATASET_ROOM, one)
    return registers.show(request, told.dataset(viewer, one), may, opened, status)


RULES_ROOM = Room("desk:rules-run", lambda viewer: viewer, show_rules, RuleSetting)
RULE_ROOM = Room(
    "desk:rule-run",
    _rule,
    show_rule,
    RuleSetting,
    (Act("set", gettext_lazy("调整规则"), forms.SettingForm, _set),),
)
SQL_ROOM = Room("desk:rule-sql", _rule, show_sql, RuleSetting)
RUNS_ROOM = Room(
    "desk:runs",
    lambda viewer: viewer,
    show_runs,
    RuleRun,
    (Act("run", gettext_lazy("运行比对"), forms.RunForm, _run),),
    keep="create",
)
RUN_ROOM = Room("desk:run", selectors.run_by_uid, show_run, RuleRun)
DATASETS_ROOM = Room("desk:datasets", lambda viewer: viewer, show_datasets, Dataset)
DATASET_ROOM = Room("desk:dataset", selectors.dataset_by_uid, show_dataset, Dataset)
