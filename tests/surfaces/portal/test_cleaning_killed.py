"""The public process is killed while it cleans a report's files: nothing in clear on the disk, the place is free again, no half report."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.core.sheets import made_of
from tests.intake.traces import Search
from tests.surfaces.portal.public import Zone, public_zone
from tests.surfaces.portal.uploading import RECEIPT, Form, Stranger, form_of

from jiandu.base.intake.models import Rank

pytestmark = [pytest.mark.enable_socket, pytest.mark.once]

CANARY, FILE = "ZhangJubao4471", "四四七一现场"
FILES = 6


@pytest.fixture
def zone(tmp_path: Path) -> Iterator[Zone]:
    with public_zone(tmp_path / "zone", TMPDIR=str(tmp_path)) as made:
        yield made


def photos(size: int) -> list[tuple[str, bytes]]:
    """With the word in all that they say of their maker."""
    photo = made_of.jpeg(CANARY)
    at = photo.index(b"\xff\xd9")
    return [(f"{FILE}{number}.jpg", photo[:at] + b"\x01" * size + photo[at:]) for number in range(FILES)]


def said(zone: Zone) -> dict[str, str]:
    return {"office": str(zone.own.office), "rank": Rank.RURAL, "summary": "一", "cleaning": "all"}


def send(zone: Zone, form: Form, files: list[tuple[str, bytes]]) -> None:
    with suppress(OSError, Exception):  # the line breaks when the server dies
        Stranger(zone, 1).send(form, said(zone), files)


def in_the_middle(zone: Zone) -> bool:
    """Waits until the first copies are being made. False: it was over sooner."""
    parts, until = zone.site.folder / "intake" / "parts", time.monotonic() + 60
    while time.monotonic() < until:
        if len(list(parts.glob("*"))) > FILES:
            return True
        time.sleep(0.001)
    return False


def test_killed_while_it_cleans(zone: Zone, tmp_path: Path) -> None:
    parts = zone.site.folder / "intake" / "parts"
    for _ in range(3):
        form = form_of(zone).worked()
        sender = threading.Thread(target=send, args=(zone, form, photos(8 * 2**20)))
        sender.start()
        assert in_the_middle(zone)
        assert zone.site.kill_workers() >= 1
        sender.join()
        search = Search((CANARY, FILE)).through(zone.site.folder, tmp_path)
        assert (search.hits, search.read > 2**20) == ([], True)
        zone.site.back()
        assert list(parts.glob("*")), "it was in the middle"
        for left in parts.glob("*"):
            left.unlink()
    status, page = Stranger(zone, 2).send(form_of(zone).worked(), said(zone), photos(2**20))
    assert (status, bool(RECEIPT.search(page)), page.count("已清除来源信息，原件没有保留")) == (200, True, FILES)
    (tmp_path / "clear").write_bytes(photos(0)[0][1])
    assert Search((CANARY,)).through(tmp_path).hits, "the control"
