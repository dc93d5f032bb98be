"""Findings: the desk, the ledger, one finding's page with its acts, queues, projects."""

from jiandu.loop.findings.models import Finding
from jiandu.loop.outcomes.models import MoneyRecovered
from jiandu.sources.activities.models import Activity
from jiandu.surfaces.desk.acts import ACTS
from jiandu.surfaces.desk.views import findings, home, projects, queues, registering
from jiandu.surfaces.door.routes import P, Signed

POST, FORM = ("POST",), ("GET", "POST")
ONE = "findings/<uuid:uid>/"
routes = [
    Signed("", home.home, name="home"),
    P("findings/", findings.ledger, "view", Finding, name="findings"),
    P("findings/assign/", findings.assign_many, "assign", Finding, name="findings-assign", methods=POST),
    P("findings/new/", registering.register, "create", Finding, name="finding-new", methods=FORM),
    P("findings/at-once/", registering.at_once, "create", Finding, name="finding-at-once", methods=FORM),
    P(ONE, findings.finding, "view", Finding, name="finding"),
    P(f"{ONE}evidence/<uuid:file>/", findings.download, "view", Finding, name="evidence-file"),
    P(
        f"{ONE}approvals/<uuid:approval>/decide/",
        queues.decide,
        "approve",
        Finding,
        name="approval-decide",
        methods=POST,
    ),
    P(f"{ONE}approvals/<uuid:approval>/sign/", queues.sign, "paper", Finding, name="approval-sign", methods=POST),
    P(
        f"{ONE}approvals/<uuid:approval>/confirm/",
        queues.confirm,
        "confirm_paper",
        Finding,
        name="approval-confirm",
        methods=POST,
    ),
    P(f"{ONE}repeats/<uuid:repeat>/decide/", queues.decide_repeat, "edit", Finding, name="repeat-decide", methods=POST),
    P(
        f"{ONE}instructions/<uuid:instruction>/answer/",
        queues.answer,
        "edit",
        Finding,
        name="instruction-answer",
        methods=POST,
    ),
    P(
        f"{ONE}money/<uuid:money>/reverse/",
        findings.reverse,
        "create",
        MoneyRecovered,
        name="money-reverse",
        methods=POST,
    ),
    *(
        P(
            f"{ONE}{act.slug}/",
            findings.act(act.slug),
            act.permission,
            Finding,
            name=f"finding-{act.slug}",
            methods=POST,
        )
        for act in ACTS
    ),
    P("verify/", queues.to_verify, "verify", Finding, name="verify-queue"),
    P("approvals/", queues.approvals, "view", Finding, name="approvals"),
    P("look-backs/", queues.look_backs, "look_back", Finding, name="look-backs"),
    P("instructions/", queues.instructions, "view", Finding, name="instructions"),
    P("repeats/", queues.repeats, "edit", Finding, name="repeats"),
    P("projects/", projects.projects, "view", Activity, name="projects"),
    P("projects/new/", projects.new, "create", Activity, name="project-new", methods=FORM),
    P("projects/<uuid:uid>/", projects.project, "view", Activity, name="project"),
]
