"""Words of a paragraph or a cell → runs; numbers become links, and every link is checked against the anchors."""

from collections.abc import Callable
from typing import Any

from jiandu.base.documents.blocks import Anchor, Number, Text, Words
from jiandu.base.documents.layout import Style
from jiandu.base.documents.markup import bookmark, commented, link, run


class Names:
    """The anchors of one document and the numbers that lead to them; `comment` puts a comment into the file."""

    def __init__(self, comment: Callable[[str], int]) -> None:
        self.comment = comment
        self._anchors: dict[str, int] = {}
        self._wanted: set[str] = set()

    def add(self, name: str) -> int:
        """Takes an anchor in, and gives it its number. Raises ValueError if the name is taken."""
        if name in self._anchors:
            raise ValueError(f"two entries are named {name!r}")
        return self._anchors.setdefault(name, len(self._anchors) + 1)

    def want(self, name: str) -> str:
        """Remembers that a number leads to `name`."""
        self._wanted.add(name)
        return name

    def check(self) -> None:
        """Raises ValueError if a number leads nowhere."""
        if missing := self._wanted - self._anchors.keys():
            raise ValueError(f"numbers lead to entries that do not exist: {', '.join(sorted(missing))}")


def runs(words: Words, style: Style, names: Names) -> list[Any]:
    """The words as runs, links and bookmarks in the face of `style`."""
    made: list[Any] = []
    for word in words if isinstance(words, tuple) else (words,):
        match word:
            case Number(text, to, note):
                made += _number(link(names.want(to), text, style), note, names)
            case Anchor(text, name):
                made += bookmark(name, names.add(name), run(text, style))
            case Text(text, strong):
                made.append(run(text, style, strong=strong))
            case _:
                made.append(run(word, style))
    return made


def _number(shown: Any, note: str, names: Names) -> list[Any]:
    return commented(names.comment(note), shown) if note else [shown]
