"""Terms as data: each clock of the trade, its article on a day, and what an installation may change."""

import json
from datetime import date

import pytest
from django.conf import settings

from jiandu.base.core.clock import Term, Unit
from jiandu.base.lexicon import statutes, terms

SPRING = date(2022, 6, 1)


@pytest.mark.parametrize(
    ("key", "amount", "unit"),
    [
        ("report-upward", 5, Unit.WORKING_DAY),
        ("forwarded-report", 5, Unit.WORKING_DAY),
        ("other-competence", 5, Unit.WORKING_DAY),
        ("acceptance-told", 15, Unit.WORKING_DAY),
        ("result-told", 15, Unit.WORKING_DAY),
        ("assigned-report", 3, Unit.MONTH),
        ("assigned-report-extension", 3, Unit.MONTH),
        ("results-to-petition-office", 3, Unit.MONTH),
        ("clue-opinion", 1, Unit.MONTH),
        ("inquiry-reply", 15, Unit.WORKING_DAY),
        ("inquiry-report", 1, Unit.MONTH),
        ("talk-statement", 15, Unit.WORKING_DAY),
        ("entrusted-talk", 15, Unit.WORKING_DAY),
        ("discipline-review", 3, Unit.MONTH),
        ("petition-routed", 15, Unit.DAY),
        ("petition-objection", 5, Unit.WORKING_DAY),
        ("petition-finished", 60, Unit.DAY),
        ("petition-extension", 30, Unit.DAY),
        ("petition-review-asked", 30, Unit.DAY),
        ("petition-review-answered", 30, Unit.DAY),
        ("petition-recheck-asked", 30, Unit.DAY),
        ("petition-recheck-answered", 30, Unit.DAY),
        ("receive", 3, Unit.WORKING_DAY),
        ("plan", 10, Unit.WORKING_DAY),
        ("rectify-at-once", 30, Unit.DAY),
        ("rectify-by-date", 60, Unit.DAY),
        ("rectify-long-term", 3, Unit.MONTH),
        ("extension", 30, Unit.DAY),
        ("look-back", 3, Unit.MONTH),
        ("joint-visit", 30, Unit.DAY),
        ("copy-report-study", 5, Unit.WORKING_DAY),
        ("copy-report-reply", 10, Unit.WORKING_DAY),
        ("proposal-reply", 30, Unit.DAY),
        ("estate-period", 3, Unit.MONTH),
        ("estate-publication", 30, Unit.DAY),
        ("estate-posting", 30, Unit.DAY),
    ],
)
def test_term_of_each_clock(key, amount, unit):
    found = terms.term(key, on=SPRING)
    assert (found.amount, found.unit, found.in_force(SPRING)) == (amount, unit, True)


def test_every_row_has_been_named_in_the_test_above():
    mark = next(one for one in test_term_of_each_clock.pytestmark if one.name == "parametrize")
    assert list(dict.fromkeys(row.key for row in terms.deadlines())) == [key for key, _, _ in mark.args[1]]


def test_term_picks_the_article_of_the_day():
    days = (date(2021, 9, 20), date(2025, 5, 31), date(2025, 6, 1))
    assert [terms.term("talk-statement", on=day).article for day in days] == [
        "supervision-regulations-2021:72",
        "supervision-regulations-2021:72",
        "supervision-regulations-2025:79.2",
    ]
    assert [one.key for one in terms.deadline("acceptance-told", on=date(2026, 1, 1)).basis(date(2026, 1, 1))] == [
        "accusation-rules-2020:26",
        "supervision-regulations-2025:209.2",
    ]


@pytest.mark.parametrize("row", [row for row in terms.read_terms() if row.key.startswith("petition-")], ids=str)
def test_a_term_of_petitions_stands_in_the_law_of_its_days(row):
    """信访条例 from 2005-05-01, abolished when 信访工作条例 came into force on 2022-05-01: no row names both."""
    of = {(date(2005, 5, 1), date(2022, 4, 30)): "信访条例", (date(2022, 5, 1), None): "信访工作条例"}
    laws = {statutes.article(key).statute.zh for key in row.articles}
    assert laws == {of[row.effective_from, row.effective_to]}


def test_term_of_a_local_default_names_no_statute():
    assert terms.term("look-back", on=SPRING) == Term(3, Unit.MONTH, "local:look-back", date(2000, 1, 1))


@pytest.mark.parametrize(("key", "on"), [("nothing", SPRING), ("talk-statement", date(2021, 9, 19))])
def test_term_refuses_what_did_not_apply(key, on):
    with pytest.raises(LookupError):
        terms.term(key, on=on)


@pytest.mark.parametrize(
    ("key", "start", "end"),
    [
        ("acceptance-told", date(2022, 9, 26), date(2022, 10, 20)),  # National Day off, two make-up days
        ("assigned-report", date(2021, 11, 30), date(2022, 2, 28)),
        ("rectify-at-once", date(2022, 6, 1), date(2022, 7, 1)),
        ("rectify-by-date", date(2022, 6, 1), date(2022, 8, 1)),  # 31 July is a Sunday
        ("look-back", date(2022, 6, 1), date(2022, 9, 1)),
    ],
)
def test_due_on_counts_by_the_calendar(key, start, end):
    assert terms.due_on(key, start=start) == end


@pytest.mark.parametrize("row", terms.read_terms(), ids=lambda row: row.key)
def test_each_row_has_an_article_on_each_of_its_days(row):
    assert all((row.zh, row.en, row.start, row.start_en))
    assert row.is_local == (not row.articles)
    if not row.is_local:
        texts = [statutes.article(key).statute for key in row.articles]
        edges = {row.effective_from, *(text.effective_from for text in texts), date(2030, 1, 1)}
        last = row.effective_to or date.max
        assert [day for day in sorted(edges) if row.effective_from <= day <= last and not row.basis(day)] == []
        assert row.effective_from == min(text.effective_from for text in texts)


def write(folder, *rows):
    path = folder / "terms.json"
    path.write_text(json.dumps({"terms": rows}), encoding="utf-8")
    return path


def test_an_installation_changes_a_local_default_from_a_day_on(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA", tmp_path)
    write(tmp_path, {"key": "rectify-by-date", "amount": 45, "unit": "day", "from": "2024-01-01"})
    found = [terms.term("rectify-by-date", on=day) for day in (date(2023, 12, 31), date(2024, 1, 1))]
    assert [(one.amount, one.effective_to) for one in found] == [(60, date(2023, 12, 31)), (45, None)]
    assert [row.key for row in terms.deadlines()].count("rectify-by-date") == 2


def test_an_installation_changes_a_local_default_twice(tmp_path):
    rows = [{"key": "plan", "amount": n, "unit": "day", "from": f"202{n}-01-01"} for n in (4, 5)]
    found = [row for row in terms.read_terms(local=write(tmp_path, *rows)) if row.key == "plan"]
    assert [(row.amount, row.effective_from.year, row.effective_to) for row in found] == [
        (10, 2000, date(2023, 12, 31)),
        (4, 2024, date(2024, 12, 31)),
        (5, 2025, None),
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"key": "acceptance-told", "amount": 20, "unit": "working_day", "from": "2024-01-01"}, "not a local term"),
        ({"key": "nothing", "amount": 20, "unit": "day", "from": "2024-01-01"}, "not a local term"),
        ({"key": "plan", "amount": 0, "unit": "day", "from": "2024-01-01"}, "wrong amount or date"),
        ({"key": "plan", "amount": 5, "unit": "day", "from": "2000-01-01"}, "wrong amount or date"),
        ({"key": "plan", "amount": 5, "unit": "week", "from": "2024-01-01"}, "wrong entry"),
        ({"key": "plan", "amount": 5, "unit": "day"}, "wrong entry"),
    ],
)
def test_an_installation_cannot_change_the_law_or_write_nonsense(tmp_path, row, words):
    with pytest.raises(ValueError, match=words):
        terms.read_terms(local=write(tmp_path, row))


@pytest.mark.parametrize("content", ["", "[]", "{}"])
def test_a_file_of_another_form_is_refused(tmp_path, content):
    path = tmp_path / "terms.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match="not of the agreed form"):
        terms.read_terms(local=path)
