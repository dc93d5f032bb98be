"""Who sends slowly keeps nobody else waiting."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from tests.core.sheets import made_of
from tests.installation import Browser
from tests.surfaces.portal.public import public_zone
from tests.surfaces.portal.uploading import Stranger, form_of

pytestmark = [pytest.mark.enable_socket, pytest.mark.once]


def test_reports_that_come_slowly_hold_up_nobody(tmp_path: Path) -> None:
    """Twenty strangers are in the middle of a large file, all at once, with tickets that hold."""
    (tmp_path / "zone").mkdir()
    with public_zone(tmp_path / "zone") as zone, ExitStack() as lines:
        forms = [form_of(zone).worked() for _ in range(20)]
        said = {"office": str(zone.own.office), "rank": "rural", "summary": "慢"}
        for number, form in enumerate(forms):
            lines.enter_context(closing(Stranger(zone, number).begin(form, said, ("a.pdf", b"x" * 2_000_000))))
        taken = []
        for _ in range(20):
            with closing(Browser(zone.site.port)) as browser:
                begun = time.monotonic()
                assert browser.get("/portal/").status == 200
                taken.append(time.monotonic() - begun)
    assert max(taken) < 5


def test_files_that_are_cleaned_hold_up_nobody(tmp_path: Path) -> None:
    """Twelve at once have a file cleaned: one is, one waits, the others are told at once; the first page goes on."""
    (tmp_path / "zone").mkdir()
    with public_zone(tmp_path / "zone") as zone:
        forms = [form_of(zone).worked() for _ in range(12)]
        said = {"office": str(zone.own.office), "rank": "rural", "summary": "慢", "cleaning": "all"}
        file = ("a.pdf", made_of.pdf())
        with ThreadPoolExecutor(12) as many:
            sent = [many.submit(Stranger(zone, n).send, form, said, [file]) for n, form in enumerate(forms)]
            taken = []
            while not all(each.done() for each in sent):
                with closing(Browser(zone.site.port)) as browser:
                    begun = time.monotonic()
                    assert browser.get("/portal/").status == 200
                    taken.append(time.monotonic() - begun)
        pages = [each.result() for each in sent]
    assert max(taken) < 5
    assert {status for status, _ in pages} == {200, 422}
    assert all("正在为别的举报" in page for status, page in pages if status == 422)
