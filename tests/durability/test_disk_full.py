"""A disk without room: said with 507 and what to do, nothing half done, reads go on, and work goes on when there is room.

A small file system in memory is filled to its last byte; where mounting is not permitted, the processes are forbidden to
write to any file instead (RLIMIT_FSIZE).
"""

import os
import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.durability import serving
from tests.durability.inspection import faults, held
from tests.durability.load import OFFICE, SOURCE, Book, Crew, today
from tests.durability.test_kills import OFFICERS, verdict
from tests.figures import note
from tests.installation import Browser, Installation, children

pytestmark = pytest.mark.enable_socket
MIB = 2**20
SIZE_MIB = 96
FULL = {
    "zh-hans": "服务器磁盘已满或无法写入，这一步没有完成，也没有任何改动。请告知系统管理员腾出空间后再试。",
    "en": "The server’s disk is full or cannot be written to. This step was not completed and nothing was changed. "
    "Ask the system administrator to free some space, then try again.",
}


@dataclass
class SmallDisk:
    """A file system of its own, with a ballast that takes what room is left."""

    folder: Path

    @property
    def ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self, _made: Installation) -> None:
        with self.ballast.open("ab", buffering=0) as file:
            for part in (MIB, 4096):
                try:
                    while file.write(bytes(part)):
                        pass
                except OSError:
                    continue

    def free(self, _made: Installation) -> None:
        self.ballast.unlink()


class Forbidden:
    """The processes of the installation may make no file longer than nothing."""

    def fill(self, made: Installation) -> None:
        self._limit(made, 0)

    def free(self, made: Installation) -> None:
        self._limit(made, resource.RLIM_INFINITY)

    def _limit(self, made: Installation, most: int) -> None:
        assert made.process is not None
        everybody = [made.process.pid]
        for pid in everybody:
            everybody += children(pid)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


Disk = SmallDisk | Forbidden


@pytest.fixture(params=["small", "forbidden"])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Installation, Disk]]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MIB}m", "none", str(folder)]
    is_small = request.param == "small" and os.geteuid() == 0 and subprocess.run(mount, check=False).returncode == 0
    (folder / "data").mkdir()
    try:
        with serving.served(folder / "data") as made:
            yield made, SmallDisk(folder) if is_small else Forbidden()
    finally:
        if is_small:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def until(happened: Callable[[], bool], what: str) -> None:
    begun = time.monotonic()
    while not happened():
        assert time.monotonic() - begun < 60, what
        time.sleep(0.05)


@dataclass
class Clerk:
    """A person who signed in while there was room, with a form filled in."""

    browser: Browser
    form: dict[str, str]

    def asks_in_vain(self) -> None:
        """What is told in both languages; the pages can still be read."""
        for language, sentence in FULL.items():
            self.browser.cookies["django_language"] = language
            answer = self.browser.patiently(lambda: self.browser.post("/desk/findings/new/", self.form))
            assert (answer.status, sentence in answer.text) == (507, True), (answer.status, answer.text)
        for page in ("/desk/findings/", "/desk/", "/desk/units/"):
            assert self.browser.patiently(lambda page=page: self.browser.get(page)).status == 200, page
        self.browser.close()


def clerk_of(made: Installation) -> Clerk:
    browser = Browser(made.port).enter(OFFICERS[0])
    form = browser.get("/desk/findings/new/").text
    said = {"subject": "市教育局", "source": SOURCE.findall(form)[0], "office": OFFICE.findall(form)[0]}
    browser.close()
    return Clerk(browser, said | {"registered_on": today(), "problem": "act-0-999999."})


def work_until_full(made: Installation, disk: Disk) -> Book:
    """The book of officers who worked before, while and after there was no room."""
    clerk = clerk_of(made)
    with Crew(made.port, OFFICERS, first=1) as book:
        until(lambda: len(book.kept) > 20, "no work was done")
        disk.fill(made)
        busy, kept = book.busy, len(book.kept)
        until(lambda: book.busy > busy + 5, f"nothing was refused on a full disk: {book.refused[:1]}")
        clerk.asks_in_vain()
        disk.free(made)
        until(lambda: len(book.kept) > kept + 20, f"work did not go on: {book.refused[:1]}")
    return book


def test_a_full_disk_refuses_clearly_and_loses_nothing(served: tuple[Installation, Disk]) -> None:
    made, disk = served
    book = work_until_full(made, disk)
    assert made.process is not None
    assert made.process.poll() is None, "the supervisor gave up"
    assert book.refused == []
    assert faults(book, held(made)) == []
    assert verdict(made) == (0, "intact")
    said = f"{type(disk).__name__}: {len(book.kept)} acknowledged, {book.busy} answered 507"
    note("durability", f"disk full ({type(disk).__name__}): acknowledged writes lost", 0, "writes", note=said)
