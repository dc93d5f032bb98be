"""A real public process: JIANDU_SURFACES=public over a folder of its own, with an office and its superior published."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.ground import EMPTY, installation
from tests.installation import Browser, Installation
from tests.intake.reports import Desk

from jiandu.base.intake.models import Side


class Public(Installation):
    """It answers at the portal, and nowhere else."""

    def answers(self) -> bool:
        browser = Browser(self.port)
        try:
            return browser.get("/portal/").status == 200
        except OSError:
            return False
        finally:
            browser.close()


@dataclass(frozen=True)
class Zone:
    """The site and the desks whose keys are elsewhere."""

    site: Public
    own: Desk
    superior: Desk


@contextmanager
def public_zone(folder: Path, **more: str) -> Iterator[Zone]:
    """Prepared, published, started; stopped afterwards. `more` is the environment of its processes."""
    own, superior = Desk(), Desk(Side.SUPERIOR, "市纪委监委信访室")
    with installation(folder, EMPTY) as told:
        names = ("JIANDU_DATABASE", "JIANDU_DATABASE_OWNER")
        site = Public(folder, *(told.get(name, "") for name in names), extra={"JIANDU_SURFACES": "public", **more})
        keys = folder.parent / f"{folder.name}.keys.json"
        rows = [{**asdict(desk.keys()), "office": str(desk.office)} for desk in (own, superior)]
        keys.write_text(json.dumps(rows), encoding="utf-8")
        site.run("jiandu", "keys", "publish-in", str(keys))
        try:
            site.start()
            yield Zone(site, own, superior)
        finally:
            site.stop()
