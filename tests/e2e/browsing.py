"""What the tests do in Chromium: enter as somebody, watch for complaints, judge a page."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.installation import Installation

DESK, PHONE = (1440, 900), (390, 844)
IDLE_SECONDS = 600.0  # below the program's limit, which runs from what the kept cookie tells: the entering
PROVED_SECONDS = 60.0  # for what asks a proof of the last five minutes, with time for a slow test
SHOTS = os.environ.get("JIANDU_SHOTS")  # a folder for a picture of each page that is judged
#: What is of the house and not of the records: in English no Chinese may stand in it.
CHROME = (
    "button, .btn, legend, label:not(.choices label), th[scope=col], dt, summary, nav a, .help, .chips,"
    " .badge, .mark, .toast-line, .none-yet"
)
#: Their words without what is marked as data or as another language.
HAN = """(chosen) => [...document.querySelectorAll(chosen)].filter(one => !one.closest('[lang]:not(html), [translate=no]'))
  .map(one => { const copy = one.cloneNode(true);
    copy.querySelectorAll('[lang], [translate=no], select, .tally, b').forEach(part => part.remove());
    return copy.textContent.trim(); })
  .filter(text => /[\\u4e00-\\u9fff]/.test(text))"""


@dataclass
class City:
    """The served installation, what stands in it, and a browser."""

    site: Installation
    chromium: Browser
    places: dict[str, Any]
    kept: dict[str, Any] = field(default_factory=dict)  # the cookies of who has entered
    since: dict[str, float] = field(default_factory=dict)  # when each of them did

    @property
    def base(self) -> str:
        return self.site.base

    @contextmanager
    def browser(
        self, size: tuple[int, int] = DESK, language: str = "zh-hans", **options: Any
    ) -> Iterator[BrowserContext]:
        """A browser in which nobody has signed in."""
        context = self.chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", **options)
        context.add_cookies([{"name": "django_language", "value": language, "url": self.base}])
        context.set_default_timeout(60_000)
        yield context
        context.close()

    @contextmanager
    def as_(
        self,
        name: str,
        size: tuple[int, int] = DESK,
        language: str = "zh-hans",
        *,
        within: float = IDLE_SECONDS,
        **options: Any,
    ) -> Iterator[Page]:
        """A page of somebody who has entered by one click ("" for a stranger); `within`: how many seconds ago at most."""
        if name and time.monotonic() - self.since.get(name, -within) >= within:
            self.kept[name], self.since[name] = self._enter(name), time.monotonic()
        with self.browser(size, language, storage_state=self.kept.get(name), **options) as context:
            yield context.new_page()

    def _enter(self, name: str) -> Any:
        with self.browser() as context:
            page = context.new_page()
            page.goto(f"{self.base}/demo/")
            page.click(f"button[value='{self.places['people'][name]}']")
            page.wait_for_url("**/desk/")
            return context.storage_state()


def wrong_on(page: Page, language: str = "zh-hans") -> list[str]:
    """What is wrong with the page as it stands: accessibility, a width that scrolls, Chinese in the English house."""
    report = Axe().run(page, options=AXE).response
    wrong = [f"{rule['id']}: {node['target']}" for rule in report["violations"] for node in rule["nodes"]]
    sideways = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    if sideways > 0:
        wrong.append(f"scrolls sideways by {sideways}")
    if language == "en":
        wrong += [f"Chinese in the house: {text}" for text in page.evaluate(HAN, CHROME)]
    return wrong


AXE = {"resultTypes": ["violations"]}


def picture(page: Page, name: str) -> None:
    """Kept when JIANDU_SHOTS names a folder."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
