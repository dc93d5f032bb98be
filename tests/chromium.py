"""The browser of the tests: where it is, how it is started, and what it complains of while it is used."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

CHROMIUM = os.environ.get("JIANDU_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]


@contextmanager
def launched() -> Iterator[Browser]:
    """The browser, closed afterwards."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Complaints:
    """What the browser refused or failed at: errors of scripts and of the content policy, failed or refused requests."""

    but: tuple[int, ...] = ()  # answers that are expected: a refused form is 422
    said: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, page: Page, *, but: tuple[int, ...] = ()) -> list[str]:
        """What one page complains of from now on; the list grows."""
        watching = cls(but)
        watching.watch(page)
        return watching.said

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
