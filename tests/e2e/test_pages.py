"""Every page, as it is: no complaint of axe or the browser, nothing wider than the window, nothing untranslated.

The short run opens each page once, languages and widths going round; the full run opens it in the other language too,
the form of every act, and everything for everybody in large text.
"""

import re
from html import unescape
from urllib.parse import unquote

import pytest
from playwright.sync_api import Error, Page

from jiandu.surfaces.desk.acts.table import ACTS
from jiandu.surfaces.desk.views.jobs import KINDS
from tests.chromium import Complaints
from tests.e2e.browsing import DESK, PHONE, City, picture, wrong_on
from tests.e2e.places import Visit, visits, without_place

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.once]
#: In this order any two that follow each other are of both languages.
LOOKS = [("zh-hans", DESK), ("en", PHONE), ("zh-hans", PHONE), ("en", DESK)]
DOOR = "desk/d/"  # what a QR opens leads on to the page of its record
KEYS = "/desk/keys/?next="  # what needs an unlocked key leads to unlocking, and back


def walk(
    city: City, language: str, size: tuple[int, int], chosen: list[Visit], text: str = "normal"
) -> dict[str, list[str]]:
    """What is wrong, by page; nothing for pages that are right."""
    found = {}
    for who in dict.fromkeys(visit.who for visit in chosen):
        with city.as_(who, size, language) as page:
            page.context.add_cookies([{"name": "text", "value": text, "url": city.base}])
            complaints = Complaints()
            complaints.watch(page)
            for visit in (one for one in chosen if one.who == who):
                # Another record, or for somebody else, need not be there: then the page that says so is judged.
                complaints.but = () if visit.is_first else (404,)
                wrong = look(page, city.base, visit, language) + complaints.said
                complaints.said.clear()
                if wrong:
                    found[str(visit)] = wrong
    return found


def look(page: Page, base: str, visit: Visit, language: str) -> list[str]:
    """What is wrong with one page; a file only has to come."""
    try:
        answer = page.goto(base + visit.path, wait_until="load")
    except Error as error:
        if not re.search("Download is starting|ERR_ABORTED", str(error)):  # a file, or nothing new (204)
            raise
        fetched = page.request.get(base + visit.path)
        return [] if fetched.ok or (fetched.status == 404 and not visit.is_first) else [str(fetched.status)]
    if answer is None or "text/html" not in answer.headers.get("content-type", "") or "<html" not in answer.text():
        return []
    meant = (base + unquote(visit.path), base + KEYS + unquote(visit.path))
    stays = visit.route.startswith(DOOR) or unquote(page.url) in meant
    moved = [] if stays else [f"moved to {page.url}"]
    width = page.viewport_size["width"] if page.viewport_size else 0
    name = re.sub(r"[^\w=]+", "_", f"{visit.route}{visit.path.partition('?')[2]}-{visit.who}-{language}-{width}")
    picture(page, name)
    return moved + wrong_on(page, language)


def test_every_route_and_kind_of_job_has_a_place_in_the_city(city: City) -> None:
    """Whoever adds a kind of record to the URLs, or a kind of job, shows one in tests.e2e.city."""
    assert without_place(city.places) == []
    assert set(KINDS) - set(city.places["jobs"]) == set()


@pytest.mark.parametrize("turn", [0, pytest.param(1, marks=pytest.mark.full)])
def test_every_page_is_right(city: City, turn: int) -> None:
    every = [visit for visit in visits(city.places) if visit.is_first]
    wrong = {}
    for number, (language, size) in enumerate(LOOKS):
        wrong |= walk(city, language, size, every[(number - turn) % len(LOOKS) :: len(LOOKS)])
    assert wrong == {}


def forms(city: City) -> list[Visit]:
    """The form of every act that some page offers to somebody, each once."""
    found: dict[tuple[str, str], Visit] = {}
    for who in dict.fromkeys(visit.who for visit in visits(city.places)):
        with city.as_(who) as page:
            for visit in (one for one in visits(city.places) if one.who == who):
                shown = page.request.get(city.base + visit.path)
                if "text/html" in shown.headers.get("content-type", ""):
                    for query in re.findall(r'href="(\?act=[^"]+)"', shown.text()):
                        form = Visit(visit.path.partition("?")[0] + unescape(query), who, visit.route, is_first=True)
                        found.setdefault((visit.route, query.partition("&")[0]), form)
    return list(found.values())


@pytest.mark.full
def test_every_form_of_an_act_is_right(city: City) -> None:
    every = forms(city)
    assert len(every) >= len(ACTS)
    for number, (language, size) in enumerate(LOOKS):
        assert walk(city, language, size, every[number :: len(LOOKS)]) == {}


@pytest.mark.full
@pytest.mark.parametrize(("language", "size"), LOOKS[:2], ids=["zh-desk-large", "en-phone-large"])
def test_every_page_is_right_for_everybody(city: City, language: str, size: tuple[int, int]) -> None:
    """With every record in its place, for each who sees it differently, in large text: English on a phone is the tightest.

    The forms above are walked in the other two looks as well.
    """
    assert walk(city, language, size, [*visits(city.places), *forms(city)], "large") == {}
