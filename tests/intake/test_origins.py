"""E6: files that say who made them, where and with what, by an independent reader (exiftool) and by a search of their bytes, packed ones too."""

import json
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from tests.core.sheets import made_of
from tests.core.sheets.made_of import WORD
from tests.figures import note
from tests.intake.reports import matured, sealed
from tests.intake.traces import Search

from jiandu.base.intake.services import caps, cleaning
from jiandu.base.intake.services.cleaning import Outcome, clean_files

pytestmark = pytest.mark.django_db

MEDIA = Path(made_of.__file__).parent / "media"
PER_REPORT = 10


def _played(name: str) -> Callable[[str], bytes]:
    return lambda word: (MEDIA / name).read_bytes().replace(WORD.encode(), word.encode())


MADE: dict[str, Callable[[str], bytes]] = {
    ".jpg": made_of.jpeg, ".png": made_of.png, ".webp": made_of.webp, ".pdf": made_of.pdf, ".docx": made_of.word,
    ".xlsx": made_of.workbook, ".pptx": made_of.slides, ".gif": _played("moving.gif"), ".heic": _played("still.heic"),
    ".mp4": _played("h264.mp4"), ".mov": _played("h265.mov"), ".m4a": _played("tone.m4a"), ".mp3": _played("tone.mp3"),
    ".wav": _played("tone.wav"),
}  # fmt: skip
#: Kinds into which exiftool writes a place on the map and an author; what it makes of them is read back before.
PLACED = (".jpg", ".png", ".gif", ".heic", ".mp4", ".mov", ".m4a")
PLACE = ("-XMP:GPSLatitude=26.05", "-XMP:GPSLongitude=119.3", "-GPSLatitude=26.05", "-GPSLatitudeRef=N")


def originals(folder: Path, count: int) -> dict[str, tuple[str, bytes]]:
    """(its word, its bytes) by name: each kind in turn, each with a word of its own, most with a place."""
    made: dict[str, str] = {}
    kinds = [*MADE]
    for number in range(count):
        word, kind = f"ZhangJubao{number:04d}", kinds[number % len(kinds)]
        name = f"{number:04d}{kind}"
        (folder / name).write_bytes(MADE[kind](word))
        made[name] = word
    placed = [str(folder / name) for name in made if name.endswith(PLACED)]
    subprocess.run(["exiftool", "-q", "-q", "-m", "-overwrite_original", *PLACE, *placed], check=True)
    return {name: (word, (folder / name).read_bytes()) for name, word in made.items()}


def read_by_exiftool(folder: Path) -> dict[str, dict[str, Any]]:
    """Every field of every file, embedded ones too."""
    done = subprocess.run(
        ["exiftool", "-j", "-a", "-G1", "-ee", "-U", str(folder)], capture_output=True, check=False, text=True
    )
    fields: list[dict[str, Any]] = json.loads(done.stdout)
    return {Path(each["SourceFile"]).name: each for each in fields}


def told(fields: dict[str, Any], word: str) -> list[str]:
    """What says who, where or when among them."""
    own = {key: value for key, value in fields.items() if not key.startswith(("SourceFile", "System:", "File:"))}
    return [
        f"{key}={value}"
        for key, value in own.items()
        if word in str(value)
        or "gps" in key.lower()
        or "Artist" in key
        or "Creator" in key
        or str(value).startswith("2026:")
    ]


def hits(content: bytes, word: str) -> list[tuple[str, str, str]]:
    search = Search((word,))
    search.of(content, "")
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                search.of(archive.read(name), name)
    return search.hits


def cleaned(given: dict[str, tuple[str, bytes]], folder: Path) -> dict[str, Outcome]:
    """As reports of ten files each; what came of it lies in the folder, to be read."""
    names, found = [*given], {}
    for at in range(0, len(names), PER_REPORT):
        files = [sealed(name, given[name][1]) for name in names[at : at + PER_REPORT]]
        for outcome in clean_files(files=files, ticket=matured()):
            found[outcome.name] = outcome
            (folder / outcome.name).write_bytes(b"".join(outcome.file.read()))
            outcome.file.drop()
    return found


@pytest.mark.parametrize("count", [28, pytest.param(210, marks=pytest.mark.full)])
def test_none_is_left_where_cleaning_was_chosen(count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same two readers find the word of each original, and a place in each that has one."""
    monkeypatch.setitem(caps.CAPS, "cleaning", 10**9)
    monkeypatch.setattr(cleaning, "LONGEST", 600)  # what is asked is what is left, not how busy the machine is
    monkeypatch.setattr(cleaning, "LIMITS", replace(cleaning.LIMITS, wall_seconds=60))
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    given = originals(before, count)
    assert [name for name, (word, content) in given.items() if not hits(content, word)] == []
    fields = read_by_exiftool(before)
    assert [name for name in given if name.endswith(PLACED) and not any("GPS" in key for key in fields[name])] == []
    found = cleaned(given, after)
    assert {name: each.why for name, each in found.items() if each.why} == {}
    left = {name: hits((after / name).read_bytes(), word) for name, (word, _) in given.items()}
    assert {name: each for name, each in left.items() if each} == {}
    fields = read_by_exiftool(after)
    said = {name: told(fields[name], word) for name, (word, _) in given.items()}
    assert {name: each for name, each in said.items() if each} == {}
    if count > 200:
        note(
            "sealing",
            "files cleaned on arrival: traces of their makers left",
            0,
            "hits",
            note=f"{count} files, {len(MADE)} kinds, by exiftool and by bytes",
        )


def test_not_chosen_the_bytes_are_the_same(tmp_path: Path) -> None:
    """What is sealed and opened again is what came: each of the kinds, by its hash."""
    given = originals(tmp_path, len(MADE))
    for name, (word, content) in given.items():
        file = sealed(name, content[:999], content[999:])
        same = b"".join(file.read())
        file.drop()
        assert (sha256(same).digest(), bool(hits(same, word))) == (sha256(content).digest(), True)
