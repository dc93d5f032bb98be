"""Findings: the desk, the ledger, one finding's page with its acts, queues, projects."""

from django.urls import URLPattern

from jiandu.loop.findings.models import Finding
from jiandu.sources.activities.models import Activity
from jiandu.surfaces.desk.acts.act import Act
from jiandu.surfaces.desk.acts.table import ACTS
from jiandu.surfaces.desk.views import (
    board,
    cells,
    due_list,
    findings,
    home,
    ledger,
    look_backs,
    papers,
    pasting,
    projects,
    queues,
    registering,
    todo,
)
from jiandu.surfaces.door.routes import P, Signed

POST, FORM = ("POST",), ("GET", "POST")
ONE = "findings/<uuid:uid>/"


def _act(act: Act) -> URLPattern:
    """An act's own address: on the finding, or on one of its parts."""
    part = f"{act.part}/<uuid:part>/" if act.part else ""
    return P(f"{ONE}{part}{act.slug}/", findings.act(act), act.permission, act.model, name=act.key, methods=POST)


routes = [
    Signed("", home.home, name="home"),
    Signed("todo/", todo.counts, name="todo-count", quiet=True),
    P("findings/", ledger.ledger, "view", Finding, name="findings"),
    P("findings/assign/", ledger.assign_many, "assign", Finding, name="findings-assign", methods=POST),
    P("findings/board/", board.sorting, "edit", Finding, name="findings-board"),
    P("findings/board/sort/", board.sort, "edit", Finding, name="findings-sort", methods=POST),
    P("findings/columns/", ledger.columns, "view", Finding, name="findings-columns", methods=POST),
    P("findings/grid/", cells.grid, "edit", Finding, name="findings-grid"),
    P("findings/grid/cells/", cells.write, "edit", Finding, name="findings-cells", methods=POST),
    P("findings/views/", ledger.save, "view", Finding, name="view-save", methods=POST),
    P("findings/views/<uuid:uid>/drop/", ledger.drop, "view", Finding, name="view-drop", methods=POST),
    P("findings/new/", registering.register, "create", Finding, name="finding-new", methods=FORM),
    P("findings/paste/", pasting.paste, "create", Finding, name="finding-paste", methods=FORM),
    P("findings/at-once/", registering.at_once, "verify", Finding, name="finding-at-once", methods=FORM),
    P(ONE, findings.finding, "view", Finding, name="finding"),
    P(f"{ONE}evidence/<uuid:file>/", findings.download, "view", Finding, name="evidence-file"),
    *(_act(act) for act in ACTS),
    P("verify/", queues.to_verify, "verify", Finding, name="verify-queue"),
    P("approvals/", queues.approvals, "view", Finding, name="approvals"),
    P("due/", due_list.show, "urge", Finding, name="due-list"),
    P("due/word/", due_list.word, "urge", Finding, name="due-list-word"),
    P("look-backs/", look_backs.look_backs, "look_back", Finding, name="look-backs"),
    P("look-backs/new/", look_backs.draw, "look_back", Finding, name="look-backs-new", methods=FORM),
    P("look-backs/<uuid:uid>/", look_backs.round_of, "look_back", Finding, name="look-back-round"),
    P("instructions/", queues.instructions, "view", Finding, name="instructions"),
    P("breaches/", queues.breaches, "edit", Finding, name="breaches"),
    P("repeats/", queues.repeats, "edit", Finding, name="repeats"),
    P("projects/", projects.projects, "view", Activity, name="projects"),
    P("projects/new/", projects.new, "create", Activity, name="project-new", methods=FORM),
    *projects.ROOM.routes("projects/<uuid:uid>/"),
    P("projects/<uuid:uid>/plan/word/", papers.project_plan, "view", Activity, name="project-plan-word"),
    P("projects/<uuid:uid>/plan/closing/", papers.project_closing, "view", Activity, name="project-closing-word"),
    *projects.PLAN_ROOM.routes("projects/<uuid:uid>/plan/"),
]
