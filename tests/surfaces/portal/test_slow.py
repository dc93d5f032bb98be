"""Who sends slowly keeps nobody else waiting."""

import time
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
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
        print(sorted(taken))
    assert max(taken) < 5
