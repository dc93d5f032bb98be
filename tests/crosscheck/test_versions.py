"""What a run reads stays as it is while it reads, whatever is brought or removed meanwhile; afterwards nothing of it is left."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.crosscheck import villages
from tests.crosscheck.test_bringing import ASSETS, CONTRACTS, NAME, asked, brought, file, worked
from tests.crosscheck.villages import NUMBER, OFFICE, UNIT
from tests.world import World, as_

from jiandu.base.core.errors import Refused
from jiandu.sources.crosscheck import folders, jobs, versions
from jiandu.sources.crosscheck.services.bringing import drop_dataset
from jiandu.sources.crosscheck.services.runs import How

NOBODY = ASSETS.replace("他人占用", "自用")


@pytest.fixture
def city(world: World, tmp_path: Path, settings: Any) -> World:
    settings.CROSSCHECK, settings.KEYRING = str(tmp_path / "crosscheck"), str(tmp_path / "fields.keys")
    world.unit(UNIT)
    return world


def replace(city: World) -> None:
    assert worked(asked(city, file("集体资产.csv", NOBODY), replaces=True)).status == "done"


def drop(city: World) -> None:
    with as_(city.viewer("干部甲")) as by:
        drop_dataset(office=city.offices[OFFICE], dataset=NAME, by=by)


ACTS = {"replaced": replace, "dropped": drop}


def run_while(city: World, act: Callable[[World], None], **more: Any) -> dict[str, int]:
    """What a run hits of which the first rule has answered when somebody acts on its data set."""
    job, acted = villages.asked(city, dataset=NAME, **more), []

    def progress(*_said: int) -> None:
        if not acted:
            acted.append(True)
            act(city)

    with as_(city.viewer("干部甲")) as by:
        found = jobs.WORK.read(by, job, progress)  # type: ignore[arg-type]
        run = jobs.WORK.write(by, job, progress, found)  # type: ignore[arg-type]
        assert acted
        assert run.said["hits"] == sum(each.outcome.hits for each in found.found)
        return {each.outcome.rule.id: each.outcome.hits for each in found.found}


def holding(number: str = NUMBER) -> set[str]:
    """The places under the folder where the number stands in clear."""
    files = [path for path in folders.root().rglob("*") if path.is_file() and number.encode() in path.read_bytes()]
    return {path.relative_to(folders.root()).parts[0] for path in files}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("link", [False, True])
def test_a_run_goes_on_over_the_tables_that_it_began_with(city: World, act: str, link: bool) -> None:
    brought(city, file("集体资产.csv", ASSETS), file("集体合同.csv", CONTRACTS))
    assert run_while(city, ACTS[act], how=How(link=link)) == {"SZ-01": 1, "SZ-10": 1}
    assert holding() == ({NAME} if act == "replaced" else set())  # what it read has gone with it
    if act == "replaced":
        assert [each["hits"] for each in villages.ran(city, dataset=NAME).rules] == [1, 0]


@pytest.mark.parametrize("act", ACTS)
def test_over_the_folder_itself_it_would_not(city: World, act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above."""

    @contextmanager
    def itself(name: str) -> Iterator[Path]:
        yield folders.folder_of(name)

    brought(city, file("集体资产.csv", ASSETS), file("集体合同.csv", CONTRACTS))
    monkeypatch.setattr(versions, "held", itself)
    try:
        hits = run_while(city, ACTS[act])
    except Exception as ended:
        assert act == "dropped" or not isinstance(ended, Refused)
    else:
        assert hits != {"SZ-01": 1, "SZ-10": 1}


def test_the_same_version_is_answered_from_what_is_kept_and_another_is_not(city: World) -> None:
    villages.write(NAME)
    kept = [[each["kept"] for each in villages.ran(city, dataset=NAME).rules] for _turn in range(2)]
    assert kept == [[False, False], [True, True]]
    path = folders.root() / NAME / "asset.parquet"
    path.rename(path.with_suffix(".old"))
    path.write_bytes(path.with_suffix(".old").read_bytes())  # as an administrator lays it there again
    assert [each["kept"] for each in villages.ran(city, dataset=NAME).rules] == [False, False]
    assert len([each for each in (folders.root() / ".versions" / NAME).iterdir() if each.is_dir()]) == 1


def test_a_version_that_somebody_reads_stays_until_he_has_read_it(city: World) -> None:
    brought(city, file("集体资产.csv", ASSETS))
    with versions.held(NAME) as one, versions.held(NAME) as same:
        drop(city)
        versions.clear_old()
        assert (one, (one / "asset.parquet").exists()) == (same, True)
    assert not (folders.root() / ".versions" / NAME).exists()
    with pytest.raises(Refused), versions.held(NAME):
        pass


def test_files_that_cannot_be_linked_are_pointed_to(
    city: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = villages.write(NAME).rename(tmp_path / "elsewhere")
    (folders.root() / NAME).symlink_to(elsewhere)

    def refused(*_args: Any, **_more: Any) -> None:
        raise OSError

    for linking in (os.link, refused):
        monkeypatch.setattr(os, "link", linking)
        os.utime(elsewhere / "asset.parquet")
        assert [each["hits"] for each in villages.ran(city, dataset=NAME).rules] == [1, 1]
