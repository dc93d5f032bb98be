"""A record of level ≥ 2 in lists: its level stands where its words would, and opening it leaves an entry in the log first.

Every page that links lead to is read, and every sheet and paper. The control is a twin of level 1 with other words.
"""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.test import Client
from django.test.signals import template_rendered
from tests.access.asking import content_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.files import store
from jiandu.base.lexicon.selectors import items
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services import approvals, parts
from jiandu.loop.findings.services.approvals import Request
from jiandu.loop.findings.services.filing import add_evidence
from jiandu.loop.findings.services.repeats import say_repeat
from jiandu.loop.findings.services.talked import point
from jiandu.loop.findings.states import Verb
from jiandu.loop.grassroots.services.checks import NewLook, look_at_asset
from jiandu.loop.instruments.services.drafting import NewInstrument, draft
from jiandu.loop.outcomes.models import PersonTalked
from jiandu.loop.outcomes.services import NewMoney, NewRule, record_recovery, record_rule, record_talked
from jiandu.net.access.models import Level
from jiandu.net.access.persons import Who
from jiandu.results.portraits.services import NewPortrait, begin_portrait, judge, rest_on
from jiandu.sources.talks.services import Invited, NewTalk, hold_talk

OFFICE, UNIT, HEAD = "第一监督检查室", "市教育局", "主任甲"
KEPT, TOLD = "不上列表的话", "可以上列表的话"  # in every text of the twin of level 2, and of that of level 1
DAY = date(2022, 3, 1)
LINK = re.compile(r'(?:href|hx-get)="([^"]+)"')
UID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
FORMS = ("act=", "/import/", "/new/")
KEY = re.compile(rf"{UID.pattern}|(?<=/measures/)[a-z_]+|[0-9]+")


class Twins:
    """The same records at both levels; `own` are the pages that may say the words of level 2."""

    def __init__(self, world: World) -> None:
        self.world, self.own = world, set[str]()
        with as_(SYSTEM) as by:
            load_defaults(by=by)
        self.project = world.project(office=OFFICE)
        self.person = world.person("张局", UNIT)
        self.findings = {level: self._made(level, words) for level, words in ((2, KEPT), (1, TOLD))}
        self._together([finding for finding, *_others in self.findings.values()])

    def _made(self, level: int, words: str) -> tuple[Finding, Finding, Finding]:
        given: dict[str, Any] = {"office": OFFICE, "unit": UNIT, "on": DAY, "level": level, "activity": self.project}
        finding = self.world.rectifying(**given, problem=f"{words}：津贴")
        waiting = self.world.applied(**given, problem=f"{words}：房产")
        closed = self.world.closed(**given, problem=f"{words}：车辆")
        planned = self.world.closed(**given, problem=f"{words}：接待")
        with as_(SYSTEM) as by:
            parts.look_back(finding=closed, by=by, looked=parts.Looked(DAY, "held", words, Who("核验人乙")))
            parts.plan_look_back(finding=planned, by=by, planned_on=DAY)
            self._hung(finding, closed, words)
        self.own |= {f"/desk/findings/{one.uid}/" for one in (finding, waiting, closed, planned) if level == 2}
        return finding, waiting, closed

    def _hung(self, finding: Finding, earlier: Finding, words: str) -> None:
        with as_(SYSTEM) as by:
            new = parts.NewInstruction("书记", DAY, words, self.world.offices[OFFICE])
            parts.instruct(finding=finding, by=by, new=new)
            stored = store.keep([b"%PDF-1.4 " + words.encode()])
            add_evidence(finding=finding, by=by, stored=stored, name=f"{words}.pdf")
            record_recovery(finding=finding, by=by, new=NewMoney(100, DAY, account=words, proof=words))
            rule = record_rule(finding=finding, by=by, new=NewRule(title=words, issuer=UNIT, issued_on=DAY))
            record_talked(finding=finding, by=by, row=PersonTalked(kind="talk", name=words, title=words, on=DAY))
            look_at_asset(finding=finding, by=by, new=NewLook(words, "town", DAY, "held", "甲"))
            say_repeat(finding=finding, earlier=earlier, by=by)
            approvals.ask(finding=finding, by=by, request=Request(Verb.EXTEND, words, DAY, new_due_on=date(2099, 1, 1)))
        if finding.level >= Level.SENSITIVE:
            self.own.add(f"/desk/rules/{rule.uid}/")

    def _together(self, findings: list[Finding]) -> None:
        """What tells of both: a talk, a letter, a report."""
        with as_(SYSTEM) as by:
            office = self.world.offices[OFFICE]
            said = NewTalk("proactive", DAY, "履职", office, ["甲", "乙"], [Invited(self.person)])
            talk = hold_talk(new=said, by=by)
            report = begin_portrait(
                new=NewPortrait(office, 2022, DAY, date(2022, 6, 30), unit=self.world.units[UNIT]), by=by
            )
            row = judge(portrait=report, by=by, dimension=items(by, "dimension", 2022)[1], text="有差距")
            for finding in findings:
                point(talk=talk, finding=finding, by=by)
                rest_on(judgement=row, by=by, finding=finding)
            new = NewInstrument("copy_report", "有关问题", office, self.world.units[UNIT], DAY, findings=findings)
            self.letter = draft(new=new, by=by)

    @property
    def paper(self) -> str:
        """The letter that quotes both: it leaves marked and logged."""
        return f"/desk/letters/{self.letter.uid}/word/"


@pytest.fixture
def twins(world: World, settings: Any) -> Twins:
    settings.DEMO = True  # accounts without a password: what leaves the house asks for no proof
    return Twins(world)


def client_of(world: World, name: str = HEAD) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def shape(url: str) -> tuple[str, ...]:
    """What makes a page another one: its path but for keys, its tab, whether it is a sheet."""
    parts = urlsplit(url)
    said = parse_qs(parts.query)
    return KEY.sub("…", parts.path), *(str(said.get(name)) for name in ("tab", "format"))


def walk(client: Client, starts: list[str], own: set[str]) -> Iterator[tuple[str, str]]:
    """The pages of the desk that links lead to, of each shape one, with their text; of a sheet or document its parts.

    Not the pages of the records themselves (`own`), nor forms.
    """
    ahead, met = list(starts), {shape(url) for url in starts}
    while ahead:
        url = ahead.pop()
        answer = client.get(url)
        if answer.status_code != 200:
            continue
        text = content_of(answer).decode(errors="replace")
        yield url, text
        for link in LINK.findall(text) if "html" in answer["Content-Type"] else []:
            target = urljoin(url, unescape(link)).split("#")[0]
            is_read = target.startswith("/desk/") and not any(each in target for each in (*own, *FORMS))
            if is_read and shape(target) not in met:
                met.add(shape(target))
                ahead.append(target)


#: Where words of a finding stand beside others': the walk has been there.
LISTS = {
    *("/desk/", "/desk/approvals/", "/desk/findings/", "/desk/findings/board/", "/desk/findings/grid/"),
    *("/desk/instructions/",),
    *("/desk/letters/…/", "/desk/look-backs/", "/desk/measures/…/", "/desk/portraits/…/", "/desk/portraits/…/word/"),
    *("/desk/projects/…/", "/desk/repeats/", "/desk/rules/", "/desk/search/", "/desk/talks/…/", "/desk/units/…/"),
    "/desk/verify/",
}


def test_lists_say_the_level_in_place_of_the_words(twins: Twins) -> None:
    """The head of the office may read both twins; nothing but their own pages says the words of that of level 2."""
    starts = ["/desk/", f"/desk/units/{twins.world.units[UNIT].uid}/?tab=all"]
    starts += ["/desk/search/?q=津贴"]  # a number opens the record itself
    starts += [
        f"/desk/measures/{key}/?year=2022&as_of=2022-12-31" for key in ("project_findings", "project_rules_made")
    ]
    wrong, told, levels = [], set[str](), set[str]()
    for url, text in walk(client_of(twins.world), starts, {*twins.own, twins.paper}):
        path = KEY.sub("…", urlsplit(url).path)
        wrong += [url] if KEPT in text else []
        told |= {path} if TOLD in text else set()
        levels |= {path} if "工作敏感" in text else set()
    assert wrong == []
    assert (LISTS - told, LISTS - levels) == (set(), {"/desk/search/"})  # a search finds none of level 2


def looks(path: str) -> list[str]:
    """The looks that the log knows of the record whose page this is."""
    uid = UID.search(path)
    assert uid is not None
    rows = Entry.objects.filter(verb="seen", obj__endswith=uid[0]).select_related("payload").order_by("seq")
    return [row.payload.body for row in rows]


def test_a_page_says_the_words_after_the_look_was_logged(twins: Twins) -> None:
    """When the page begins to be written the entry is there; a record of level 1 leaves none."""
    client, known = client_of(twins.world), list[int]()

    def count(**_said: Any) -> None:
        known.append(len(looks(path)))

    for path in sorted(twins.own):
        template_rendered.connect(count, weak=False, dispatch_uid="looks")
        try:
            words = content_of(client.get(path)).decode()
        finally:
            template_rendered.disconnect(dispatch_uid="looks")
        assert KEPT in words
        assert (set(known), len(looks(path))) == ({1}, 1)
        known.clear()
    (told, *_others) = twins.findings[1]
    assert TOLD in client.get(f"/desk/findings/{told.uid}/").content.decode()
    assert looks(f"/desk/findings/{told.uid}/") == []


def test_what_is_taken_away_of_it_is_logged_too(twins: Twins) -> None:
    """Evidence, the text of a letter that quotes it: an entry each, and the paper says its level on every page."""
    client, (kept, *_others) = client_of(twins.world), twins.findings[2]
    with as_(SYSTEM):
        file = kept.evidence.get()
    place = f"/desk/findings/{kept.uid}/"
    assert KEPT.encode() in content_of(client.get(f"{place}evidence/{file.uid}/"))
    paper = content_of(client.get(twins.paper)).decode()
    assert (KEPT in paper, TOLD in paper, "工作敏感" in paper) == (True, True, True)
    assert looks(place) == ['{"what":"evidence"}', f'{{"what":"letter {twins.letter.uid}"}}']


def test_a_letter_is_not_named_after_words_that_stay_in(world: World) -> None:
    """The matter of a sheet, if nobody wrote it, is what its first finding says: not of level 2."""
    client = client_of(world, "干部甲")
    said = {"office": world.offices[OFFICE].pk, "drafted_on": DAY.isoformat(), "source": "日常监督"}
    answers = {}
    for level in (2, 1):
        code = world.rectifying(office=OFFICE, unit=UNIT, on=DAY, level=level).code
        answers[level] = client.post("/desk/copy-reports/draft/", said | {"findings": code}).status_code
    assert answers == {2: 422, 1: 303}
