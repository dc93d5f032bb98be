"""Strangers at the public process over HTTP: each with an address and a browser of his own, files whole or cut off in the middle."""

import http.client
import json
import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote

from tests.installation import Browser
from tests.intake.reports import proof_for
from tests.surfaces.portal.flooding import packed
from tests.surfaces.portal.public import Zone

FORM = re.compile(r' action="([^"]+)" data-challenge="([^"]+)"')
RECEIPT = re.compile(r"<output>([^<]+)</output>")


@dataclass(frozen=True)
class Form:
    """An open form: where it goes, with its ticket, and the work that lets it in at once."""

    action: str
    challenge: str

    def worked(self) -> "Form":
        """The same with its proof."""
        return Form(f"{self.action}&proof={quote(proof_for(json.loads(self.challenge)))}", self.challenge)


def form_of(zone: Zone, page: str = "report/") -> Form:
    """A form as anybody gets it."""
    with closing(Browser(zone.site.port)) as browser:
        found = FORM.search(browser.patiently(lambda: browser.get(f"/portal/{page}")).text)
    assert found
    return Form(unescape(found[1]), unescape(found[2]))


@dataclass(frozen=True)
class Stranger:
    """Number `number`, whose address, browser and proxies all say so."""

    zone: Zone
    number: int

    @property
    def address(self) -> str:
        return f"127.77.{self.number // 250}.{self.number % 250 + 1}"

    @property
    def marks(self) -> dict[str, str]:
        said = f"203.113.{self.number // 250}.{self.number % 250}"
        return {
            "User-Agent": f"Marked-Browser/{self.number}",
            "Referer": f"https://marked-page.example/{self.number}",
            "Accept-Language": "fr-marked",
            "Cookie": f"session=marked-cookie-{self.number}; csrftoken=marked-cookie",
            "X-Forwarded-For": said,
            "X-Real-IP": said,
            "Forwarded": f"for={said}",
            "Via": "marked-proxy",
        }

    def send(self, form: Form, said: dict[str, str], files: Sequence[tuple[str, bytes]] = ()) -> tuple[int, str]:
        """The whole form: (status, page)."""
        body, kind = packed(said, files)
        with closing(self._line()) as line:
            line.request("POST", form.action, body, {**self.marks, "Content-Type": kind})
            answer = line.getresponse()
            return answer.status, answer.read().decode()

    def begin(
        self, form: Form, said: dict[str, str], file: tuple[str, bytes], *, is_whole: bool = False
    ) -> http.client.HTTPConnection:
        """Half of a form, or the whole of it, and the line still open."""
        body, kind = packed(said, [file])
        line = self._line()
        line.putrequest("POST", form.action)
        for name, value in {
            **self.marks,
            "Content-Type": kind,
            "Content-Length": str(len(body) if is_whole else 2 * len(body)),
        }.items():
            line.putheader(name, value)
        line.endheaders()
        line.send(body if is_whole else body[: -len(body) // 20])
        return line

    def _line(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.zone.site.port, 60, source_address=(self.address, 0))
