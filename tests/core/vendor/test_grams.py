"""Search: the same rows on both databases and in every form, those that reading the texts would give."""

import itertools
from datetime import UTC, datetime
from random import Random

import pytest
from django.db import connection, transaction
from django.db.models import Q
from tests.ground import POSTGRESQL

from jiandu.base.audit.models import Entry
from jiandu.base.core import tripwire
from jiandu.base.core.text import RUN, normal
from jiandu.base.core.text import grams as cuts_of
from jiandu.base.core.vendor import grams

NAME = "lab_grams"
PIECES = ["低", "保", "金", "低保", "发放", "厂租", "1", "a", "a1", ",", " ", "-"]
QUERIES = ["低", "低保", "保金", "低保金", "厂租", "a1", "1", "a-1", "低保 厂租", "金1", "1金", "低保,金", "发放1a"]


@pytest.fixture(params=["walked", "sought"])
def form(request, monkeypatch):
    """Both forms of the condition, whatever the newest rows hold."""
    monkeypatch.setattr(grams, "DENSE", 0 if request.param == "walked" else 10**9)
    return request.param


def fill(texts):
    """A row for each text, numbered from 1."""
    at = datetime(2022, 1, 1, tzinfo=UTC)
    with transaction.atomic():
        Entry.objects.bulk_create([Entry(seq=seq, at=at) for seq in range(1, len(texts) + 1)])
        grams.put_many(NAME, enumerate(texts, start=1))


def found(query, **more):
    return list(Entry.objects.filter(grams.matches(NAME, query), **more).order_by("seq").values_list("seq", flat=True))


def reads(text, query):
    """What a person would answer: each word's runs stand side by side in the text, in order."""
    return all(_side_by_side(text, word) for word in normal(query).split() if cuts_of(word))


def _side_by_side(text, word):
    wanted, runs = ([(han or other, bool(han)) for han, other in RUN.findall(normal(each))] for each in (word, text))
    for start in range(len(runs) - len(wanted) + 1):
        part = runs[start : start + len(wanted)]
        if all(_fits(part[i], wanted[i], i, len(wanted)) for i in range(len(wanted))):
            return True
    return False


def _fits(run, wanted, place, count):
    (text, han), (word, is_han) = run, wanted
    if han != is_han:
        return False
    if count == 1:
        return word in text if han else text.startswith(word)
    if place == 0:
        return text.endswith(word) if han else text == word
    if place == count - 1:
        return text.startswith(word)
    return text == word


@pytest.mark.usefixtures("lab")
def test_every_form_finds_what_a_reader_would_find(form):
    chance = Random(11)
    texts = ["".join(chance.choices(PIECES, k=chance.randint(1, 9))) for _ in range(400)]
    fill(texts)
    expected = {query: [seq for seq, text in enumerate(texts, start=1) if reads(text, query)] for query in QUERIES}
    assert {query: found(query) for query in QUERIES} == expected
    assert min(map(len, expected.values())) >= 1


@pytest.mark.usefixtures("lab")
def test_ids_are_those_of_the_condition():
    fill(["低保金", "低保", "厂租", "低保厂租"])
    counted = [Entry.objects.filter(pk__in=grams.matching_ids(NAME, query)).count() for query in ("低保", "厂租", "无")]
    newest = Entry.objects.filter(pk__in=grams.matching_ids(NAME, "低保", limit=2)).values_list("seq", flat=True)
    assert (counted, sorted(newest)) == ([3, 2, 0], [2, 4])


@pytest.mark.usefixtures("lab")
@pytest.mark.parametrize("query", ["", " ", ",。", '"', "*", "\\", "'"])
def test_query_without_a_letter_matches_nothing(query, form):
    fill(["低保", "a"])
    assert (found(query), list(Entry.objects.filter(pk__in=grams.matching_ids(NAME, query)))) == ([], [])


@pytest.mark.usefixtures("lab")
@pytest.mark.parametrize(
    "query",
    [
        '低保"',
        "低保*",
        "低保' OR 1=1 --",
        "低保 AND NOT 低保",
        "NEAR(低保 厂租)",
        "低保:*",
        "低保 | !厂租 & (",
        "g : 低保",
        "低保%",
        "\x00低保",
    ],
)
def test_signs_of_the_query_languages_are_no_more_than_signs(query, form):
    fill(["低保", "厂租"])
    assert set(found(query)) <= {1}


@pytest.mark.usefixtures("lab")
def test_put_replaces_and_removes(form):
    fill(["低保", "厂租"])
    grams.put(NAME, 1, "厂租")
    grams.put(NAME, 2, "")
    grams.put(NAME, 3, "没有")
    grams.put(NAME, 9, "")
    assert [found(query) for query in ("低保", "厂租")] == [[], [1]]


@pytest.mark.usefixtures("lab")
def test_put_many_times_leaves_the_index_sound(form):
    chance = Random(5)
    texts = dict.fromkeys(range(1, 21), "")
    fill([""] * 20)
    for _ in range(300):
        seq = chance.randint(1, 20)
        texts[seq] = chance.choice(["", "".join(chance.choices(PIECES, k=9))])
        grams.put(NAME, seq, texts[seq])
    assert {query: found(query) for query in QUERIES} == {
        query: [seq for seq, text in texts.items() if text and reads(text, query)] for query in QUERIES
    }
    if not POSTGRESQL:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO lab_grams_index (lab_grams_index, rank) VALUES ('integrity-check', 1)")


@pytest.mark.usefixtures("lab")
def test_put_is_undone_with_its_transaction(form):
    fill(["低保"])
    with transaction.atomic():
        grams.put(NAME, 1, "厂租")
        transaction.set_rollback(True)
    assert [found("低保"), found("厂租")] == [[1], []]


@pytest.mark.usefixtures("lab")
def test_long_texts_are_searched_up_to_the_limit(form):
    fill(["甲" + "乙丙" * 7998 + "丁戊己" * 4000])
    assert [found("甲乙"), found("丙丁戊"), found("丁戊己丁戊己")] == [[1], [1], []]


@pytest.mark.usefixtures("lab")
def test_condition_goes_with_other_conditions_and_order(form):
    fill(["低保"] * 30)
    shown = Entry.objects.filter(grams.matches(NAME, "低保"), Q(seq__lt=20) | Q(seq=25), seq__gt=3).order_by("-seq")[:3]
    assert ([entry.seq for entry in shown], Entry.objects.exclude(grams.matches(NAME, "低保")).count()) == (
        [25, 19, 18],
        0,
    )


@pytest.mark.usefixtures("lab")
def test_condition_may_lead_over_a_field():
    fill(["低保", "厂租"])
    assert str(Entry.objects.filter(grams.matches(NAME, "厂租", field="payload__pk")).query).count("audit_payload") > 0


@pytest.mark.usefixtures("lab")
@pytest.mark.parametrize(("count", "is_walked"), [(9, False), (10, True)])
def test_a_word_is_common_by_the_newest_rows(count, is_walked):
    fill(["低保"] * 1000 + ["厂租"] * (1000 - count) + ["低保"] * count)
    assert (isinstance(grams.matches(NAME, "低保"), grams.Holds), len(found("低保"))) == (is_walked, 1000 + count)


@pytest.mark.usefixtures("lab")
def test_the_tripwire_reads_every_form(form):
    fill(["低保"])
    queries = (
        Entry.objects.filter(grams.matches(NAME, "低保 厂租")).order_by("-seq")[:20],
        Entry.objects.filter(pk__in=grams.matching_ids(NAME, "低保", limit=5)),
        Entry.objects.filter(
            Q(pk__in=Entry.objects.filter(verb="").values("pk").union(Entry.objects.values("pk"))),
            grams.matches(NAME, "低保"),
        ),
    )
    statements = [str(query.query.get_compiler("default").as_sql()[0]) for query in queries]
    assert [tripwire.judge(sql, connection.vendor) for sql in statements] == [("", ())] * 3


@pytest.mark.usefixtures("lab")
def test_all_forms_agree_over_words_of_every_length(monkeypatch):
    chance = Random(3)
    texts = ["".join(chance.choices("低保金a1 ", k=8)) for _ in range(120)]
    fill(texts)
    words = ["".join(word) for length in (1, 2, 3) for word in itertools.product("低保a1", repeat=length)]
    answers = []
    for dense in (0, 10**9):
        monkeypatch.setattr(grams, "DENSE", dense)
        answers.append([found(word) for word in words])
    assert (answers[0] == answers[1], answers[0]) == (
        True,
        [[seq for seq, text in enumerate(texts, start=1) if reads(text, word)] for word in words],
    )
