"""Statutes with their periods of force, and the articles that are cited (data/statutes.json).

A 2022 document cites the Supervision Law of 2018, article 45; one of 2026 its amended numbering, article 52.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "statutes.json"
KEY = re.compile(r"([a-z0-9-]+):([1-9][0-9]*)(?:\.([1-9][0-9]*))?(?:\(([1-9][0-9]*)\))?")
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Statute:
    """One text of a law or rule. A revision is another of the same `family`. Both days of force are included."""

    key: str
    family: str
    zh: str
    en: str
    number: str
    issued_on: date
    effective_from: date
    effective_to: date | None

    def in_force(self, on: date) -> bool:
        """Whether the text applied on that day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


@dataclass(frozen=True, slots=True)
class Article:
    """A place in a statute: article, paragraph (款) and item (项)."""

    key: str
    statute: Statute
    number: int
    paragraph: int | None = None
    item: int | None = None

    @property
    def zh(self) -> str:
        """As a document cites it: 《中华人民共和国监察法》第四十五条第一款第五项."""
        paragraph = f"第{numeral(self.paragraph)}款" if self.paragraph else ""
        item = f"第{numeral(self.item)}项" if self.item else ""
        return f"《{self.statute.zh}》第{numeral(self.number)}条{paragraph}{item}"

    @property
    def en(self) -> str:
        """The same in English: Supervision Law, art. 45(1)(5)."""
        marks = "".join(f"({part})" for part in (self.paragraph, self.item) if part)
        return f"{self.statute.en}, art. {self.number}{marks}"


@cache
def statutes() -> dict[str, Statute]:
    """Every statute by its key, in the order of the file."""
    return {row["key"]: _statute(row) for row in _file()["statutes"]}


@cache
def article(key: str) -> Article:
    """The article of a key like "supervision-law-2018:45.1(5)". Raises LookupError for an unknown statute."""
    match = KEY.fullmatch(key)
    if match is None or match[1] not in statutes():
        raise LookupError(f"条款“{key}”不在法规库中 · article not in the statutes: {key}")
    number, paragraph, item = (int(part) if part else None for part in match.groups()[1:])
    return Article(key, statutes()[match[1]], number or 0, paragraph, item)


def provisions() -> dict[str, tuple[str, str]]:
    """Each matter that has a basis in the statutes: key → (Chinese, English)."""
    return {row["key"]: (row["zh"], row["en"]) for row in _file()["provisions"]}


def basis(key: str, *, on: date) -> tuple[Article, ...]:
    """The articles on a matter ("supervision-proposal") in the statutes in force on that day.

    None if it had no basis yet. Raises LookupError for an unknown matter.
    """
    for row in _file()["provisions"]:
        if row["key"] == key:
            return in_force(row["articles"], on)
    raise LookupError(f"“{key}”不在法规库中 · no such provision: {key}")


def in_force(keys: list[str] | tuple[str, ...], on: date) -> tuple[Article, ...]:
    """Those of the articles whose statute applied on that day, in the given order."""
    return tuple(one for one in map(article, keys) if one.statute.in_force(on))


def cite(articles: tuple[Article, ...], *, english: bool = False) -> str:
    """The articles in one phrase; a statute is named once: 《…》第十一条第三项、第四十五条第一款第五项."""
    words: list[str] = []
    for place, one in enumerate(articles):
        text = one.en if english else one.zh
        if place and articles[place - 1].statute == one.statute:
            text = text.removeprefix(f"{one.statute.en}, " if english else f"《{one.statute.zh}》")
        words.append(text)
    return (", " if english else "、").join(words)


def numeral(number: int) -> str:
    """1–999 in Chinese: 十, 四十五, 一百零五, 二百一十."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    head = DIGITS[hundreds] + "百" if hundreds else ""
    if tens:
        head += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        head += "零"
    return head + (DIGITS[ones] if ones else "")


@cache
def _file() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return content


def _statute(row: dict[str, Any]) -> Statute:
    end = date.fromisoformat(row["to"]) if row["to"] else None
    issued, start = date.fromisoformat(row["issued"]), date.fromisoformat(row["from"])
    return Statute(row["key"], row["family"], row["zh"], row["en"], row["number"], issued, start, end)
