"""What is judged before the writer is held: others write meanwhile, and an act since makes it be judged anew."""

from pathlib import Path

import pytest
from tests.workbooks.books import book, closed, line
from tests.world import SYSTEM, World, as_

from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services.cells import Edit, correct_cells
from jiandu.loop.workbooks import importing
from jiandu.loop.workbooks.importing import Preview
from jiandu.net.subjects.services import NewOrganisation, register_organisation


@pytest.fixture
def ledger(world: World, tmp_path: Path) -> Path:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    path = tmp_path / "ledger.xlsx"
    path.write_bytes(book(line(1), closed(2), closed(3)))
    return path


def looked_at(path: Path) -> Preview:
    with as_(SYSTEM) as by:
        return importing.prepare(importing.preview(by, path, create_missing=True))


def test_nothing_done_since_is_not_judged_again(ledger: Path) -> None:
    found = looked_at(ledger)
    with as_(SYSTEM) as by:
        assert importing.still(by, found) is found


def test_a_finding_of_others_does_not_matter_to_new_rows(ledger: Path, world: World) -> None:
    earlier = world.finding()
    found = looked_at(ledger)
    world.finding(activity=earlier.activity)
    with as_(SYSTEM) as by:
        assert importing.still(by, found) is found


def test_a_cell_corrected_since_makes_what_is_updated_judged_again(ledger: Path) -> None:
    """The entry of an act on many findings names none of them."""
    with as_(SYSTEM) as by:
        importing.commit(by, importing.preview(by, ledger, create_missing=True))
        finding = Finding.objects.get(code="TS2022-0001")
    found = looked_at(ledger)
    with as_(SYSTEM) as by:
        correct_cells(by=by, edits=[Edit(finding.uid, "basis", "", "条款")])
    with as_(SYSTEM) as by:
        assert importing.still(by, found) is not found


def test_a_unit_made_since_is_found_when_it_is_judged_again(ledger: Path, world: World) -> None:
    path = ledger.with_name("other.xlsx")
    path.write_bytes(book(line(1, 责任单位="市水文局")))
    found = looked_at(path)
    assert found.places.missing.units == {"市水文局"}
    with as_(SYSTEM) as by:
        unit = register_organisation(new=NewOrganisation(name="市水文局"), by=by)
    with as_(SYSTEM) as by:
        again = importing.still(by, found)
        assert again.places.missing.units == set()
        importing.commit(by, again)
        assert Finding.objects.get(code="TS2022-0001").subject == unit


def test_a_ledger_taken_in_by_somebody_else_meanwhile_changes_nothing_twice(ledger: Path) -> None:
    first, second = looked_at(ledger), looked_at(ledger)
    with as_(SYSTEM) as by:
        importing.commit(by, importing.still(by, first))
    with as_(SYSTEM) as by:
        again = importing.still(by, second)
        assert (len(again.create), len(again.unchanged)) == (0, 3)
        importing.commit(by, again)
        assert Finding.objects.count() == 3


def test_rows_made_ready_are_written_as_rows_that_were_not(ledger: Path, tmp_path: Path) -> None:
    """The control: the same rows without having been made ready."""
    with as_(SYSTEM) as by:
        importing.commit(by, importing.preview(by, ledger, create_missing=True))
    found = looked_at(ledger)
    assert (len(found.unchanged), found.create) == (3, [])
    other = tmp_path / "other.xlsx"
    other.write_bytes(book(line(11), closed(12), closed(13)))
    ready = looked_at(other)
    assert len(ready.ready) == 3
    with as_(SYSTEM) as by:
        importing.commit(by, ready)
        plain = list(Finding.objects.filter(code__lt="TS2022-0010").order_by("code"))
        made = list(Finding.objects.filter(code__gt="TS2022-0010").order_by("code"))
        told = [
            [list(each.steps.order_by("seq").values_list("verb", "on", "by_name")) for each in rows]
            for rows in (plain, made)
        ]
        assert told[0] == told[1]
        assert [each.state for each in plain] == [each.state for each in made]
