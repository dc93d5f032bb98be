"""Ledgers in and out, and the jobs that bring them."""

from django.utils.translation import gettext_lazy as _

from jiandu.base.jobs.models import Job
from jiandu.loop.findings.models import Finding
from jiandu.loop.workbooks.models import LedgerTemplate
from jiandu.surfaces.desk.intakes import INTAKES
from jiandu.surfaces.desk.views import intakes, jobs, ledgers, owing, templates
from jiandu.surfaces.door.routes import P

POST = ("POST",)
routes = [
    P("import/", ledgers.start, "import", Finding, name="import", methods=("GET", "POST")),
    P("import/<uuid:uid>/missing/", ledgers.missing, "import", Finding, name="import-missing"),
    P("import/<uuid:uid>/commit/", ledgers.commit, "import", Finding, name="import-commit", methods=POST),
    P(
        "findings/export/",
        ledgers.export,
        "export",
        Finding,
        name="findings-export",
        methods=("GET", "POST"),
        proves=_("导出问题台账"),
    ),
    P(
        "findings/unit-sheets/",
        ledgers.unit_sheets,
        "export",
        Finding,
        name="unit-sheets",
        methods=POST,
        proves=_("导出单位反馈表"),
    ),
    P("unit-sheets/", ledgers.take_back, "report", Finding, name="unit-return", methods=("GET", "POST")),
    P("unit-sheets/owing/", owing.show, "report", Finding, name="unit-owing"),
    P("unit-sheets/batch/", owing.batch, "report", Finding, name="unit-batch"),
    P("unit-sheets/batch/commit/", owing.take_all, "report", Finding, name="unit-batch-take", methods=POST),
    P("unit-sheets/<uuid:uid>/commit/", ledgers.take, "report", Finding, name="unit-take", methods=POST),
    *[route for intake in INTAKES for route in intakes.routes(intake)],
    *templates.TEMPLATES_ROOM.routes("ledger-templates/"),
    *templates.TEMPLATE_ROOM.routes("ledger-templates/<uuid:uid>/"),
    P("ledger-templates/<uuid:uid>/file/", templates.file, "export", LedgerTemplate, name="ledger-template-file"),
    P("jobs/", jobs.mine, "view", Job, name="jobs"),
    P("jobs/<uuid:uid>/", jobs.job, "view", Job, name="job"),
    P("jobs/<uuid:uid>/progress/", jobs.progress, "view", Job, name="job-progress", quiet=True),
    P("jobs/<uuid:uid>/file/", jobs.result, "view", Job, name="job-file", proves=_("下载任务生成的文件")),
]
