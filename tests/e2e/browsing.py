"""What the tests do in Chromium: enter as somebody, watch for complaints, judge a page."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from tests.installation import Installation

CHROMIUM = os.environ.get("JIANDU_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
DESK, PHONE = (1440, 900), (390, 844)
SHOTS = os.environ.get("JIANDU_SHOTS")  # a folder for a picture of each page that is judged
#: What is of the house and not of the records: in English no Chinese may stand in it.
CHROME = "button, .btn, legend, label:not(.choices label), th[scope=col], dt, summary, nav a, .help, .chips"
#: Their words without what is marked as data or as another language.
HAN = """(chosen) => [...document.querySelectorAll(chosen)].filter(one => !one.closest('[lang]:not(html), [translate=no]'))
  .map(one => { const copy = one.cloneNode(true);
    copy.querySelectorAll('[lang], [translate=no], select, .tally, b').forEach(part => part.remove());
    return copy.textContent.trim(); })
  .filter(text => /[\\u4e00-\\u9fff]/.test(text))"""


@dataclass
class Complaints:
    """What the browser refused or failed at: errors of scripts and of the content policy, failed or refused requests."""

    but: tuple[int, ...] = ()  # answers that are expected: a refused form is 422
    said: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("console", self._console)
        page.on("requestfailed", self._failed)
        page.on("response", self._answer)

    def _console(self, line: ConsoleMessage) -> None:
        is_of_an_answer = "Failed to load resource" in line.text  # which is told by itself
        if line.type in {"error", "warning"} and not is_of_an_answer:
            self.said.append(line.text)

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # left behind with its page, or a file
            self.said.append(f"failed {request.url} {request.failure}")

    def _answer(self, answer: Response) -> None:
        if answer.status >= 400 and answer.status not in self.but:
            self.said.append(f"{answer.status} {answer.url}")


@dataclass
class City:
    """The served installation, what stands in it, and a browser."""

    site: Installation
    chromium: Browser
    places: dict[str, Any]
    kept: dict[str, Any] = field(default_factory=dict)  # the cookies of who has entered

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
    def as_(self, name: str, size: tuple[int, int] = DESK, language: str = "zh-hans", **options: Any) -> Iterator[Page]:
        """A page of somebody who has entered by one click ("" for a stranger)."""
        if name and name not in self.kept:
            self.kept[name] = self._enter(name)
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
