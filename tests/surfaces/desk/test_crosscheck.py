"""数据比对 through its pages: from the queue to the ledger and the clue; nothing that a page, sheet or paper says names a person."""

import io
import json
import os
import subprocess
import sys
from collections import Counter
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
from jiandu.base.core.ids import new_uid
from jiandu.base.jobs import services as jobs
from jiandu.base.jobs.models import Job
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Finding
from jiandu.sources.crosscheck import rules
from jiandu.sources.crosscheck.jobs import WORK, bring_tables
from jiandu.sources.crosscheck.models import Alert, RuleRun, RuleSetting
from jiandu.sources.crosscheck.services.bringing import BRING
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
        "当时没有施行的条文；实践参数：集体公共空间清理“回头看”",
        "集体资产中的记录",
        "XB-002",
    ):
        assert words in page
    assert "农村集体经济组织法" not in page  # in force three years after this run


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


def test_all_that_wait_of_a_rule_are_excluded_as_they_were_shown(city: World) -> None:
    client = client_of(city, "干部甲")
    place = f"{PLACE}exclude/?rule=SZ-10&colour=red"
    assert place.replace("&", "&amp;") in text(client, f"{PLACE}?rule=SZ-10&colour=red")
    assert "exclude/?" not in text(client, PLACE)
    many = client.get(place).context["many"]
    said = {"verb": "exclude_data", "on": DAY.isoformat(), "note": "台账已更新", "many": many}
    changed = client.post(place, said | {"many": many + 1})
    assert (changed.status_code, "筛选出的疑点有变化" in changed.content.decode()) == (422, True)
    done(client, place, **said)
    with as_(SYSTEM):
        states = Counter(Alert.objects.values_list("rule", "state"))
        steps = [(one.seq, one.verb, one.from_state, one.note) for one in held().steps.order_by("seq")]
        logged = Entry.objects.filter(verb="alert.exclude_many").count()
    assert {state for (rule, state) in states if rule == "SZ-10"} == {"excluded_data"}
    assert {state for (rule, state) in states if rule != "SZ-10"} == {"waiting"}
    assert (steps[-1], logged, many) == ((2, "exclude_data", "waiting", "台账已更新"), 1, 3)
    assert held().handled_digest == held().digest
    assert (client.get(place).context["many"], client_of(city, "经办人丁").get(place).status_code) == (0, 404)


def test_a_run_from_before_lists_were_kept_says_so(city: World) -> None:
    client = client_of(city, "干部甲")
    with as_(SYSTEM):
        run = RuleRun.objects.get()
    queue = f"{PLACE}?run={run.uid}"
    assert (queue in text(client, f"{PLACE}runs/{run.uid}/"), "XB-001" in text(client, queue)) == (True, True)
    assert "还没有保存" not in text(client, queue) + text(client, f"{PLACE}runs/{run.uid}/")
    with as_(SYSTEM):
        run.pk, run.uid, run.code = None, new_uid(), "BD2021-1-00001"
        run.save(force_insert=True)
    queue = f"{PLACE}?run={run.uid}"
    assert (queue in text(client, f"{PLACE}runs/{run.uid}/"), "XB-001" in text(client, queue)) == (False, False)
    assert ["还没有保存" in text(client, place) for place in (queue, f"{PLACE}runs/{run.uid}/")] == [True, True]


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
    assert f"{rules.known()['SZ-01'].version}.1" in text(head, f"{PLACE}rules/")
    assert client_of(city, "干部甲").post(f"{PLACE}rules/SZ-01/set/", said).status_code == 404
    assert head.get(f"{PLACE}rules/XX-1/").status_code == 404


def test_a_rule_whose_column_is_empty_is_not_judged_on_the_page_of_its_run(city: World) -> None:
    row = {"receipt_id": "SK-1", "village": UNIT, "paid_on": DAY, "amount_fen": 100, "banked_on": DAY}
    for spent, shown in ((None, True), (0, False)):
        villages.write("收款台账", {"receipt": [{**row, "spent_fen": spent}]})
        run = villages.ran(city, rules=["SZ-15-2", "SZ-15-3"], dataset="收款台账")
        page = text(client_of(city, "干部甲"), f"{PLACE}runs/{run.uid}/")
        said = ("未判断：收款的坐支金额没有一行填写", "未判断的规则", "关键数据项的填写情况")
        assert [words in page for words in said] == [shown] * 3
        assert [each["judged"] for each in run.rules] == [not shown, True]


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


@pytest.mark.parametrize("place", ["", "rules/", "rules/SZ-10/", "runs/", "datasets/", "tables/"])
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
    few = questions(client, [page, PLACE, f"{PLACE}?rule=SZ-10", f"{PLACE}exclude/?rule=SZ-10"])
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
    assert "{年租金}" in text(head, place)
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


SAID = {
    "id": "Z-9", "name": "表单规则", "level": "red", "note": "试行", "blind": "看不见", "basis": "做法",
}  # fmt: skip
#: What somebody types who wants more than a value beside a column, and what the definition then says.
TYPED = (
    (
        "missing&table=contract&other=receipt",
        {
            "sentence": "{村居}合同{合同编号}到期后没有收款。", "own1": "contract_id", "other1": "contract_id",
            "within_column": "end_on", "within_other": "paid_on", "within_from": "0", "within_to": "60",
            "o1_column": "amount_fen", "o1_is": ">", "o1_value": "100",
            **{f"c{n}_{part}": value for n, one in enumerate((
                ("status", "in", "履行中、已到期"), ("end_on", "<", "判断日-30"), ("lessee_id", "filled", ""), ("rent_fen", ">=", "1,000.5"),
            ), 1) for part, value in zip(("column", "is", "value"), one, strict=True)},
            "c5_column": "rent_fen", "c5_is": "<", "c5_to": "appraised_fen", "c5_percent": "70", "c5_plus": "-10",
        },
        {
            "sentence": "{village}合同{contract_id}到期后没有收款。",
            "where": [
                {"column": "status", "is": "in", "values": ["履行中", "已到期"]}, {"column": "end_on", "is": "<", "day": -30},
                {"column": "lessee_id", "is": "filled"}, {"column": "rent_fen", "is": ">=", "value": 100_050},
                {"column": "rent_fen", "is": "<", "to": "appraised_fen", "percent": 70, "plus": -1000},
            ],
            "other": {
                "table": "receipt", "same": {"contract_id": "contract_id"},
                "where": [{"column": "amount_fen", "is": ">", "value": 10_000}],
                "within": {"column": "end_on", "other": "paid_on", "from": 0, "to": 60},
            },
        },
    ),
    (
        "overlap&table=contract",
        {
            "sentence": "{合同编号}与{另一条的合同编号}重合{重合天数}天。", "same": "asset_id", "same2": "village",
            "from": "start_on", "to": "end_on", "days": "2", "differ": "lessee_id",
        },
        {
            "sentence": "{contract_id}与{other_contract_id}重合{shared}天。", "where": [],
            "periods": {"same": ["asset_id", "village"], "from": "start_on", "to": "end_on", "days": 2, "differ": ["lessee_id"]},
        },
    ),
    (
        "threshold&table=contract",
        {
            "sentence": "{村居}合计{合计}。", "by": "village", "by2": "kind", "measure": "sum", "column": "rent_fen",
            "limit_is": ">", "limit": "5000", "window": "start_on", "days": "90",
        },
        {
            "sentence": "{village}合计{sum_fen}。", "where": [],
            "groups": {
                "by": ["village", "kind"], "measure": "sum", "is": ">", "limit": 500_000, "column": "rent_fen",
                "window": "start_on", "days": 90,
            },
        },
    ),
)  # fmt: skip


@pytest.mark.parametrize(("shape", "typed", "told"), TYPED, ids=["missing", "overlap", "threshold"])
def test_a_rule_is_typed_in_words_and_mended_by_the_same_form(
    city: World, shape: str, typed: dict[str, str], told: dict[str, object]
) -> None:
    head = client_of(city, "主任甲")
    own = SAID | {"office": city.offices[OFFICE].pk}
    done(head, f"{PLACE}rules/new/?shape={shape}", **own, **typed)
    with as_(SYSTEM):
        definition = RuleSetting.objects.get().definition
    assert {name: definition[name] for name in told} == told
    place = f"{PLACE}rules/new/?rule=Z-9"
    assert place in text(head, f"{PLACE}rules/Z-9/")
    form = head.get(place).context["form"]
    shown = {name: str(form[name].value()) for name in typed if typed[name] and name not in {"c4_value", "c5_plus"}}
    assert shown == {name: typed[name] for name in shown}
    again = {name: form[name].value() for name in form.fields if form[name].value() not in {None, ""}}
    done(head, place, **again | {"note": "更正", "name": "改过的规则", "office": own["office"]})
    with as_(SYSTEM):
        last = RuleSetting.objects.order_by("number").last()
    assert (last.number, last.definition) == (2, definition | {"name": "改过的规则"})
    assert head.get(f"{PLACE}rules/new/?rule=Z-8").status_code == 404


WRONG = (
    ("compare", {"c1_column": "end_on", "c1_is": "<", "c1_value": "去年"}, "c1_value"),
    ("compare", {"c1_column": "end_on", "c1_is": "<"}, "c1_value"),
    ("compare", {"c1_column": "end_on"}, "c1_is"),
    ("compare", {"c2_column": "end_on", "c2_is": "<", "c2_to": "rent_fen"}, "c2_to"),
    ("missing&other=receipt", {"own1": "contract_id", "other1": "contract_id", "own2": "village"}, "other2"),
    ("missing&other=receipt", {"own1": "village", "other1": "paid_on"}, "own1"),
    ("missing&other=receipt", {"own1": "contract_id", "other1": "contract_id", "within_column": "end_on"}, "within_other"),
    ("threshold", {"by": "village", "measure": "sum", "limit": "5"}, "column"),
    ("threshold", {"by": "village", "measure": "count", "limit": "很多"}, "limit"),
    ("threshold", {"by": "village", "measure": "count", "limit": "5", "window": "start_on"}, "days"),
)  # fmt: skip


@pytest.mark.parametrize(("shape", "typed", "at"), WRONG, ids=[f"{one[0]}-{one[2]}-{n}" for n, one in enumerate(WRONG)])
def test_what_is_wrong_with_a_rule_stands_at_its_field(city: World, shape: str, typed: dict[str, str], at: str) -> None:
    head, place = client_of(city, "主任甲"), f"{PLACE}rules/new/?shape={shape}&table=contract"
    own = SAID | {"office": city.offices[OFFICE].pk, "sentence": "{村居}。"}
    answer = head.post(place, own | typed)
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, [at])


def test_a_rule_that_cannot_be_is_refused_with_its_faults(city: World) -> None:
    head, place = client_of(city, "主任甲"), f"{PLACE}rules/new/?shape=compare&table=contract"
    said = {
        "id": "Z-3", "name": "错", "level": "red", "office": city.offices[OFFICE].pk, "note": "试行",
        "sentence": "{nothing}", "blind": "看不见", "basis": "做法", "c1_column": "rent_fen", "c1_is": ">", "c1_value": "很多",
    }  # fmt: skip
    told = {"c1_value": "应为金额", "sentence": "没有这一列：nothing"}
    for wrong, at in ((said | {"sentence": "{合同编号}"}, "c1_value"), (said | {"c1_value": "5"}, "sentence")):
        answer = head.post(place, wrong)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert {name: f'id="id_{name}_error"' in page for name in told} == {name: name == at for name in told}
        assert told[at] in page
    assert client_of(city, "干部甲").get(f"{PLACE}rules/new/").status_code == 404


def test_tables_are_brought_in_on_a_page_and_go_again(city: World) -> None:
    client, place = client_of(city, "干部甲"), f"{PLACE}tables/"
    assets = f"资产编号,村居,使用状态,备注\nXB-1,{UNIT},闲置,\n"
    said = {"office": city.offices[OFFICE].pk, "dataset": "报来的表", "day": DAY.isoformat(), "table": ""}
    strange = client.post(f"{place}bring/", {**said, "file": named("汇总.csv", assets)})
    assert (strange.status_code, "看不出是哪张数据表" in strange.content.decode()) == (422, True)
    done(client, f"{place}bring/", **said, file=[named("集体资产.csv", assets), named("集体合同.csv", "a,b\n1,2\n")])
    waits = text(client, place)
    assert ("排队中" in waits, "本系统" in waits, ">报来的表<" in text(client, f"{PLACE}runs/?act=run")) == (
        True,
        True,
        False,
    )
    again = client.post(f"{place}bring/", {**said, "file": named("集体资产.csv", assets)})
    assert (again.status_code, "上一次带入的数据表还没有读完" in again.content.decode()) == (422, True)
    told = text(client, url := read_by_worker(client, place))
    sheet = client.get(f"{url}file/")
    book = b"".join(sheet.streaming_content)  # type: ignore[attr-defined]
    assert (sheet.status_code, book[:2]) == (200, b"PK")
    assert ("没有带入任何数据表" in told, "缺少必需的列" in told, "集体合同.csv" in told) == (True, True, True)
    done(client, f"{place}bring/", **said, file=[named("集体资产.csv", assets)])
    came = text(client, read_by_worker(client, place))
    assert ("已全部带入" in came, "备注" in came, "没有发现数据问题" in came) == (True, True, True)
    page = text(client, place)
    assert ("报来的表" in page, "集体资产.csv" in page, "已带入" in page) == (True, True, True)
    assert ">报来的表<" in text(client, f"{PLACE}runs/?act=run")  # it can be run at once
    done(client, f"{place}drop/", office=said["office"], dataset="报来的表")
    assert "集体资产.csv" not in text(client, place)
    assert client_of(city, "书记").get(place).status_code == 404  # who runs nothing has no such page


def named(name: str, content: str) -> io.BytesIO:
    file = io.BytesIO(content.encode())
    file.name = name
    return file


def read_by_worker(client: Client, place: str) -> str:
    """What the worker does with the newest upload; the page that the list leads to, which another officer does not find."""
    with as_(SYSTEM):
        job = Job.objects.filter(kind=BRING).latest("pk")
    url = reverse("desk:job", args=[job.uid])
    assert (url in text(client, place), "排队中" in text(client, url)) == (True, True)
    bring_tables.call(job.pk)
    return url


@pytest.mark.parametrize("who", ["干部丙", "干部乙"])
def test_what_somebody_hands_in_is_on_nobody_elses_page(city: World, who: str) -> None:
    client, place = client_of(city, "干部甲"), f"{PLACE}tables/"
    said = {"office": city.offices[OFFICE].pk, "dataset": "报来的表", "day": DAY.isoformat(), "table": ""}
    done(client, f"{place}bring/", **said, file=[named("集体合同.csv", "a,b\n1,2\n")])
    url = read_by_worker(client, place)
    other = client_of(city, who)
    assert (other.get(url).status_code, "报来的表" in text(other, place)) == (404, False)
    assert (client.get(url).status_code, "报来的表" in text(client, place)) == (200, True)  # the control
