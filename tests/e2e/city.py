"""python -m tests.e2e.city: fills JIANDU_DATA with a small city at work, and writes `places.json` beside it.

Everything through services, or through the desk's own pages. `places.json` says what stands in the holes of the URLs
and as whom each person enters; tests in the browser read it, they ask no database.
"""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

PASSWORD_USER = "zhangming"  # signs in by password; no second factor yet
SEED = "JBSWY3DPEHPK3PXP"
KEY_USER = "wangfang"  # will have a passkey
TOTP_USER = "lina"  # signs in by password and authenticator app
CLERK, OFFICER, VERIFIER, HEAD = "内勤甲", "干部甲", "干部丙", "主任甲"
LEADER, OPERATOR = "书记", "经办人丁"
CONDUCT = "干部戊"
LEDGER = Path(__file__).parents[1] / "data" / "project_ledger_2022.xlsx"


def fill() -> dict[str, Any]:
    """The city; what `places.json` says."""
    from tests import world as worlds
    from tests.e2e import registers

    world = worlds.build()
    world.numbers += 500  # the numbers of its projects are none of the reference ledger's
    _accounts(world)
    _named_in_the_ledger(world)
    findings = _findings(world)
    made = _numbers(world) | _sheets(world) | _round(world) | registers.fill(world)
    _owing(world)
    made["desk/jobs/"] += made.pop("more jobs")
    made["jobs"] += made.pop("more kinds")
    return {"people": _enter_by(world), **_places(world, findings), **made}


def _accounts(world: Any) -> None:
    """Three that sign in by password, in the first office."""
    from allauth.mfa.totp.internal.auth import TOTP

    from jiandu.net.access.services import NewGrant, grant_role
    from tests.accounts.people import account
    from tests.world import START, SYSTEM, as_

    TOTP.activate(account(TOTP_USER, "李娜"), SEED)
    for user in (account(PASSWORD_USER, "张明"), account(KEY_USER, "王芳"), _named(TOTP_USER)):
        with as_(SYSTEM) as by:
            office = world.offices["第一监督检查室"]
            grant_role(new=NewGrant(user=user, role="supervision_officer", since=START, office=office), by=by)


def _named_in_the_ledger(world: Any) -> None:
    """Who brings the whole city's ledger, and every unit and body that it names: an officer may not register those."""
    from jiandu.base.lexicon.services import load_defaults
    from jiandu.loop.workbooks.importing import preview
    from tests.world import SYSTEM, as_

    world.office("党风政风监督室", "department", "市纪委监委")
    world.user(CONDUCT, "conduct_officer", office="党风政风监督室")
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        missing = preview(by, LEDGER).places.missing
    for kind, names in (("supervision", missing.offices), ("stationed", missing.bodies)):
        for name in sorted(names):
            world.office(name, kind, "市纪委监委")
    for name in sorted(missing.units):
        world.unit(name)


def _named(username: str) -> Any:
    from jiandu.base.accounts.models import User

    return User.objects.get(username=username)


def _enter_by(world: Any) -> dict[str, str]:
    """Name of a person → username of the one-click sign-in."""
    from jiandu.base.accounts.models import User

    names = {}
    for name, user in world.users.items():
        number, role = user.username.split("-", 1)
        names[name] = f"demo-{role}-{number[1:]}"
        User.objects.filter(pk=user.pk).update(username=names[name])
    return names


def _findings(world: Any) -> dict[str, Any]:
    """One or more in each state, some due, some late, one with everything on it."""
    from jiandu.base.core.clock import today
    from jiandu.loop.findings.models import Finding
    from jiandu.loop.findings.services import moves, parts
    from tests.surfaces.desk.test_findings import everything_on
    from tests.workbooks.test_units import assigned
    from tests.world import SYSTEM, as_

    project = world.project(code="XM-1", name="惠企政策兑现专项监督", members=("驻市教育局纪检监察组",))
    day = today() - timedelta(days=20)
    said = {"activity": project, "on": day, "problem": "惠企政策兑现不及时,企业获得感不强"}
    made = {
        "registered": world.finding(**said),
        "assigned": assigned(world, **said),
        "rectifying": world.rectifying(**said),
        "to_verify": world.applied(**said),
        "to_approve": world.verified(**said)[0],
        "closed": world.closed(**said),
        "everything": everything_on(world),
    }
    for _ in range(28):
        world.finding(**said | {"activity": world.project()}, unit="市财政局")
    with as_(SYSTEM) as by:
        closed = Finding.objects.get(pk=made["closed"].pk)
        parts.plan_look_back(finding=closed, by=by, planned_on=today())
        late = Finding.objects.get(pk=made["rectifying"].pk)
        moves.urge(finding=late, by=by, on=today(), note="请尽快报送进展。")
    return made


def _owing(world: Any) -> None:
    """Units that have something to answer beside the first."""
    from tests.workbooks.test_units import assigned

    for unit in ("市财政局", "思明区教育局", "市第一中学"):
        for _ in range(2):
            assigned(world, unit=unit)


def _numbers(world: Any) -> dict[str, Any]:
    """A frozen review and a draft."""
    from datetime import date

    from jiandu.base.core.clock import today
    from jiandu.results.reports.services import draft_review, freeze
    from tests.world import as_, settle_figures

    with as_(world.viewer(HEAD)) as by:
        frozen = draft_review(year=2022, as_of=date(2022, 12, 31), by=by)
        draft = draft_review(year=today().year, as_of=today(), by=by)
    with as_(world.viewer(LEADER)) as by:
        freeze(review=settle_figures(frozen), by=by)
    one = "desk/reviews/<uuid:uid>/"
    return {
        "desk/reviews/": [hole(uid=frozen.uid), hole(HEAD, uid=draft.uid)],
        f"{one}sheet/": [hole(HEAD, uid=frozen.uid)],
        f"{one}sheet/<str:key>/": [hole(HEAD, uid=frozen.uid, key="project_findings")],
        f"{one}word/<str:edition>/": [hole(uid=frozen.uid, edition="public")],
    }


def _sheets(world: Any) -> dict[str, Any]:
    """Every kind of job, as the clerk leaves them by working on the desk's pages."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from jiandu.base.jobs.models import Job
    from tests.surfaces.desk.test_unit_sheets import back, client_of
    from tests.workbooks.books import book, closed, line
    from tests.workbooks.test_units import Filled
    from tests.world import as_

    client = client_of(world, CLERK)

    def bring(content: bytes, name: str) -> Any:
        given = {"file": SimpleUploadedFile(name, content)}
        return client.post("/desk/import/", given, follow=True).context["job"]

    bring(book(line(1, 登记日期="昨天"), line(2, 涉及金额="若干")), "有误的台账.xlsx")
    unknown = bring(book(line(1, 责任单位="市水务局"), closed(2)), "2022年度问题台账.xlsx")
    fine = bring(book(line(11), closed(12)), "补登.xlsx")
    client.post(f"/desk/import/{fine.uid}/commit/", {})
    bring(book(line(11, 问题表现="台账登记不规范"), closed(12)), "补登(改).xlsx")
    out = client.post("/desk/findings/unit-sheets/", {"subject": str(world.units["市教育局"].uid)})
    filled = Filled(b"".join(out)).fill(1, 新措施="清理台账").saved()  # type: ignore[arg-type]
    previewed = back(client, filled)
    client.post(f"/desk/unit-sheets/{previewed.context['job'].uid}/commit/")
    back(client, Filled(b"".join(client.post("/desk/findings/unit-sheets/", {}))).fill(1, 进展="大半").saved())  # type: ignore[arg-type]
    client.post("/desk/findings/export/", {"kind": "xlsx"}).close()
    client.post("/desk/papers/letter/", {"uid": str(uuid4()), "as": "zip"})  # it names what it refused
    with as_(world.viewer(CLERK)):
        jobs = list(Job.objects.filter(made_by=world.users[CLERK]).order_by("pk"))
    return {
        "desk/jobs/": [hole(CLERK, uid=job.uid) for job in jobs],
        "desk/import/": [hole(CLERK, uid=unknown.uid)],
        "jobs": sorted({job.kind for job in jobs}),
    }


def _round(world: Any) -> dict[str, Any]:
    from jiandu.base.core.clock import today
    from jiandu.sources.activities.models import Activity
    from tests.surfaces.desk.test_unit_sheets import client_of
    from tests.world import SYSTEM, as_

    world.closed(), world.closed()
    office = str(world.offices["第一监督检查室"].pk)
    said = {"name": "第一轮回头看", "office": office, "planned_on": today().isoformat(), "percent": "50", "seed": "7"}
    done = client_of(world, OFFICER).post("/desk/look-backs/new/", {**said, "confirm": "1"})
    assert done.status_code == 303, done.content.decode()
    with as_(SYSTEM):
        found = Activity.objects.get(kind=Activity.Kind.LOOK_BACK)
    return {"desk/look-backs/": [hole(uid=found.uid)]}


def _places(world: Any, findings: dict[str, Any]) -> dict[str, Any]:
    """What stands in the holes of the other URLs."""
    from jiandu.base.accounts.models import User
    from jiandu.base.audit.models import Entry
    from jiandu.loop.findings.models import Evidence, Finding
    from jiandu.sources.activities.models import Activity
    from tests.world import SYSTEM, as_

    with as_(SYSTEM):
        shown = {name: Finding.objects.get(pk=one.pk) for name, one in findings.items()}
        file = Evidence.objects.filter(finding=shown["everything"]).latest("pk")
        project = Activity.objects.get(code="XM-1")
        entry = Entry.objects.filter(verb="finding.instruct").latest("seq")
    return {
        "findings": {name: str(one.uid) for name, one in shown.items()},
        "desk/findings/": [
            hole(uid=shown[name].uid) for name in ("everything", *(name for name in shown if name != "everything"))
        ],
        "desk/findings/<uuid:uid>/evidence/": [hole(uid=shown["everything"].uid, file=file.uid)],
        "desk/projects/": [hole(uid=project.uid)],
        "desk/projects/import/": [hole(book="project-plan")],
        "desk/wordings/": [hole(kind="reminder")],
        "desk/wordings/<slug:kind>/": [hole(kind="reminder", version=0)],
        "desk/measures/": [hole(key="project_findings")],
        "desk/units/": [hole(uid=world.units["市教育局"].uid)],
        "desk/units/<uuid:uid>/page/": [hole(uid=world.units["市教育局"].uid, part="all")],
        "desk/people/": [hole(uid=world.persons[OFFICER].uid)],
        "desk/offices/": [hole(uid=world.offices["第一监督检查室"].uid)],
        "desk/dictionaries/": [hole(kind="aspect", year=2022)],
        "desk/calendar/": [hole(year=2026)],
        "desk/accounts/": [hole(pk=User.objects.get(username=PASSWORD_USER).pk)],
        "desk/audit/": [hole(seq=entry.seq)],
        "desk/keys/": [hole(who=OFFICER, uid=_key(world).uid)],
    }


def _key(world: Any) -> Any:
    """A key of the first office, held by two of its people; nobody has it open."""
    from jiandu.net.vaults.services import enrol, make_office_key
    from tests.world import SYSTEM, as_

    people = [world.users[name] for name in (OFFICER, HEAD)]
    with as_(SYSTEM) as by:
        for user in people:
            enrol(user=user, passphrase="shan gao yue xiao shui luo shi chu", by=by)
        place = {"office": world.offices["第一监督检查室"], "compartment": "content"}
        return make_office_key(members=people, by=by, **place)


def hole(who: str = "", **values: Any) -> dict[str, Any]:
    """Values by the name of the hole, and who alone may open the page ("" for whoever has the right)."""
    return {"who": who, "values": {name: str(value) for name, value in values.items()}}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiandu.project.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import setup_test_environment

    setup_test_environment()  # the test client tells what a page was made of
    places = fill()
    (Path(settings.DATA) / "places.json").write_text(json.dumps(places, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
