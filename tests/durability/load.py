"""Officers who never rest: each registers findings and takes them through the loop, and keeps a book of every answer.

An act is `sent` before it goes out and `kept` once 303 came back; what was cut off is neither known to be done nor not.
"""

import re
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from tests.installation import Answer, Browser

SOURCE = re.compile(r'value="(activity:[0-9a-f-]{36})"')
OFFICE = re.compile(r'<select name="office".*?<option value="(\d+)"', re.DOTALL)
UID = re.compile(r"/desk/findings/([0-9a-f-]{36})/")
#: After registration, in order; what each form asks besides date and note.
LOOP: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("assign", "assign", {"rectification": "by_term"}),
    ("receive", "receive", {"rectifier": "责任人甲"}),
    ("plan", "plan", {"measures": "制定方案\n明确责任人\n限期办结"}),
    ("progress", "progress", {}),
    ("apply", "apply", {"rectifier": "责任人甲"}),
    ("verify", "pass", {"method": "field"}),
)
MEASURES = 3


def today() -> str:
    return datetime.now(UTC).astimezone(timezone(timedelta(hours=8))).date().isoformat()


@dataclass
class Book:
    """What the officers know. An act is (word that stands in its note or problem, verb)."""

    sent: set[tuple[str, str]] = field(default_factory=set)
    kept: dict[tuple[str, str], str] = field(default_factory=dict)  # → the finding's uid
    refused: list[str] = field(default_factory=list)
    busy: int = 0
    cut: int = 0
    waits: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Officer(threading.Thread):
    """One account in one browser, until told to stop."""

    def __init__(self, book: Book, port: int, username: str, number: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.book, self.port, self.username, self.number, self.told = book, port, username, number, stop
        self.count = 0
        self.failure: BaseException | None = None
        self.ready = threading.Event()

    def run(self) -> None:
        try:
            self._work()
        except BaseException as failure:
            self.failure = failure
            self.ready.set()

    def _work(self) -> None:
        with closing(self._enter()) as browser:
            form = browser.patiently(lambda: browser.get("/desk/findings/new/")).text
            said = {"subject": "市教育局", "source": SOURCE.findall(form)[0], "office": OFFICE.findall(form)[0]}
            self.ready.set()
            while not self.told.is_set():
                self._one_finding(browser, said | {"registered_on": today()})

    def _enter(self) -> Browser:
        while True:
            try:
                return Browser(self.port).enter(self.username)
            except OSError:
                time.sleep(0.1)

    def _one_finding(self, browser: Browser, said: dict[str, str]) -> None:
        word = self._word()
        answer = self._act(browser, "/desk/findings/new/", said | {"problem": word}, word, "register")
        place = UID.search(answer.location) if answer else None
        if place is None:
            return
        for slug, verb, more in LOOP:
            word = self._word()
            data = {"on": today(), "note": word, **more}
            if self.told.is_set() or not self._act(browser, f"{place[0]}{slug}/", data, word, verb):
                return

    def _word(self) -> str:
        self.count += 1
        return f"act-{self.number}-{self.count}."

    def _act(self, browser: Browser, path: str, data: dict[str, str], word: str, verb: str) -> Answer | None:
        """The answer when the act is known to be done; None when it was cut off, or the server said that it could not (503, 507)."""
        with self.book.lock:
            self.book.sent.add((word, verb))
        begun = time.monotonic()
        try:
            answer = browser.post(path, data)
        except OSError:
            with self.book.lock:
                self.book.cut += 1
            time.sleep(0.05)
            return None
        with self.book.lock:
            if answer.status == 303:
                uid = UID.search(answer.location)
                self.book.kept[word, verb] = uid[1] if uid else ""
                return answer
            if answer.status in {503, 507}:
                self.book.busy += 1
                self.book.waits.append(time.monotonic() - begun)
            else:
                self.book.refused.append(f"{answer.status} {path} {answer.text[:3000]}")
        time.sleep(0.05)
        return None


class Crew:
    """Several officers at once, as a context: they work inside it."""

    def __init__(self, port: int, usernames: tuple[str, ...], first: int = 0) -> None:
        self.book, self.stop = Book(), threading.Event()
        self.officers = [
            Officer(self.book, port, name, number, self.stop) for number, name in enumerate(usernames, start=first)
        ]

    def __enter__(self) -> Book:
        for officer in self.officers:
            officer.start()
        for officer in self.officers:
            officer.ready.wait()
        return self.book

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for officer in self.officers:
            officer.join(timeout=60)
        for officer in self.officers:
            if officer.failure is not None:
                raise officer.failure
