"""A crowd: browsers that press a button on the same finding at the same moment, and what came of each round."""

import re
import threading
from dataclasses import dataclass, field

from tests.durability.load import OFFICE, SOURCE, UID, Book, today
from tests.installation import Answer, Browser

DECIDE = re.compile(r"act=approvals-decide&amp;on=([0-9a-f-]{36})")
DONE, NO_LONGER, BUSY = 303, 422, 503
#: Without the careful way of writing, SQLite refuses who began to read before another wrote: the worker and the tick do.
TRIES = 20
#: Of an act: the end of its URL, the verb of its step, what its form asks besides date and words.
Button = tuple[str, str, dict[str, str]]
ASSIGN: Button = ("assign", "assign", {"rectification": "by_term"})
RECEIVE: Button = ("receive", "receive", {"rectifier": "责任人甲"})
PROGRESS: Button = ("progress", "progress", {})
APPLY: Button = ("apply", "apply", {"rectifier": "责任人甲"})
VERIFY: Button = ("verify", "pass", {"method": "field"})
RETURN: Button = ("send-back", "return_work", {"verb": "return_work"})
GRANT = {"is_granted": "yes"}


@dataclass
class Round:
    """What a crowd asked and what it was told, by verb: how many were done, and every answer that is none of the two."""

    done: dict[str, int] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)


class Crowd:
    """Connections of some accounts; each account signs in once."""

    def __init__(self, port: int, usernames: tuple[str, ...], size: int, book: Book | None = None) -> None:
        self.book, self.lock = book or Book(), threading.Lock()
        self.entered = [Browser(port).enter(name) for name in usernames]
        self.browsers = [Browser(port, timeout=120) for _ in range(size)]
        for number, browser in enumerate(self.browsers):
            browser.cookies = dict(self.entered[number % len(usernames)].cookies)
        self.first = self.entered[0]

    def close(self) -> None:
        for browser in [*self.entered, *self.browsers]:
            browser.close()

    def finding(self) -> str:
        """The address of a new finding."""
        form = self.first.patiently(lambda: self.first.get("/desk/findings/new/")).text
        word = self._word("register")
        said = {"subject": "市教育局", "source": SOURCE.findall(form)[0], "office": OFFICE.findall(form)[0]}
        answer = self._when_free(said | {"registered_on": today(), "problem": word})
        place = UID.search(answer.location)
        assert place is not None, (answer.status, answer.text[:2000])
        self.book.kept[word, "register"] = place[1]
        return place[0]

    def _when_free(self, said: dict[str, str]) -> Answer:
        """Registers what is said; done again where the database was busy, as the page that says so asks."""
        for _ in range(TRIES):
            answer = self.first.post("/desk/findings/new/", said)
            if answer.status != BUSY:
                break
        return answer

    def approval(self, place: str) -> Button | None:
        """The button that decides on the approval which waits, if one does."""
        found = DECIDE.search(self.first.patiently(lambda: self.first.get(place)).text)
        return (f"approvals/{found[1]}/decide", "approve", GRANT) if found else None

    def press(self, place: str, *buttons: Button) -> Round:
        """Everybody at once, the buttons in turn."""
        gate, came = threading.Barrier(len(self.browsers)), Round()
        threads = [
            threading.Thread(target=self._one, args=(browser, gate, place, buttons[number % len(buttons)], came))
            for number, browser in enumerate(self.browsers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return came

    def _one(self, browser: Browser, gate: threading.Barrier, place: str, button: Button, came: Round) -> None:
        slug, verb, more = button
        word = self._word(verb)
        data = {"on": today(), "note": word, "opinion": word, **more}
        browser.close()  # the server ends connections that were idle
        gate.wait()
        try:
            answer = browser.post(f"{place}{slug}/", data)
            status, text = answer.status, answer.text
        except OSError as cut:
            status, text = 0, str(cut)
        with self.lock:
            if status == DONE:
                came.done[verb] = came.done.get(verb, 0) + 1
                self.book.kept[word, verb] = UID.findall(place)[0]
            elif status != NO_LONGER:
                came.strange.append(f"{verb}: {status} {text[:300]}")

    def _word(self, verb: str) -> str:
        with self.lock:
            word = f"act-0-{len(self.book.sent) + 1}."
            self.book.sent.add((word, verb))
            return word
