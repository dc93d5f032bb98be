"""数据比对: alerts, rules, runs, data sets."""

from django.utils.translation import gettext_lazy as _

from jiandu.sources.crosscheck.models import Alert, LinkPair, RuleSetting
from jiandu.surfaces.desk.views import crosscheck, crosscheck_links, crosscheck_runs, crosscheck_tables, rule_shapes
from jiandu.surfaces.door.routes import P

routes = [
    *crosscheck.ALERTS_ROOM.routes("crosscheck/"),
    P("crosscheck/exclude/", crosscheck.exclude, "edit", Alert, name="alerts-exclude", methods=("GET", "POST")),
    P(
        "crosscheck/export/",
        crosscheck.export,
        "view",
        Alert,
        name="alerts-export",
        proves=_("导出疑点"),
    ),
    *crosscheck_runs.RULES_ROOM.routes("crosscheck/rules/"),
    P("crosscheck/rules/new/", rule_shapes.make, "edit", RuleSetting, name="rule-make", methods=("GET", "POST")),
    *crosscheck_runs.RULE_ROOM.routes("crosscheck/rules/<str:rule>/"),
    *crosscheck_runs.SQL_ROOM.routes("crosscheck/rules/<str:rule>/sql/"),
    *crosscheck_runs.RUNS_ROOM.routes("crosscheck/runs/"),
    *crosscheck_runs.RUN_ROOM.routes("crosscheck/runs/<uuid:uid>/"),
    *crosscheck_runs.DATASETS_ROOM.routes("crosscheck/datasets/"),
    *crosscheck_runs.DATASET_ROOM.routes("crosscheck/datasets/<uuid:uid>/"),
    *crosscheck_tables.TABLES_ROOM.routes("crosscheck/tables/"),
    *crosscheck_links.PAIRS_ROOM.routes("crosscheck/links/"),
    *crosscheck_links.PAIR_ROOM.routes("crosscheck/links/<uuid:uid>/"),
    P(
        "crosscheck/links/<uuid:uid>/clear/",
        crosscheck_links.CLEAR_ROOM.page,
        "reveal",
        LinkPair,
        name="link-pair-clear",
        proves=_("查看个人信息明文"),
    ),
    *crosscheck.ALERT_ROOM.routes("crosscheck/<uuid:uid>/"),
    P("crosscheck/<uuid:uid>/paper/", crosscheck.paper, "view", Alert, name="alert-paper"),
    P(
        "crosscheck/<uuid:uid>/clear/",
        crosscheck.CLEAR_ROOM.page,
        "reveal",
        Alert,
        name="alert-clear",
        proves=_("查看个人信息明文"),
    ),
]
