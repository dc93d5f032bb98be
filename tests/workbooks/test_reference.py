"""The reference ledger of 2022: the published figures come out of the records, at three dates, in process and by command."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from tests.ground import installation
from tests.world import SYSTEM, as_

from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Breach, Finding, Repeat, Step
from jiandu.loop.workbooks.importing import Preview, commit, preview
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure, rows_of

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
LEDGER = DATA / "project_ledger_2022.xlsx"
EXPECTED: dict[str, Any] = json.loads((DATA / "project_ledger_2022.expected.json").read_text(encoding="utf-8"))
AS_OF: dict[str, dict[str, int]] = EXPECTED["as_of"]


def test_copy_in_tests_is_the_shared_reference() -> None:
    """A lone clone has only the copy; beside the shared folder the copy must be what is shared."""
    shared = ROOT.parent / "shared" / "reference"
    for name in ("project_ledger_2022.xlsx", "project_ledger_2022.expected.json"):
        there = shared / name
        assert not there.exists() or there.read_bytes() == (DATA / name).read_bytes()


@pytest.fixture(scope="module")
def ledger_2022(django_db_setup: None, django_db_blocker: Any) -> Iterator[Preview]:
    """The reference ledger imported once into an empty installation, and rolled back after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        with as_(SYSTEM) as by:
            load_defaults(by=by)
        yield bring()
        transaction.set_rollback(True)


@pytest.fixture
def brought(ledger_2022: Preview, db: None) -> Preview:
    """The import, in a transaction of the test's own inside."""
    return ledger_2022


def bring(path: Path = LEDGER) -> Preview:
    with as_(SYSTEM) as by:
        return commit(by, preview(by, path, create_missing=True))


def test_import_gives_the_published_figures_at_three_dates(brought: Preview) -> None:
    with as_(SYSTEM) as by:
        found = {
            day: {key: figure(by, key, Ask(2022, date.fromisoformat(day))).value for key in wanted}
            for day, wanted in AS_OF.items()
        }
    assert found == AS_OF


def test_import_keeps_figures_and_rows_together(brought: Preview) -> None:
    with as_(SYSTEM) as by:
        for day, wanted in AS_OF.items():
            ask = Ask(2022, date.fromisoformat(day))
            for key, value in wanted.items():
                rows = rows_of(by, key, ask)
                total = sum(row.amount_fen for row in rows) / 100 if key == "project_money_recovered" else len(rows)
                assert total == value


def test_import_lists_namesakes_and_stages(brought: Preview) -> None:
    with as_(SYSTEM) as by:
        namesakes = Breach.objects.filter(rule="verify-independent").count()
        note = figure(by, "project_findings_rectified", Ask(2022, date(2022, 12, 31))).note
    assert namesakes == EXPECTED["notes"]["namesakes"] == 2
    assert note == f"其中阶段性销号{EXPECTED['notes']['closed_in_stages']}个"
    assert len([line for line in brought.warnings if "核验人与责任人同名" in line]) == 2


def test_import_lists_dates_out_of_order(brought: Preview) -> None:
    with as_(SYSTEM):
        codes = dict(Finding.objects.values_list("pk", "code"))
        rows = Breach.objects.filter(rule="dates-in-order").values_list("finding_id", "detail")
        listed = {(codes[pk], detail) for pk, detail in rows}
    out = {
        (line.text("code"), f"销号申请日期 {applied} 早于登记日期 {registered}")
        for line in brought.lines
        if (applied := line.on("applied_on")) and (registered := line.on("registered_on")) and applied < registered
    }
    assert ("XM2022-002-002", "销号申请日期 2022-01-08 早于登记日期 2022-01-11") in listed
    assert listed == out


def test_import_twice_changes_nothing(brought: Preview) -> None:
    with as_(SYSTEM):
        before = counts()
    again = bring()
    with as_(SYSTEM):
        assert counts() == before
    assert (again.create, again.update, len(again.unchanged), again.conflicts) == ([], [], 256, [])


def counts() -> tuple[int, int, int, int]:
    return Finding.objects.count(), Step.objects.count(), Breach.objects.count(), Repeat.objects.count()


def test_import_never_merges_rows_and_proposes_repeats(brought: Preview) -> None:
    with as_(SYSTEM):
        assert Finding.objects.count() == 256
        assert Finding.objects.filter(merged_into__isnull=False).count() == 0
        decisions = set(Repeat.objects.values_list("decision", flat=True))
        keys = list(Finding.objects.values_list("repeat_key", flat=True))
        assert Repeat.objects.count() == len(keys) - len(set(keys))
    assert decisions <= {"waiting"}


# --- the command line ---


def jiandu(told: dict[str, str], *words: str) -> tuple[int, dict[str, Any]]:
    """Runs a command in a process of its own on a database of its own; gives exit code and JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "jiandu", *words, "--json"],
        cwd=told["JIANDU_DATA"],
        env=told,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_commands_bring_the_ledger_and_write_the_reviews(tmp_path: Path) -> None:
    with installation(tmp_path) as told:
        assert jiandu(told, "init")[0] == 0
        code, said = jiandu(told, "import", "ledger", str(LEDGER))
        assert (code, said["committed"], said["create"], said["rows"]) == (0, False, 256, 256)
        code, said = jiandu(told, "import", "ledger", str(LEDGER), "--create-missing", "--commit")
        assert (code, said["committed"], said["create"]) == (0, True, 256)
        for day, wanted in AS_OF.items():
            code, review = jiandu(told, "review", "2022", "--as-of", day)
            assert code == 0
            assert {key: review["figures"][key]["value"] for key in wanted} == wanted
            _, one = jiandu(told, "measure", "project_findings_rectified", "--period", "2022", "--as-of", day)
            assert one["value"] == wanted["project_findings_rectified"]
        code, said = jiandu(told, "import", "ledger", str(LEDGER), "--create-missing", "--commit")
        assert (code, said["create"], said["update_count"], said["unchanged"]) == (0, 0, 0, 256)
        assert jiandu(told, "audit", "verify")[0] == 0
