"""Identity numbers that were taken apart to get past a scanner: every digit of any script is read, whatever stands between them.

Blunt on purpose, and so for numbers alone that prove themselves: a province, a day of birth and a check digit.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator

from jiandu.base.core.ids import identity_number_problem

WINDOW = 60  # visible characters from the first digit of a number to its last
NUMERALS = str.maketrans("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两", "001234567891" + "1234567892")
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters that nobody sees
_ENTITY = re.compile(r"&#(?:[xX]([0-9A-Fa-f]{1,6})|([0-9]{1,7}));?")
_CROSS = frozenset("xX×✕✖╳⨯хХχΧ")
_DATE = frozenset("年月日号")
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_BORN = re.compile(rf"{_PROVINCE}[0-9]{{4}}(?:19|20)[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{{3}}")

Unit = tuple[str, int, int]


def units(text: str) -> Iterator[Unit]:
    """Each visible character with where it begins and ends in the text; what is written as an entity is the character meant."""
    begun = 0
    for match in _ENTITY.finditer(text):
        yield from _visible(text, begun, match.start())
        code = int(match[1], 16) if match[1] else int(match[2])
        if code < 0x110000 and not is_unseen(chr(code)):
            yield chr(code), match.start(), match.end()
        begun = match.end()
    yield from _visible(text, begun, len(text))


def is_unseen(char: str) -> bool:
    """Marks, accents, enclosing circles, formats, and letters that are blank."""
    return char in BLANK or unicodedata.category(char) in {"Cf", "Mn", "Me"}


def digit_of(char: str) -> str:
    """The figure that a digit of any script, or one in a circle, stands for; "" for any other character."""
    figure = unicodedata.digit(char, -1)
    return str(figure) if figure >= 0 else ""


def identities(text: str) -> Iterator[tuple[bool, int, int, str]]:
    """(whether it is one for sure, from where to where, the number).

    For sure: nothing but marks and words of a date stands between its digits, and no digit beside it. Told as well: what is
    part of a longer row of digits, or has single letters between them; figures of a sentence pass for that now and then.
    """
    seen = list(units(text))
    figures = [(place, figure) for place, (char, *_rest) in enumerate(seen) if (figure := digit_of(char))]
    yield from _among(seen, figures)
    spoken = [(place, said) for place, (char, *_rest) in enumerate(seen) if (said := digit_of(char) or _spoken(char))]
    if len(spoken) > len(figures):  # as words they stand in every sentence: what lies apart is none
        yield from (found for found in _among(seen, spoken) if found[0])


def _visible(text: str, start: int, end: int) -> Iterator[Unit]:
    return ((text[place], place, place + 1) for place in range(start, end) if not is_unseen(text[place]))


def _spoken(char: str) -> str:
    said = char.translate(NUMERALS)
    return said if said != char else ""


def _among(seen: list[Unit], figures: list[tuple[int, str]]) -> Iterator[tuple[bool, int, int, str]]:
    line = "".join(figure for _place, figure in figures)
    crosses = [place for place, (char, *_rest) in enumerate(seen) if unicodedata.normalize("NFKC", char) in _CROSS]
    taken = 0
    for first in range(len(figures) - 16):
        begin, last = figures[first][0], figures[first + 16][0]
        if begin < taken or last - begin >= WINDOW or not _BORN.match(line, first):
            continue
        for end, said in _ends(figures, crosses, first):
            number = line[first : first + 17] + said
            if end - begin >= WINDOW or identity_number_problem(number) is not None:
                continue
            words, is_alone = _words(seen, begin, end), _is_alone(seen, begin, end)
            if words == 0 or (words == 1 and is_alone):
                yield words == 0 and is_alone, seen[begin][1], seen[end][2], number
                taken = end + 1
                break


def _ends(figures: list[tuple[int, str]], crosses: list[int], first: int) -> Iterator[tuple[int, str]]:
    """What may be the 18th: the next digit, or a cross before it."""
    last = figures[first + 16][0]
    follows = figures[first + 17] if first + 17 < len(figures) else None
    cross = bisect_left(crosses, last)
    if cross < len(crosses) and (follows is None or crosses[cross] < follows[0]):
        yield crosses[cross], "X"
    if follows is not None:
        yield follows


def _is_alone(seen: list[Unit], begin: int, end: int) -> bool:
    """Whether no digit stands right before it or after it, nor a numeral beside one: it is no part of a longer number."""
    return not any(
        digit_of(seen[beside][0]) or (_spoken(seen[beside][0]) and _spoken(seen[place][0]))
        for place, beside in ((begin, begin - 1), (end, end + 1))
        if 0 <= beside < len(seen)
    )


def _words(seen: list[Unit], begin: int, end: int) -> int:
    """How many letters stand beside each other between the digits at most: none where there are marks and words of a date alone."""
    most = here = 0
    for char, *_rest in seen[begin : end + 1]:
        if digit_of(char) or _spoken(char):
            here = 0
        elif char.isalpha() and char not in _DATE and char not in _CROSS:
            here += 1
            most = max(most, here)
    return most
