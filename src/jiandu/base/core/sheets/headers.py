"""Recognises a header row, or two rows with merged groups, and the facts (键:值) that stand above it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jiandu.base.core.text import normal

from .cells import Value, letters
from .reader import RawRow

_NOISE = re.compile(r"[\s*]|\((?:必填|选填|可选)\)")
_UNIT = re.compile(r"(.+?)[(\[【]([^()\[\]【】]*)[)\]】]")
_FACT = re.compile(r"\s*([^\d:：]{1,20}?)\s*[:：]\s*(.*)", re.DOTALL)
_BETWEEN = re.compile(r"\s{2,}|[\u3000\t\n;；]")
_LONGEST = 100  # characters of a title; a longer text is data


@dataclass(frozen=True, slots=True)
class Column:
    """A column that an importer wants: its key, the words it may go by (the first is shown), whether it must be there."""

    key: str
    titles: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a column was found: index from 0, letter, its words in the file, and the unit in their brackets (元, 万元)."""

    index: int
    letter: str
    title: str
    unit: str


@dataclass(frozen=True, slots=True)
class Header:
    """A header: the numbers of its first and last row, the index of the last among those looked at, the rows above it."""

    number: int
    last: int
    above: tuple[RawRow, ...]
    placed: dict[str, Placed]
    unknown: tuple[tuple[str, str], ...]
    missing: tuple[Column, ...]
    bottom: int = 0


_Names = dict[str, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class _Title:
    index: int
    shown: str
    names: tuple[str, ...]  # what may be compared, the most specific first


def find_header(head: Sequence[RawRow], columns: Sequence[Column], *, least: int) -> Header | None:
    """The row, or pair of rows, of `head` that names most of `columns`; None where it is fewer than `least`."""
    best: tuple[tuple[int, int], int, int, dict[str, Placed]] | None = None
    full, base = _names(columns)
    for at, raw in enumerate(head):
        following = head[at + 1] if at + 1 < len(head) and head[at + 1].number == raw.number + 1 else None
        for span, titles in enumerate((_single(raw.values), _double(raw.values, following)), start=1):
            placed = _placed(titles, full, base)
            score = (len(placed), -span)
            if placed and (best is None or score > best[0]):
                best = score, at, at + span - 1, placed
    if best is None or best[0][0] < least:
        return None
    _, first, last, placed = best
    titles = _single(head[first].values) if first == last else _double(head[first].values, head[last])
    used = {place.index for place in placed.values()}
    return Header(
        number=head[first].number,
        last=last,
        above=tuple(head[:first]),
        placed=placed,
        unknown=tuple((letters(title.index + 1), title.shown) for title in titles if title.index not in used),
        bottom=head[last].number,
        missing=tuple(column for column in columns if column.required and column.key not in placed),
    )


def _key(text: str) -> str:
    return _NOISE.sub("", normal(text))


def _base(key: str) -> str:
    match = _UNIT.fullmatch(key)
    return match[1] if match else key


def _names(columns: Sequence[Column]) -> tuple[_Names, _Names]:
    """Keys of columns by full name, and by name without unit, with the place of the title among those of its column; the first
    column that claims a name keeps it.
    """
    full: _Names = {}
    base: _Names = {}
    for column in columns:
        for place, title in enumerate(column.titles):
            full.setdefault(_key(title), (column.key, place))
            base.setdefault(_base(_key(title)), (column.key, place))
    return full, base


def _texts(values: Sequence[Value]) -> Iterator[tuple[int, str]]:
    for index, value in enumerate(values):
        if isinstance(value, str) and value.strip() and len(value) <= _LONGEST:
            yield index, value.strip()


def _single(values: Sequence[Value]) -> list[_Title]:
    return [_Title(index, " ".join(text.split()), (_key(text),)) for index, text in _texts(values)]


def _double(values: Sequence[Value], following: RawRow | None) -> list[_Title]:
    """Titles of a header of two rows: a group reaches over the blanks to its right, a title without group stands alone."""
    if following is None:
        return []
    upper, lower = dict(_texts(values)), dict(_texts(following.values))
    titles, group = [], ""
    for index in range(max((*upper, *lower), default=-1) + 1):
        above, below = upper.get(index, ""), lower.get(index, "")
        group = above or (group if below else "")
        if below:
            shown = f"{group}/{below}" if group else below
            titles.append(_Title(index, " ".join(shown.split()), (_key(group + below), _key(below))))
        elif above:
            titles.append(_Title(index, " ".join(above.split()), (_key(above),)))
    return titles


def _placed(titles: Sequence[_Title], full: _Names, base: _Names) -> dict[str, Placed]:
    """Of two titles of one column the one that stands first among its titles: 收件日期, though 受理时间 is further left."""
    placed: dict[str, Placed] = {}
    used: set[int] = set()
    for exact in (True, False):  # 金额(元) beside 金额(万元): the one that is asked for by its unit comes first
        claims = [(claim, title) for title in titles if (claim := _claim(title, full if exact else base, exact=exact))]
        free = [(*claim, title) for claim, title in claims if claim[0] not in placed and title.index not in used]
        nearest = {key: title.index for key, _place, title in sorted(free, key=_far_first)}
        for key, _place, title in free:  # in the order of the file
            if nearest[key] == title.index and key not in placed:
                unit = _UNIT.fullmatch(_key(title.shown))
                placed[key] = Placed(title.index, letters(title.index + 1), title.shown, unit[2] if unit else "")
                used.add(title.index)
    return placed


def _far_first(one: tuple[str, int, _Title]) -> tuple[int, int]:
    return -one[1], -one[2].index  # of two that are called the same the left one


def _claim(title: _Title, known: _Names, *, exact: bool) -> tuple[str, int] | None:
    names = (name if exact else _base(name) for name in title.names)
    return next((found for name in names if (found := known.get(name))), None)


def metadata(above: Sequence[RawRow]) -> tuple[str, dict[str, str]]:
    """The title above a header (the first text that is no 键:值), and the facts by key, blanks taken out of the key."""
    title = ""
    facts: dict[str, str] = {}
    for raw in above:
        texts = [str(value).strip() for value in raw.values if value is not None and str(value).strip()]
        waiting = ""
        for piece in (piece for text in texts for piece in _BETWEEN.split(text) if piece.strip()):
            match = _FACT.fullmatch(piece)
            if match:
                waiting = "" if match[2] else _NOISE.sub("", match[1])
                facts.setdefault(_NOISE.sub("", match[1]), match[2].strip())
            elif waiting:
                facts[waiting], waiting = piece.strip(), ""
            else:
                title = title or piece.strip()
    return title, facts
