"""疑点: a run's hits become alerts that name nobody; officers dispose of them; a colour steps down by a second person."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.crosscheck import villages
from tests.crosscheck.villages import DAY, NAME, NUMBER, UNIT
from tests.ledgers import collectives as ledgers
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.errors import Refused
from jiandu.base.core.persons import numbered
from jiandu.net.subjects.divisions import load_divisions
from jiandu.sources.crosscheck import folders, own_ledgers, rules, selectors
from jiandu.sources.crosscheck.models import Alert, AlertStep, Dataset
from jiandu.sources.crosscheck.planting import person
from jiandu.sources.crosscheck.services import triage
from jiandu.sources.crosscheck.services.runs import How
from jiandu.sources.crosscheck.services.tuning import NewSetting, set_rule
from jiandu.sources.crosscheck.states import Colour, State, Verb
from jiandu.sources.signals.models import Signal

LATER = date(2022, 4, 30)
V01, V10 = (rules.known()[name].version for name in ("SZ-01", "SZ-10"))


def refusal(rule: str) -> Any:
    return pytest.raises(Refused, check=lambda refused: refused.rule == rule)


@pytest.fixture
def city(world: World, tmp_path: Path, settings: Any) -> World:
    settings.CROSSCHECK, settings.KEYRING = str(tmp_path / "crosscheck"), str(tmp_path / "fields.keys")
    world.unit(UNIT)
    villages.write()
    return world


def disposed(city: World, alert: Alert, verb: Verb, who: str = "干部甲", on: date = DAY) -> Alert:
    with as_(city.viewer(who)) as by:
        return triage.dispose(alert=alert, by=by, verb=verb, on=on, note="台账未更新")


def verified(city: World, alert: Alert, who: str = "干部丙", **more: Any) -> Alert:
    with as_(city.viewer(who)) as by:
        return triage.verify(alert=alert, by=by, on=LATER, note="现场核实", **more)


def occupied(city: World) -> Alert:
    villages.ran(city)
    [alert] = villages.alerts(city, rule="SZ-10")
    return alert


def test_a_run_makes_an_alert_a_hit_with_its_place_unit_and_rows(city: World) -> None:
    run = villages.ran(city)
    assert (run.hits, run.fresh, run.again, [each["id"] for each in run.rules]) == (2, 2, 0, ["SZ-01", "SZ-10"])
    [expired, held] = villages.alerts(city)
    assert (held.rule, held.version, held.colour, held.place, held.subject) == (
        "SZ-10",
        f"{V10}.0",
        Colour.RED,
        UNIT,
        city.units[UNIT],
    )
    assert held.sentence == "西滨社区资产XB-001（厂房，1.5亩）被他人占用，没有合同。"
    assert [each["table"] for each in held.behind] == ["集体资产"]
    assert [each["table"] for each in expired.behind] == ["集体合同", "集体资产"]
    with as_(city.viewer("干部甲")):
        assert [step.verb for step in AlertStep.objects.filter(alert=held)] == [Verb.HIT]
        assert list(Dataset.objects.values_list("name", "day")) == [("三资台账", DAY)]


def test_nothing_but_the_sealed_column_names_a_person(city: World) -> None:
    villages.ran(city)
    for alert in villages.alerts(city):
        stored = dict(vars(alert))
        sealed = str(stored.pop("clear"))
        text = json.dumps(stored, default=str, ensure_ascii=False)
        assert (NAME in text, NUMBER in text, sealed[:3]) == (False, False, "f1:")
        assert (NAME in alert.clear, NUMBER in alert.clear) == (True, True)  # the control: it was there to be hidden


def test_clear_values_are_opened_by_a_right_and_each_look_is_logged(city: World) -> None:
    alert = occupied(city)
    with as_(city.viewer("干部甲")) as by:
        assert NAME in triage.reveal(alert=alert, by=by)
    entry = Entry.objects.filter(verb="seen").latest("seq")
    assert (entry.actor_name, str(alert.uid) in entry.obj) == ("干部甲", True)
    with as_(city.viewer("书记")) as by, refusal("not-allowed"):
        triage.reveal(alert=alert, by=by)
    assert Entry.objects.filter(verb="seen").count() == 1


def test_the_same_data_again_adds_nothing_and_new_data_join_the_alert(city: World) -> None:
    first = occupied(city)
    again = villages.ran(city)
    assert (again.fresh, again.again) == (0, 0)
    villages.write(found=villages.rows(occupied=2), on=LATER)
    third = villages.ran(city)
    assert (third.fresh, third.again) == (1, 2)
    [same, other] = villages.alerts(city, rule="SZ-10")
    assert (same.pk, same.times, same.first_on, same.last_on) == (first.pk, 2, DAY, LATER)
    assert (other.times, other.first_on) == (1, LATER)


def test_a_repeated_hit_remembers_what_was_made_of_it(city: World) -> None:
    alert = disposed(city, occupied(city), Verb.EXCLUDE_RULE)
    villages.write(on=LATER)
    villages.ran(city)
    [same] = villages.alerts(city, rule="SZ-10")
    assert (same.pk, same.state, same.times) == (alert.pk, State.EXCLUDED_RULE, 2)
    with as_(city.viewer("干部甲")) as by:
        assert [step.verb for step in selectors.steps_of(by, same)] == [Verb.AGAIN, Verb.EXCLUDE_RULE, Verb.HIT]


def test_what_was_excluded_for_the_rule_comes_back_with_another_version(city: World) -> None:
    villages.ran(city)
    [alert] = villages.alerts(city, rule="SZ-01")
    disposed(city, alert, Verb.EXCLUDE_RULE)
    with as_(city.viewer("主任甲")) as by:
        new = NewSetting(city.offices[villages.OFFICE], "SZ-01", "试行", {"red_days": 10})
        assert set_rule(new=new, by=by).number == 1
    villages.write(on=LATER)
    villages.ran(city)
    [same] = villages.alerts(city, rule="SZ-01")
    assert (same.pk, same.state, same.version, same.colour) == (alert.pk, State.WAITING, f"{V01}.1", Colour.RED)


def test_what_was_put_right_comes_back_only_once_it_was_cleared(city: World) -> None:
    alert = disposed(city, occupied(city), Verb.RECTIFY)
    villages.write(on=date(2022, 4, 1))
    villages.ran(city)
    [same] = villages.alerts(city, rule="SZ-10")
    assert same.state == State.RECTIFIED
    assert verified(city, alert).colour == Colour.YELLOW
    assert verified(city, alert).colour == Colour.CLEARED
    villages.write(on=date(2022, 5, 31))
    villages.ran(city)
    [same] = villages.alerts(city, rule="SZ-10")
    assert (same.state, same.colour, same.verifier_id) == (State.WAITING, Colour.RED, None)


def test_a_colour_steps_down_only_by_somebody_else(city: World) -> None:
    alert = disposed(city, occupied(city), Verb.RECTIFY)
    assert alert.colour == Colour.RED
    with refusal("same-person"):
        verified(city, alert, "干部甲")
    assert verified(city, alert).colour == Colour.YELLOW


def test_what_was_excluded_is_cleared_at_once_or_sent_back(city: World) -> None:
    alert = disposed(city, occupied(city), Verb.EXCLUDE_DATA)
    with as_(city.viewer("干部丙")) as by:
        back = triage.send_back(alert=alert, by=by, on=LATER, note="数据没有错")
    assert (back.state, back.handled_by, back.colour) == (State.WAITING, "", Colour.RED)
    disposed(city, back, Verb.EXCLUDE_DATA, on=LATER)
    assert verified(city, alert).colour == Colour.CLEARED
    with refusal("already-decided"):
        verified(city, alert)


def test_what_became_a_problem_steps_down_when_that_is_closed_and_held(city: World) -> None:
    alert = occupied(city)
    with as_(city.viewer("干部甲")) as by:
        new = triage.NewTopic(city.units[UNIT], "厂房被占用")
        signal = triage.send_to_ledger(alert=alert, by=by, on=DAY, new=new)
    assert (signal.origin, signal.outcome, signal.reference) == ("data", "waiting", f"SZ-10 {alert.code}")
    with refusal("finding-open"):
        verified(city, alert)
    closed = triage.Settled(closed_on=LATER)
    assert verified(city, alert, settled=closed).colour == Colour.YELLOW
    with refusal("finding-not-held"):
        verified(city, alert, settled=closed)
    assert verified(city, alert, settled=triage.Settled(LATER, LATER)).colour == Colour.CLEARED
    with as_(city.viewer("干部甲")):
        assert Signal.objects.count() == 1


def test_neighbours_are_of_the_same_place_or_the_same_key_and_of_no_other(city: World) -> None:
    found = villages.rows(occupied=1)
    found["asset"][0]["asset_id"] = "HT-9"  # the key of the contract too
    found["contract"][0]["village"] = "别处"
    villages.write(found=found)
    villages.ran(city)
    [expired, held] = villages.alerts(city)
    with as_(city.viewer("干部甲")) as by:
        assert (expired.place, held.place) == ("别处", UNIT)
        assert [one.pk for one in selectors.neighbours(by, held)] == [expired.pk]
    found["contract"][0]["contract_id"] = "HT-10"
    villages.write(found=found, on=LATER)
    villages.ran(city)
    [other] = villages.alerts(city, key="HT-10")
    with as_(city.viewer("干部甲")) as by:
        assert [one.pk for one in selectors.neighbours(by, other)] == [expired.pk]  # by its place alone


def test_a_batch_is_excluded_whole_or_not_at_all(city: World) -> None:
    villages.write(found=villages.rows(occupied=3))
    villages.ran(city)
    held = villages.alerts(city, rule="SZ-10")
    disposed(city, held[0], Verb.RECTIFY)
    said = {"verb": Verb.EXCLUDE_DATA, "on": DAY, "note": "台账已更新"}
    with as_(city.viewer("干部甲")) as by, refusal("already-decided"):
        triage.exclude_many(uids=[each.uid for each in held], by=by, **said)
    assert [each.state for each in villages.alerts(city, rule="SZ-10")] == ["rectified", "waiting", "waiting"]
    with as_(city.viewer("干部甲")) as by:
        assert triage.exclude_many(uids=[each.uid for each in held[1:]], by=by, **said) == 2
    with as_(city.viewer("干部甲")) as by, refusal("alerts-many"):
        triage.exclude_many(uids=[], by=by, **said)


def test_another_office_sees_and_disposes_of_nothing(city: World) -> None:
    alert = occupied(city)
    assert villages.alerts(city, "干部乙") == []
    with pytest.raises(Alert.DoesNotExist):
        disposed(city, alert, Verb.RECTIFY, "干部乙")


def test_precision_is_counted_by_version_and_place_with_its_interval(city: World) -> None:
    villages.write(found=villages.rows(occupied=6))
    villages.ran(city)
    for place, alert in enumerate(villages.alerts(city, rule="SZ-10")):
        disposed(city, alert, Verb.RECTIFY if place < 2 else Verb.EXCLUDE_RULE)
    with as_(city.viewer("干部甲")) as viewer:
        found = selectors.precision(viewer)["SZ-10"]
        [by_place] = selectors.precision_of(viewer, "SZ-10", "place")
        [by_version] = selectors.precision_of(viewer, "SZ-10", "handled_version")
    assert (found.confirmed, found.excluded, found.share) == (2, 4, 1 / 3)
    assert (by_place.place, by_place.decided, by_version.version) == (UNIT, 6, f"{V10}.0")
    assert [round(bound, 3) for bound in found.interval or ()] == [0.097, 0.7]  # R: binom::binom.wilson(2, 6)
    assert (found.is_under(50), found.is_under(30)) == (True, False)


def test_a_setting_is_a_new_version_and_needs_a_reason(city: World) -> None:
    office = city.offices[villages.OFFICE]
    with as_(city.viewer("主任甲")) as by:
        first = set_rule(new=NewSetting(office, "SZ-01", "试行", {"grace_days": "5"}, floor=20), by=by)
        second = set_rule(new=NewSetting(office, "SZ-01", "停用", {}, is_active=False), by=by)
        assert (first.number, first.params, second.number, second.params) == (1, {"grace_days": 5}, 2, {})
        rule = next(each for each in selectors.in_force(by, office) if each.rule.id == "SZ-01")
        assert (rule.version, rule.is_active) == (f"{V01}.2", False)
    for said, why in (
        (NewSetting(office, "SZ-01", " ", {}), "note-needed"),
        (NewSetting(office, "SZ-01", "x", {"a": 1}), "param"),
    ):
        with as_(city.viewer("主任甲")) as by, refusal(why):
            set_rule(new=said, by=by)
    with as_(city.viewer("干部甲")) as by, refusal("not-allowed"):
        set_rule(new=NewSetting(office, "SZ-01", "试行", {"grace_days": 9}), by=by)


def test_a_data_set_that_cannot_be_read_writes_nothing_and_says_where(city: World) -> None:
    folder = villages.write()
    (folder / "asset.parquet").unlink()
    (folder / "asset.csv").write_text("资产编号,村居,面积\nA1,西滨社区,不是数\n")
    job = villages.asked(city)
    with as_(city.viewer("干部甲")) as by:
        assert not villages.jobs.perform(job, by, villages.WORK)
        assert (job.status, "使用状态" in str(job.said)) == ("failed", True)
    assert villages.alerts(city) == []


def test_a_run_of_bad_data_says_so_on_every_alert(city: World) -> None:
    found = villages.rows(occupied=2)
    found["asset"].append({**found["asset"][0]})
    villages.write(found=found)
    villages.ran(city)
    assert {tuple(each["kind"] for each in alert.doubts) for alert in villages.alerts(city, rule="SZ-10")} == {
        ("repeated",)
    }


def test_a_folder_outside_is_no_data_set(city: World) -> None:
    with as_(city.viewer("干部甲")) as by, refusal("dataset"):
        villages.ask_run(office=city.offices[villages.OFFICE], dataset="../..", by=by)
    with as_(city.viewer("内勤甲")) as by, refusal("not-allowed"):
        villages.ask_run(office=city.offices[villages.OFFICE], dataset="三资台账", by=by)
    with as_(city.viewer("干部乙")) as by, refusal("not-allowed"):
        villages.ask_run(office=city.offices[villages.OFFICE], dataset="三资台账", by=by)


def test_the_systems_own_ledgers_are_run_within_the_scope_of_whoever_runs(city: World) -> None:
    with as_(SYSTEM) as by:
        load_divisions(by=by)
    ledgers.filled(city)
    district = city.offices[ledgers.OFFICE]
    said = {"dataset": own_ledgers.NAME, "rules": ["SZ-10"], "on": ledgers.NOW}
    with as_(city.viewer("区纪委书记")) as by:
        job = villages.ask_run(office=district, by=by, **said)
        assert villages.jobs.perform(job, by, villages.WORK), job.said
        [alert] = Alert.objects.all()
        assert (alert.place, alert.colour, ledgers.HOLDER in alert.clear) == (ledgers.VILLAGE, Colour.RED, True)
        assert ledgers.HOLDER not in json.dumps([alert.sentence, alert.values, alert.behind], ensure_ascii=False)
    with as_(city.viewer("干部乙")) as by:
        job = villages.ask_run(office=city.offices["第二监督检查室"], by=by, **said)
        assert villages.jobs.perform(job, by, villages.WORK), job.said
        assert Alert.objects.count() == 0


def test_a_cadre_who_rents_is_found_over_the_own_ledgers_by_marks(city: World) -> None:
    with as_(SYSTEM) as by:
        load_divisions(by=by)
    one, cadre = ledgers.collective(city), person(9)
    rented = ledgers.contract(
        lessee=NAME,
        lessee_no=numbered(cadre).shown,
        lessee_mark=numbered(cadre).mark,
        signed_on=date(2021, 1, 1),
        end_on=date(2026, 1, 1),
    )
    ledgers.told(one, ledgers.LedgerKind.CONTRACT, rented)
    held = {
        "id_no": cadre,
        "village": ledgers.VILLAGE,
        "post": "村主任",
        "start_on": date(2019, 1, 1),
        "is_party": True,
    }
    other = held | {"id_no": person(10)}
    villages.write("干部名册", {"cadre": [held, other], "kin": [], "company": [], "shareholder": []})
    said = {"dataset": own_ledgers.NAME, "rules": ["SZ-12"], "on": ledgers.NOW, "how": How(beside="干部名册")}
    folder, rows, kept = Path(folders.root()) / own_ledgers.HIDDEN, [], []

    def look(*_said: int) -> None:
        """While the run reads."""
        files = list(folder.rglob("*.parquet"))
        kept.extend(each.read_bytes() for each in files)
        rows.extend(row for each in files for row in pq.read_table(each).to_pylist())

    with as_(city.viewer("区纪委书记")) as by:
        job = villages.ask_run(office=city.offices[ledgers.OFFICE], by=by, **said)
        work: Any = villages.WORK
        work.write(by, job, look, work.read(by, job, look))
        [alert] = Alert.objects.all()
        assert (alert.rule, alert.place, NAME in alert.clear, NAME in alert.sentence) == (
            "SZ-12",
            ledgers.VILLAGE,
            True,
            False,
        )
        assert alert.doubts == []  # a mark is no wrong number
        [dataset] = Dataset.objects.all()
        assert dataset.tables["cadre"]["faults"] == []
    told = str(rows), b"".join(kept)
    assert (cadre in told[0], numbered(cadre).mark in told[0], cadre.encode() in told[1]) == (False, True, False)
    assert not list(folder.rglob("*.parquet"))  # what stood beside the ledgers went with the run
    given = pq.read_table(Path(folders.root()) / "干部名册" / "cadre.parquet").to_pylist()
    assert cadre in str(given)  # the control: the table that came has it


def test_only_the_own_ledgers_take_another_data_set_beside_them(city: World) -> None:
    with as_(city.viewer("干部甲")) as by, refusal("beside"):
        villages.ask_run(office=city.offices[villages.OFFICE], dataset="三资台账", by=by, how=How(beside="三资台账"))
    with as_(city.viewer("干部甲")) as by, refusal("dataset"):
        villages.ask_run(
            office=city.offices[villages.OFFICE], dataset=own_ledgers.NAME, by=by, how=How(beside="../三资台账")
        )
