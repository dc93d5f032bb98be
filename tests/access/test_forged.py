"""Forged requests to the real rooms: without a token, with more columns than the form has, with keys of others, in bulk."""

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.access.asking import Judge, undone
from tests.access.city import Record
from tests.access.endpoints import endpoints, form
from tests.access.test_matrix import judge_of
from tests.world import SYSTEM, as_

from jiandu.loop.findings.models import Evidence, Finding, Measure
from jiandu.net.overseers.models import Office
from jiandu.sources.activities.models import Activity

pytestmark = pytest.mark.once(full_on_both=True)
NAME = "supervision_officer"
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value|data-csrf)="[^"]*"')
ROW = re.compile(rb"/desk/findings/([0-9a-f-]{36})/")


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Judge, Path]]:
    """The city and the folder of its files, once for the module: each test takes back what it wrote."""
    folder = tmp_path_factory.mktemp("city")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(site, "DATA", folder)
        yield judge_of((NAME, "office_head", "unit_operator")), folder
        transaction.set_rollback(True)


@pytest.fixture
def judge(built: tuple[Judge, Path], db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Judge]:
    made, folder = built
    monkeypatch.setattr(site, "DATA", folder)
    yield made
    for name, client in made.clients.items():
        client.cookies = SimpleCookie(made.cookies[name])


def of(judge: Judge, kind: str) -> Record:
    return judge.city.records[NAME, kind]


def row_of(record: Record) -> dict[str, Any]:
    """Every column of the finding."""
    with as_(SYSTEM):
        row = dict(Finding.objects.filter(uid=record.uid).values().get())
    return row | {"told_at": row["told_at"] is not None}  # a moment, another one each time


# --- tokens ---


def test_no_unsafe_route_answers_without_its_token(judge: Judge) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(judge.city.users[NAME])
    client.get("/account/sign-out/")
    token = client.cookies["csrftoken"].value
    forged: tuple[tuple[dict[str, str], dict[str, str]], ...] = (
        ({}, {}),
        ({"csrfmiddlewaretoken": "x" * 64}, {}),
        ({"csrfmiddlewaretoken": token}, {"origin": "https://evil.example"}),
        ({"csrfmiddlewaretoken": token}, {"origin": "null"}),
    )
    # The public face has neither session nor cookie to ride on: its forms carry a ticket of their own (tests/surfaces/portal).
    unsafe = [endpoint for endpoint in endpoints() if "POST" in endpoint.said.methods]
    routes = [endpoint for endpoint in unsafe if not endpoint.route.startswith("portal/")]
    let_in: list[str] = []
    for endpoint in routes:
        path = endpoint.path(judge.city, of(judge, "own"))
        for data, headers in forged:
            with undone() as written:
                answer = client.post(path, {**form(), **data}, headers=headers)
                if answer.status_code != 403 or written():
                    let_in.append(f"{path} {data} {headers}: {answer.status_code}, {written()} rows")
    assert let_in == []
    assert len(routes) > 50
    with undone():
        said = {"on": form()["on"], "csrfmiddlewaretoken": token, "note": "控制"}
        answer = client.post(f"/desk/findings/{of(judge, 'own').uid}/progress/", said)
    assert answer.status_code == 303, "the control: with its token the same request is let in"


# --- more than the form asks ---


def hostile(judge: Judge) -> dict[str, str]:
    """A value for every column of a finding that no form may set, and what it would do."""
    with as_(SYSTEM):
        other = Finding.objects.get(uid=of(judge, "foreign").uid)
    said = {
        "state": "closed", "closed_on": "2022-03-02", "left_on": "2022-03-02", "settled_count": "7", "step_count": "99",
        "excluded_on": "2022-03-02", "owner_office": str(other.owner_office_id), "owner_office_id": str(other.owner_office_id),
        "owner_path": other.owner_path, "subject": str(other.subject_id), "subject_id": str(other.subject_id),
        "subject_path": "", "unit_sees": "on", "source_uid": str(other.source_uid), "activity": str(other.activity_id),
        "signal": "1", "first_due_on": "2030-01-01", "due_on_": "2030-01-01", "repeat_key": "x", "merged_into": str(other.pk),
        "urging": "3", "code": "WT-1", "uid": str(other.uid), "id": str(other.pk), "pk": str(other.pk),
        "looked_on": "2022-03-02", "told_at": "2022-03-02", "rebound_on": "2022-03-02", "breach_count": "3", "created_by": "1", "registered_on": "2020-01-01", "rectifier_id": "1", "finding": str(other.uid),
    }  # fmt: skip
    columns = {field.name for field in Finding._meta.concrete_fields}
    assert columns - set(said) <= {
        *("problem", "facts", "basis", "aspect", "rectification", "amount_fen", "people_count", "lead_leader"),
        *("rectifier_name", "rectifier", "found_by", "due_on", "level", "source", "created_at"),
    }, "a new column: say above whether a form may set it"
    return said | {"level_": "0", "source": "signal"}


def test_an_act_changes_what_its_form_asks_and_nothing_else(judge: Judge) -> None:
    """Each act with every other column beside it does to the row what it does without."""
    more, client, done = hostile(judge), judge.clients["office_head"], []
    from jiandu.surfaces.desk.acts.table import ACTS

    for act in [each for each in ACTS if not each.part]:
        asked = {name: value for name, value in more.items() if name not in act.form.base_fields}
        for kind in ("own", "closed"):
            record = judge.city.records["office_head", kind]
            path = f"/desk/findings/{record.uid}/{act.slug}/"
            rows = []
            for extra in ({}, asked):
                with undone():
                    answer = client.post(path, {**form(), **extra})
                    rows.append((answer.status_code, row_of(record)))
            assert rows[0] == rows[1], (act.slug, kind)
            done += [act.slug] if rows[0][0] == 303 else []
    assert len(set(done)) > 8, f"too few acts were done at all: {done}"


def test_registration_takes_no_more_than_it_asks(judge: Judge) -> None:
    client, office = judge.clients[NAME], Office.objects.get(name="第一监督检查室")
    said = {
        **form(), **hostile(judge), "unit_sees": "on", "subject": "市教育局", "problem": "新问题",
        "source": f"activity:{of(judge, 'own').project}", "registered_on": "2022-03-01", "office": str(office.pk),
    }  # fmt: skip
    assert client.post("/desk/findings/new/", {**said, "level": "3"}).status_code == 422, "a level above his own"
    with as_(SYSTEM):
        assert not Finding.objects.filter(problem="新问题").exists()
    answer = client.post("/desk/findings/new/", said)
    assert answer.status_code == 303, answer.content.decode()[:3000]
    with as_(SYSTEM):
        made = Finding.objects.get(problem="新问题")
    taken = (made.state, made.level, made.unit_sees, made.owner_office_id, made.urging, made.step_count, made.closed_on)
    assert taken == ("registered", 1, False, office.pk, 0, 1, None)


# --- keys of others ---


def foreign_keys(judge: Judge) -> list[tuple[str, dict[str, str]]]:
    """(route, what is posted) where a key of another office stands in a field that asks for one's own."""
    hidden, own = of(judge, "foreign"), of(judge, "own")
    with as_(SYSTEM):
        finding = Finding.objects.get(uid=hidden.uid)
        measure = Measure.objects.get(finding=finding)
        file = Evidence.objects.get(finding=finding)
        mine = Office.objects.get(name="第一监督检查室")
    place = f"/desk/findings/{own.uid}/"
    new = {"subject": "市教育局", "problem": "新问题", "registered_on": "2022-03-01", "office": str(mine.pk)}
    source = {"source": f"activity:{own.project}"}
    project = {"code": "X1", "name": "新项目", "year": "2022", "approved_on": "2022-03-01"}
    return [
        ("/desk/findings/new/", {**new, **source, "office": str(finding.owner_office_id)}),
        ("/desk/findings/new/", {**new, "source": f"activity:{hidden.project}"}),
        ("/desk/findings/new/", {**new, "source": f"activity:{judge.city.others['absent']}"}),
        ("/desk/projects/new/", {**project, "lead": str(finding.owner_office_id)}),
        (f"{place}progress/", {**form(), "measure": str(measure.pk), "result": "done", "percent": "100"}),
        (f"{place}evidence/", {"replaces": str(file.pk)}),
        (f"{place}ask/", {**form(), "verb": "merge", "merge_into": finding.code}),
        (f"{place}repeat/", {"code": finding.code}),
    ]


def test_a_key_of_another_office_is_refused_like_one_that_is_not_there(judge: Judge) -> None:
    client = judge.clients[NAME]
    for path, said in foreign_keys(judge):
        with undone():
            answer = client.post(path, said)
            assert answer.status_code == 422, (path, said, answer.status_code)
            assert of(judge, "foreign").word not in answer.content.decode(), path
    with as_(SYSTEM):
        assert not Finding.objects.filter(problem="新问题").exists()
        assert not Activity.objects.filter(name="新项目").exists()


@pytest.mark.parametrize(("slug", "name"), [("ask", "merge_into"), ("repeat", "code")])
def test_the_number_of_a_hidden_finding_tells_nothing(judge: Judge, slug: str, name: str) -> None:
    with as_(SYSTEM):
        code = Finding.objects.get(uid=of(judge, "foreign").uid).code
    said, place = {**form(), "verb": "merge"}, f"/desk/findings/{of(judge, 'own').uid}/{slug}/"
    pages = []
    for number in (code, "WT1999-9-99999"):
        with undone():
            answer = judge.clients[NAME].post(place, {**said, name: number})
            pages.append((answer.status_code, TOKEN.sub("", answer.content.decode()).replace(number, "")))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("kind", ["foreign", "recused", "level 3"])
def test_bulk_assignment_moves_only_what_is_ones_own(judge: Judge, kind: str) -> None:
    """A hidden finding among the chosen ones is as one that is not there."""
    hidden, client = of(judge, kind), judge.clients[NAME]
    office = Office.objects.get(name="第一监督检查室")
    said = {**form(), "subject": "市教育局", "problem": "待交办", "source": f"activity:{of(judge, 'own').project}"}
    made = client.post("/desk/findings/new/", {**said, "registered_on": "2022-03-01", "office": str(office.pk)})
    mine, before = made["Location"].strip("/").split("/")[-1], row_of(hidden)
    answers = []
    for other in (hidden.uid, judge.city.others["absent"]):
        with undone():
            answer = client.post("/desk/findings/assign/", {**form(), "finding": [mine, str(other)]})
            with as_(SYSTEM):
                answers.append((answer.status_code, answer.get("Location"), Finding.objects.get(uid=mine).state))
            assert row_of(hidden) == before
    assert answers == [(303, "/desk/findings/", "assigned")] * 2


def test_jobs_and_views_of_others_are_not_there(judge: Judge) -> None:
    """What another person exported or kept is that person's."""
    head, officer = judge.clients["office_head"], judge.clients[NAME]
    head.post("/desk/findings/views/?state=closed", {"name": "主任的视图"})
    from django.core.files.uploadedfile import SimpleUploadedFile

    made = head.post("/desk/import/", {"file": SimpleUploadedFile("台账.csv", "问题表现\n甲\n".encode())})
    assert made.status_code == 303, made.content.decode()[:2000]
    job = made["Location"]
    for path in (job, f"{job}progress/", f"{job}file/", f"/desk/import/{job.strip('/').split('/')[-1]}/commit/"):
        method = officer.post if path.endswith("commit/") else officer.get
        assert method(path).status_code == 404, path
    assert head.get(job).status_code == 200
    assert "主任的视图" not in officer.get("/desk/findings/").content.decode()


# --- parameters and headers ---


def shown(judge: Judge, query: str) -> set[bytes]:
    return set(ROW.findall(judge.clients[NAME].get(f"/desk/findings/?{query}").content))


def test_no_parameter_shows_a_row_that_is_hidden(judge: Judge) -> None:
    hidden = [of(judge, kind) for kind in ("foreign", "supervised", "recused", "level 3")]
    with as_(SYSTEM):
        rows = [Finding.objects.get(uid=record.uid) for record in hidden]
    queries = [f"office={row.owner_office_id}&all=1" for row in rows] + [f"activity={row.activity_id}" for row in rows]
    queries += [f"text={record.word}" for record in hidden] + [f"text={row.code}" for row in rows]
    queries += [f"q={record.word}" for record in hidden] + [f"key={row.registered_on},{row.pk}" for row in rows]
    queries += [
        "sort=owner_office__name",
        "sort=-problem",
        "owner_office__isnull=0",
        "id__gt=0",
        "state=closed' OR 1=1 --",
    ]
    keys = {str(record.uid).encode() for record in hidden}
    for query in queries:
        for path in ("/desk/findings/", "/desk/search/", "/desk/", "/desk/projects/"):
            answer = judge.clients[NAME].get(f"{path}?{query}")
            assert answer.status_code == 200, (path, query)
            found = {
                record.word for record in hidden if record.word.encode() in answer.content.replace(query.encode(), b"")
            }
            typed = {record.word for record in hidden if record.word in query}
            assert (found - typed, keys & set(ROW.findall(answer.content))) == (set(), set()), (path, query)


LOOKUPS = st.sampled_from(["", "__gt", "__in", "__startswith", "__isnull", "__regex", "__year", "__exact"])
PATHS = st.sampled_from(
    ["steps__note", "owner_office__name", "activity__name", "subject__path", "rectifier__name", "level", "uid", "problem",
     "approvals__status", "merged_into__problem", "created_by__password", "signal__title", "evidence__sha256"]
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=PATHS, lookup=LOOKUPS, value=st.sampled_from(["1", "a", "true", "QF", "%", "2022"]))
def test_a_lookup_of_the_database_is_no_parameter(judge: Judge, path: str, lookup: str, value: str) -> None:
    assert shown(judge, f"all=1&{path}{lookup}={value}") == shown(judge, "all=1")


@pytest.mark.parametrize(
    "headers",
    [
        {"x-http-method-override": "POST"},
        {"x-http-method": "POST"},
        {"x-method-override": "DELETE"},
        {"x-forwarded-user": "office_head", "remote-user": "office_head", "x-original-url": "/desk/accounts/"},
        {"x-rewrite-url": "/desk/audit/", "x-forwarded-host": "evil.example"},
    ],
)
def test_no_header_changes_method_person_or_place(judge: Judge, headers: dict[str, str]) -> None:
    own, client = of(judge, "own"), judge.clients[NAME]
    with undone() as written:
        answer = client.get(f"/desk/findings/{own.uid}/progress/", form(), headers=headers)
        assert (answer.status_code, written()) == (405, 0)
        assert (
            client.post(f"/desk/findings/{own.uid}/", {**form(), "_method": "DELETE"}, headers=headers).status_code
            == 405
        )
        assert client.get("/desk/accounts/", headers=headers).status_code == 404
    assert "evil.example" not in client.get(f"/desk/findings/{own.uid}/", headers=headers).content.decode()
