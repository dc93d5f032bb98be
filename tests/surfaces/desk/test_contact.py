"""营商环境监督联系点 through its pages; and that the unit and its stationed body never learn who told it, on any page or sheet."""

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from zipfile import ZipFile

import pytest
from django.urls import URLPattern, get_resolver
from openpyxl import load_workbook
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.outcomes.services import NewRule, record_rule_of
from jiandu.results.analysis.measures.registry import all_measures
from jiandu.sources.contactpoints.models import (
    ContactPoint,
    ContactProblem,
    ContactSuggestion,
    ProblemStep,
    Reflection,
)
from jiandu.sources.contactpoints.services import problems, suggestions
from jiandu.sources.contactpoints.services.problems import Act

PLACE = "/desk/contact/"
NAME, SHORT, QUOTE = "厦海明珠茶业有限公司", "明珠茶业", "我们每次都要等三个月"
DAY = date(2022, 3, 1)


def only(model: Any, **where: Any) -> Any:
    with as_(SYSTEM):
        return model.objects.get(**where)


def test_a_problem_from_the_point_to_the_result(world: World) -> None:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    officer, unit = client_of(world, "干部甲"), client_of(world, "经办人丁")
    office = world.offices["第一监督检查室"].pk
    said = {"name": NAME, "short_name": SHORT, "kind": "enterprise", "tier": "city", "office": office}
    assert (
        officer.post(f"{PLACE}points/invite/", {**said, "since": "2022-01-01", "officer": "干部甲"}).status_code == 303
    )
    point = only(ContactPoint)
    opened = officer.get(f"{PLACE}?act=take-in&point={point.uid}").content.decode()
    assert f'value="{point.uid}" selected' in opened
    told = {
        "point": point.uid,
        "registered_on": "2022-03-01",
        "problem": "办证等候过久",
        "quote": QUOTE,
        "office": office,
    }
    refused = officer.post(f"{PLACE}take-in/", {**told, "facts": f"{SHORT}多次前往"})
    assert (refused.status_code, "不能写企业名称" in refused.content.decode()) == (422, True)
    assert officer.post(f"{PLACE}take-in/", told).status_code == 303
    place = f"{PLACE}{only(ContactProblem).uid}/"
    assert unit.get(place).status_code == 404  # not assigned yet
    for verb, more in (
        ("study", {"nature": "conduct"}),
        ("assign", {"subject": "市教育局", "note": "请核实", "due_on": "2022-03-20"}),
    ):
        assert officer.post(f"{place}{verb}/", {"on": "2022-03-05", **more}).status_code == 303
    assert unit.post(f"{place}settle/", {"on": "2022-03-10", "result": "resolved"}).status_code == 404
    assert unit.post(f"{place}answer/", {"on": "2022-03-10", "note": "已增设窗口"}).status_code == 303
    unsatisfied = officer.post(f"{place}return/", {"on": "2022-03-12", "note": "仍需排队"})
    assert unsatisfied.status_code == 303
    assert unit.post(f"{place}answer/", {"on": "2022-03-14", "note": "已改为网上办理"}).status_code == 303
    settled = {"on": "2022-03-16", "result": "resolved", "satisfaction": "satisfied"}
    assert officer.post(f"{place}settle/", settled).status_code == 303
    rule = {"title": "许可办理规程", "issuer": "市教育局", "issued_on": "2022-04-01"}
    assert officer.post(f"{place}rule/", rule).status_code == 303
    suggest = {"text": "公开办件进度", "raised_on": "2022-03-16", "point": point.uid, "office": office}
    assert officer.post(f"{place}suggest/", suggest).status_code == 303
    adopted = f"{PLACE}suggestions/{only(ContactSuggestion).uid}/adopt/"
    assert officer.post(adopted, {"on": "2022-04-02", "used_for": "专项监督要点"}).status_code == 303
    shown = officer.get(place).content.decode()
    for words in ("企业A", NAME, QUOTE, "已推动解决", "不满意", "许可办理规程", "公开办件进度", "2022-04-02"):
        assert words in shown, words
    assert NAME in officer.get(f"{PLACE}points/?text=明珠").content.decode()
    assert "已推动解决" in officer.get(f"{PLACE}?year=2022&state=settled").content.decode()
    for key in ("contact_problems_resolved", "contact_rules_made", "contact_suggestions_adopted", "contact_points"):
        text = officer.get(f"/desk/measures/{key}/?year=2022&as_of=2022-12-31").content.decode()
        assert text.count("<tr>") >= 1, key


def test_the_page_offers_first_what_the_problem_waits_for(world: World) -> None:
    officer, problem = client_of(world, "干部甲"), world.told()
    first = re.compile(r'<a class="btn btn-sm btn-primary" href="\?act=([\w-]+)"')
    found = []
    for slug, said in (
        ("study", {"nature": "conduct"}),
        ("assign", {"subject": "市教育局"}),
        ("answer", {"note": "已增设窗口"}),
        ("settle", {"result": "resolved", "satisfaction": "satisfied"}),
    ):
        found += first.findall(officer.get(f"{PLACE}{problem.uid}/").content.decode())
        assert officer.post(f"{PLACE}{problem.uid}/{slug}/", {"on": "2022-03-05", **said}).status_code == 303, slug
    settled = officer.get(f"{PLACE}{problem.uid}/").content.decode()
    found += first.findall(settled)
    assert (found, "?act=settle" in settled) == (["study", "assign", "answer", "settle"], False)


def test_only_the_last_step_is_taken_back_on_the_page(world: World) -> None:
    officer = client_of(world, "干部甲")
    problem = world.answered(world.told())
    place = f"{PLACE}{problem.uid}/"
    steps = re.findall(r"act=withdraw-step&amp;on=(\d+)", officer.get(place).content.decode())
    last = only(ProblemStep, problem=problem, seq=4)
    assert set(steps) == {str(last.pk)}
    answer = officer.post(f"{place}withdraw-step/?on={last.pk}", {"on": "2022-04-01", "reason": "误登"})
    assert answer.status_code == 303
    assert "已撤下：误登" in officer.get(place).content.decode()


def test_the_pages_ask_no_more_for_more_rows(world: World) -> None:
    officer, counts = client_of(world, "书记"), []
    for _round in range(2):
        point = world.point()
        for _each in range(3):
            problem = world.answered(world.told(point))
            with as_(SYSTEM) as by:
                problems.join(problem=problem, by=by, point=world.point(), on=date(2022, 4, 2))
        pages = {
            "problems": PLACE,
            "points": f"{PLACE}points/",
            "point": f"{PLACE}points/{point.uid}/",
            "one": f"{PLACE}{problem.uid}/",
        }
        found = questions(officer, pages.values())
        counts.append({name: found[page] for name, page in pages.items()})
    assert grown(*counts) == {}


def test_who_has_not_the_room_above_finds_it_by_itself_in_the_menu(world: World) -> None:
    entry = re.compile(r'<li( class="under")?><a href="/desk/contact/"')
    for name, stands_below in (("干部甲", True), ("经办人丁", False)):
        (link,) = entry.findall(client_of(world, name).get("/desk/").content.decode())
        assert bool(link) is stands_below, name


# --- the name ---


def told_with_everything(world: World) -> ContactProblem:
    """A problem told by the enterprise, merged with another's, with an answer, a rule, a suggestion, a step taken back."""
    point, other = world.point(NAME, short_name=SHORT, liaison="明珠赵经理"), world.point(NAME + "二厂")
    problem = world.told(point, words=QUOTE, subject=world.units["市教育局"])
    office = world.offices["第一监督检查室"]
    with as_(SYSTEM) as by:
        problems.join(problem=problem, by=by, point=other, on=DAY, words=QUOTE)
        new = suggestions.NewSuggestion("公开办件进度", DAY, office, point, problem, QUOTE)
        suggestions.adopt(suggestion=suggestions.suggest(new=new, by=by), by=by, on=DAY, used_for="要点")
    world.answered(problem)
    double = world.told(point, problem="同一件事", words=QUOTE, subject=world.units["市教育局"])
    with as_(SYSTEM) as by:
        problems.merge(problem=double, into=problem, by=by, act=Act(date(2022, 4, 2), "同一事项"))
        problems.settle(problem=problem, by=by, act=Act(date(2022, 4, 3), "", "resolved"))
        problems.give_back(problem=problem, by=by, act=Act(date(2022, 4, 4), "仍需排队"))
        record_rule_of(origin=problem, by=by, new=NewRule("许可办理规程", "市教育局", date(2022, 5, 1)))
    return problem


def addresses(world: World) -> Iterator[str]:
    """Every page of the desk that is read, for every record there is, each act opened, each list as a sheet too."""
    records = list(_uids())
    for route in _routes(get_resolver().url_patterns, ""):
        places = [route] if "<" not in route else [re.sub(r"<uuid:\w+>", uid, route) for uid in records]
        yield from (f"/{place}" for place in places if "<" not in place)
        if "<" not in route or f"/{route}".startswith(PLACE):  # the page of another record is no list
            yield from (f"/{place}?format=xlsx" for place in places if "<" not in place)
    for key in all_measures():
        yield f"/desk/measures/{key}/?year=2022&as_of=2022-12-31"
    for text in (NAME, SHORT, "企业A", "茶业"):
        yield f"/desk/search/?q={text}"
        yield f"{PLACE}?text={text}"
    for uid in records:
        for act in ("answer", "join", "merge", "assign", "settle", "withdraw", "edit"):
            yield f"{PLACE}{uid}/?act={act}"
    yield f"{PLACE}?act=take-in"
    yield from replies()


def _uids() -> Iterator[str]:
    with as_(SYSTEM):
        for model in (ContactPoint, ContactProblem, ContactSuggestion):
            yield from map(str, model.objects.values_list("uid", flat=True))


def _routes(patterns: Any, before: str) -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLPattern):
            yield here
        else:
            yield from _routes(pattern.url_patterns, here)


def words_of(answer: Any) -> str:
    """Everything that an answer says, a sheet cell by cell, a Word file part by part, and its headers."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    head = str(dict(answer.headers))
    if "wordprocessingml" in head:
        return head + words_of_docx(body)
    if body[:2] == b"PK":
        book = load_workbook(io.BytesIO(body))
        cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
        return head + "\n".join(cells)
    return head + body.decode(errors="replace")


def words_of_docx(content: bytes) -> str:
    """Every part of the file: text, properties, headers."""
    with ZipFile(io.BytesIO(content)) as packed:
        return "\n".join(
            re.sub(r"<[^>]+>", "", packed.read(name).decode(errors="replace")) for name in packed.namelist()
        )


def replies() -> Iterator[str]:
    """The answers to the enterprises, for every problem and every one that told anything."""
    with as_(SYSTEM):
        told = list(Reflection.objects.values_list("uid", flat=True))
        rows = list(ContactProblem.objects.values_list("uid", flat=True))
    yield from (f"{PLACE}{uid}/replies/{each}/" for uid in rows for each in told)


def leaks(world: World, name: str, below: str = "/") -> list[str]:
    """The addresses below that one at which this person reads the name, the short name or the quote."""
    client = client_of(world, name)
    client.raise_request_exception = False
    secrets = [NAME, SHORT, QUOTE]
    found = []
    for place in filter(lambda place: place.startswith(below), addresses(world)):
        answer = client.get(place)
        if place.endswith((f"q={NAME}", f"text={NAME}", f"q={SHORT}", f"text={SHORT}")):
            continue  # what one typed oneself comes back; whether it finds anything is tested below
        said = words_of(answer)
        if any(secret in said for secret in secrets):
            found.append(place)
    return found


@pytest.mark.once(full_on_both=True)
@pytest.mark.parametrize("name", ["经办人丁", "驻教干部", pytest.param("干部乙", marks=pytest.mark.full)])
def test_no_page_tells_who_told(world: World, name: str) -> None:
    problem = told_with_everything(world)
    if name != "干部乙":
        shown = client_of(world, name).get(f"{PLACE}{problem.uid}/").content.decode()
        assert ("企业A" in shown, "企业B" in shown) == (True, True)  # the page itself is theirs to read
    assert leaks(world, name) == []


@pytest.mark.once(full_on_both=True)
def test_the_control_whoever_looks_after_the_point_reads_the_name_there(world: World) -> None:
    """The walk above would notice: for the office that looks after the point it finds the name, on these pages."""
    problem = told_with_everything(world)
    found = leaks(world, "干部甲", PLACE)
    point = only(ContactPoint, name=NAME)
    for place in (
        f"{PLACE}points/",
        f"{PLACE}points/{point.uid}/",
        f"{PLACE}{problem.uid}/",
        f"{PLACE}points/?format=xlsx",
        f"{PLACE}points/word/",
    ):
        assert place in found, place


@pytest.mark.parametrize("name", ["经办人丁", "驻教干部"])
def test_a_search_for_the_name_finds_nothing(world: World, name: str) -> None:
    told_with_everything(world)
    client = client_of(world, name)
    for text in (NAME, SHORT, "没有这家企业"):
        said = client.get(f"{PLACE}?text={text}").content.decode()
        assert ("办理许可证" in said, "没有符合条件的记录" in said) == (False, True)


def test_what_a_unit_types_is_refused_or_taken_without_regard_to_the_name(world: World) -> None:
    problem = told_with_everything(world)
    unit = client_of(world, "经办人丁")
    right = unit.post(f"{PLACE}{problem.uid}/answer/", {"on": "2022-04-05", "note": ""})
    assert (right.status_code, NAME in right.content.decode()) == (422, False)
    named = unit.post(f"{PLACE}{problem.uid}/answer/", {"on": "2022-04-05", "note": f"已答复{NAME}"})
    assert named.status_code == 303  # a guess is neither confirmed nor denied
