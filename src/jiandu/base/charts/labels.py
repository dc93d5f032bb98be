"""How labels fit: widths in half characters, wrapping, and the ellipsis."""

import unicodedata

from jiandu.base.charts.chart import plain

LINE_BREAK = "\n"


def width(text: str) -> int:
    """Width in half characters: 2 for a Chinese character, 1 for a Latin one."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def shorten(text: str, halves: int) -> str:
    """The text on one line of at most `halves` half characters, cut with an ellipsis."""
    return text if width(text) <= halves else _head(text, halves - 2) + "…"


def wrap(text: str, halves: int, lines: int = 2) -> str:
    """The text on at most `lines` lines of `halves` half characters each; what is left over becomes an ellipsis."""
    rest = plain(text)
    out: list[str] = []
    while rest and len(out) < lines - 1 and width(rest) > halves:
        head = _head(rest, halves)
        out.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    return LINE_BREAK.join([*out, shorten(rest, halves)])


def _head(text: str, halves: int) -> str:
    """The longest beginning that fits, ended between Latin words where it can; at least one character."""
    end, used = 0, 0
    while end < len(text) and used + width(text[end]) <= halves:
        used += width(text[end])
        end += 1
    end = max(end, 1)
    space = text.rfind(" ", 0, end)
    inside_word = end < len(text) and text[end - 1 : end + 1].isascii() and text[end] != " "
    return text[: space + 1] if inside_word and space > 0 else text[:end]
