"""数据比对 through its pages: from the queue to the ledger and the clue; nothing that a page, sheet or paper says names a person."""

import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tests.crosscheck import villages
from tests.crosscheck.villages import DAY, NAME, NUMBER, OFFICE, UNIT
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.jobs import services as jobs
from jiandu.base.jobs.models import Job
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Finding
from jiandu.sources.crosscheck.jobs import WORK
from jiandu.sources.crosscheck.models import Alert, RuleRun, RuleSetting
from jiandu.sources.crosscheck.states import Colour, State
from jiandu.sources.talks.models import ClueHandover

PLACE = "/desk/crosscheck/"


@pytest.fixture
def city(world: World, tmp_path: Path, settings: Any) -> World:
    settings.CROSSCHECK, settings.KEYRING = str(tmp_path / "crosscheck"), str(tmp_path / "fields.keys")
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    world.unit(UNIT)
    world.office("案件监督管理室", "department", "市纪委监委")
    world.user("案管甲", "case_supervisor", office="案件监督管理室")
    villages.write(found=villages.rows(occupied=3))
    villages.ran(world)
    return world


def held(number: int = 0) -> Alert:
    with as_(SYSTEM):
        return Alert.objects.filter(rule="SZ-10").order_by("code")[number]


def done(client: Client, place: str, **said: Any) -> None:
    answer = client.post(place, said)
    assert answer.status_code == 303, answer.content.decode()[:20_000]


def text(client: Client, place: str) -> str:
    answer = client.get(place)
    assert answer.status_code == 200, (place, answer.status_code)
    return answer.content.decode()


def test_the_queue_opens_every_alert_and_its_filters_narrow_it(city: World) -> None:
    client = client_of(city, "干部甲")
    shown = text(client, PLACE)
    assert [f"XB-{number:03d}" in shown for number in (1, 2, 3)] == [True] * 3
    assert "HT-9" not in text(client, f"{PLACE}?rule=SZ-10")
    assert "XB-001" not in text(client, f"{PLACE}?colour=green")
    assert "XB-001" in text(client, f"{PLACE}?place={UNIT}&group=open&run=nonsense")
    page = text(client, f"{PLACE}{held().uid}/")
    for words in (
        "非法占用集体资产",
        "看不见现场已经腾退",
        "农村集体经济组织法第三十六条",
        "集体资产中的记录",
        "XB-002",
    ):
        assert words in page


def test_no_page_sheet_or_answer_names_a_person_but_the_one_in_clear(city: World) -> None:
    client = client_of(city, "干部甲")
    with as_(SYSTEM):
        alerts, run = list(Alert.objects.all()), RuleRun.objects.prefetch_related("dataset").get()
    places = [PLACE, *(f"{PLACE}{one.uid}/" for one in alerts), f"{PLACE}runs/", f"{PLACE}runs/{run.uid}/"]
    places += [f"{PLACE}rules/", f"{PLACE}rules/SZ-01/", f"{PLACE}datasets/", f"{PLACE}datasets/{run.dataset.uid}/"]
    told = [text(client, place) for place in places]
    sheet = load_workbook(io.BytesIO(client.get(f"{PLACE}?format=xlsx").content))
    told.append(str([[cell.value for cell in row] for row in sheet.active.iter_rows()]))
    assert "XB-001" in told[-1]
    with as_(SYSTEM):
        told += [
            json.dumps(entry.payload.body, ensure_ascii=False)
            for entry in Entry.objects.select_related("payload")
            if hasattr(entry, "payload")
        ]
    assert [(NAME in each, NUMBER in each) for each in told] == [(False, False)] * len(told)
    clear = text(client, f"{PLACE}{held().uid}/clear/")
    assert (NAME in clear, NUMBER in clear) == (True, True)  # the control: there was something to hide


def test_the_page_in_clear_asks_a_right_and_a_fresh_proof_and_logs_each_look(city: World) -> None:
    place = f"{PLACE}{held().uid}/clear/"
    assert client_of(city, "书记").get(place).status_code == 404
    stale = client_of(city, "干部甲", proved=False)
    assert NAME not in stale.get(place, follow=True).content.decode()
    client = client_of(city, "干部甲")
    for _ in range(2):
        assert NAME in text(client, place)
    looks = Entry.objects.filter(verb="seen", actor_name="干部甲")
    assert looks.count() == 2


def test_an_alert_becomes_a_problem_by_one_act_and_names_nobody(city: World) -> None:
    client, one = client_of(city, "干部甲"), held()
    form = text(client, f"{PLACE}{one.uid}/?act=take")
    assert ("西滨社区资产XB-001" in form, NAME in form) == (True, False)
    done(client, f"{PLACE}{one.uid}/take/", on=DAY.isoformat(), subject=UNIT, problem=one.sentence, note="现场仍在使用")
    with as_(SYSTEM):
        finding = Finding.objects.get()
        assert (finding.source, finding.signal_id, finding.subject, finding.owner_office) == (
            "data",
            held().signal_id,
            city.units[UNIT],
            city.offices[OFFICE],
        )
        assert NAME not in f"{finding.problem}{finding.facts}{finding.basis}"
    ledger = load_workbook(io.BytesIO(b"".join(client.post("/desk/findings/export/", {"kind": "xlsx"}))))
    sheet = str([[cell.value for cell in row] for row in ledger.active.iter_rows()])
    assert ("XB-001" in sheet, NAME in sheet, NUMBER in sheet) == (True, False, False)
    shown = text(client, f"{PLACE}{one.uid}/")
    assert (finding.code in shown, "转入问题台账" in shown) == (True, True)
    answer = client_of(city, "干部丙").post(f"{PLACE}{one.uid}/verify/", {"on": DAY.isoformat(), "note": "核实"})
    assert (answer.status_code, "尚未销号" in answer.content.decode(), held().colour) == (422, True, Colour.RED)


def test_a_clue_goes_on_sealed_and_the_alert_is_sensitive_from_then_on(city: World) -> None:
    client, one = client_of(city, "干部甲"), held()
    office = city.offices["案件监督管理室"].pk
    said = {"on": DAY.isoformat(), "receiver": office, "envelope": "密封〔2022〕7号", "sha256": ""}
    done(client, f"{PLACE}{one.uid}/clue/", **said)
    after = held()
    with as_(SYSTEM):
        handed = ClueHandover.objects.get()
        assert (handed.source_uid, handed.talk_id, handed.level) == (one.uid, None, 2)
    assert (after.state, after.level) == (State.CLUE, 2)
    assert one.sentence not in text(client, PLACE)  # its level stands where its words were
    assert "密封〔2022〕7号" in text(client_of(city, "案管甲"), reverse("desk:clues"))


def test_several_are_excluded_for_one_reason_or_none_of_them(city: World) -> None:
    client = client_of(city, "干部甲")
    chosen = [str(held(number).uid) for number in range(2)]
    asked = client.post(f"{PLACE}exclude/", {"uid": chosen})
    assert (asked.status_code, held().code in asked.content.decode()) == (200, True)
    said = {"uid": chosen, "verb": "exclude_data", "on": DAY.isoformat(), "note": "台账已更新"}
    done(client, f"{PLACE}exclude/", **said)
    assert [held(number).state for number in range(3)] == ["excluded_data", "excluded_data", "waiting"]
    again = client.post(f"{PLACE}exclude/", said | {"uid": [*chosen, str(held(2).uid)]})
    assert (again.status_code, held(2).state) == (422, "waiting")
    assert client.post(f"{PLACE}exclude/", {"uid": ["x"]}).status_code == 200


def test_a_disposition_and_its_verification_by_another(city: World) -> None:
    first, second, place = client_of(city, "干部甲"), client_of(city, "干部丙"), f"{PLACE}{held().uid}/"
    done(first, f"{place}dispose/", verb="rectify", on=DAY.isoformat(), note="已腾退")
    said = {"on": DAY.isoformat(), "note": "现场核实"}
    assert first.post(f"{place}verify/", said).status_code == 422
    done(second, f"{place}verify/", **said)
    assert held().colour == Colour.YELLOW
    done(second, f"{place}send-back/", **said)
    assert (held().state, held().colour) == (State.WAITING, Colour.RED)


def test_a_rule_is_told_with_its_record_and_set_with_a_reason(city: World) -> None:
    head = client_of(city, "主任甲")
    page = text(head, f"{PLACE}rules/SZ-01/")
    for words in ("宽限" if "宽限" in page else "到期后多少天内不提示", "昨天到期", "SELECT", "看不见没有登记的续签"):
        assert words in page
    said = {
        "office": city.offices[OFFICE].pk,
        "is_active": "on",
        "floor": "30",
        "note": "试行",
        "param_grace_days": "5",
        "param_red_days": "30",
    }
    done(head, f"{PLACE}rules/SZ-01/set/", **said)
    with as_(SYSTEM):
        assert RuleSetting.objects.get().params == {"grace_days": 5}
    assert "1.1" in text(head, f"{PLACE}rules/")
    assert client_of(city, "干部甲").post(f"{PLACE}rules/SZ-01/set/", said).status_code == 404
    assert head.get(f"{PLACE}rules/XX-1/").status_code == 404


def test_a_run_is_asked_for_and_its_job_leads_to_it(city: World) -> None:
    client = client_of(city, "干部甲")
    done(client, f"{PLACE}runs/run/", dataset="三资台账", office=city.offices[OFFICE].pk, rules="SZ-10、sz-01", on="")
    with as_(city.viewer("干部甲")) as by:
        job = Job.objects.latest("pk")
        assert job.asked["rules"] == ["SZ-10", "SZ-01"]
        assert f"/desk/jobs/{job.uid}/" in text(client, f"{PLACE}runs/")
        assert jobs.perform(job, by, WORK)
    run = job.said["run"]
    assert f"{PLACE}runs/{run}/" in text(client, f"/desk/jobs/{job.uid}/")


def test_every_figure_of_a_rule_opens_its_rows(city: World) -> None:
    client = client_of(city, "干部甲")
    assert f"{PLACE}?group=open&amp;rule=SZ-10" in text(client, f"{PLACE}rules/")
    assert text(client, f"{PLACE}?group=open&rule=SZ-10").count('data-label="疑点编号"') == 3


@pytest.mark.parametrize("place", ["", "rules/", "rules/SZ-10/", "runs/", "datasets/"])
def test_pages_ask_few_questions(city: World, place: str) -> None:
    client, page = client_of(city, "干部甲"), f"{PLACE}{place}"
    few = questions(client, [page])
    villages.write(found=villages.rows(occupied=9), on=date(2022, 4, 30))
    villages.ran(city)
    assert grown(few, questions(client, [page])) == {}


@pytest.mark.once
def test_the_desk_loads_no_engine(tmp_path: Path) -> None:
    """Rules are known to the pages by what they say of themselves; whoever runs them is the worker."""
    said = (
        "import django, sys; django.setup(); import jiandu.surfaces.desk.urls; from jiandu.sources.crosscheck import rules;"
        "rules.known(); print(sorted({'ibis', 'duckdb', 'pyarrow'} & set(sys.modules)))"
    )
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "jiandu.project.settings",
        "JIANDU_DATA": str(tmp_path),
        "JIANDU_DEMO": "1",
    }
    told = subprocess.run([sys.executable, "-c", said], env=env, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_the_page_of_an_alert_asks_few_questions(city: World) -> None:
    client, page = client_of(city, "干部甲"), f"{PLACE}{held().uid}/"
    few = questions(client, [page])
    assert grown(few, few) == {}


def test_another_office_finds_nothing(city: World) -> None:
    other = client_of(city, "干部乙")
    assert "XB-001" not in text(other, PLACE)
    assert other.get(f"{PLACE}{held().uid}/").status_code == 404
    assert client_of(city, "经办人丁").get(PLACE).status_code == 404


def test_a_rule_is_made_by_form_and_runs_like_any_other(city: World) -> None:
    head = client_of(city, "主任甲")
    assert "规则内容" not in text(head, f"{PLACE}rules/new/")
    place = f"{PLACE}rules/new/?shape=compare&table=contract"
    assert "{rent_fen}" in text(head, place)
    said = {
        "id": "Z-1", "name": "个人承租且已到期", "level": "yellow", "office": city.offices[OFFICE].pk, "note": "试行",
        "sentence": "{village}合同{contract_id}已到期。", "blind": "看不见续签", "basis": "三资平台做法",
        "c1_column": "end_on", "c1_is": "<", "c1_value": "2022-01-01",
        "c2_column": "rent_fen", "c2_is": ">=", "c2_value": "24,000",
    }  # fmt: skip
    done(head, place, **said)
    with as_(SYSTEM):
        row = RuleSetting.objects.get()
        assert row.definition["where"][1] == {"column": "rent_fen", "is": ">=", "value": 2_400_000}
    assert "个人承租且已到期" in text(head, f"{PLACE}rules/Z-1/")
    run = villages.ran(city, "主任甲", rules=["Z-1"])
    assert (run.hits, run.rules[0]["version"]) == (1, "1.1")
    with as_(SYSTEM):
        one = Alert.objects.get(rule="Z-1")
    assert ("三资平台做法" in text(head, f"{PLACE}{one.uid}/"), one.sentence) == (True, f"{UNIT}合同HT-9已到期。")


@pytest.mark.parametrize(
    ("shape", "more", "part"),
    [
        ("missing&other=asset", {"own1": "asset_id", "other1": "asset_id"}, "other"),
        ("overlap", {"same": "asset_id", "from": "start_on", "to": "end_on", "days": "2"}, "periods"),
        ("threshold", {"by": "village", "measure": "sum", "column": "rent_fen", "limit": "100"}, "groups"),
    ],
)
def test_each_shape_has_its_form(city: World, shape: str, more: dict[str, str], part: str) -> None:
    head, place = client_of(city, "主任甲"), f"{PLACE}rules/new/?shape={shape}&table=contract"
    sentence = "{village}超过限额。" if part == "groups" else "{village}合同{contract_id}。"
    said = {
        "id": "Z-2", "name": "表单规则", "level": "red", "office": city.offices[OFFICE].pk, "note": "试行",
        "sentence": sentence, "blind": "看不见", "basis": "做法",
    }  # fmt: skip
    done(head, place, **said, **more)
    with as_(SYSTEM):
        assert part in RuleSetting.objects.get().definition


def test_a_rule_that_cannot_be_is_refused_with_its_faults(city: World) -> None:
    head, place = client_of(city, "主任甲"), f"{PLACE}rules/new/?shape=compare&table=contract"
    said = {
        "id": "Z-3", "name": "错", "level": "red", "office": city.offices[OFFICE].pk, "note": "试行",
        "sentence": "{nothing}", "blind": "看不见", "basis": "做法", "c1_column": "rent_fen", "c1_is": ">", "c1_value": "很多",
    }  # fmt: skip
    for wrong in (said, said | {"c1_value": "5"}):
        answer = head.post(place, wrong)
        assert (answer.status_code, "规则不成立" in answer.content.decode()) == (422, True)
    assert client_of(city, "干部甲").get(f"{PLACE}rules/new/").status_code == 404
