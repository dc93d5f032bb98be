"""Ledgers in and out."""

from jiandu.loop.findings.models import Finding
from jiandu.surfaces.desk.views import ledgers
from jiandu.surfaces.door.routes import P

POST = ("POST",)
routes = [
    P("import/", ledgers.start, "import", Finding, name="import", methods=("GET", "POST")),
    P("import/commit/", ledgers.commit, "import", Finding, name="import-commit", methods=POST),
    P("findings/export/", ledgers.export, "export", Finding, name="findings-export", methods=POST),
]
