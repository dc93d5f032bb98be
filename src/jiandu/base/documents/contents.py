"""目录: an entry a heading, with dots to the number of its page."""

from typing import Any

from jiandu.base.documents import layout
from jiandu.base.documents.markup import bookmark, bookmark_name, element, field, part_run, run
from jiandu.base.documents.words import Names

LEVELS = len(layout.CONTENTS)


class Entries:
    """The headings as they are written; once all are known, their entries.

    The page numbers are fields: how pages fall is known to who lays them out, not to who writes the file.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._after: Any = None
        self._told: list[tuple[int, str, str]] = []

    def stand_after(self, paragraph: Any) -> None:
        """Where the entries will stand; a document without such a place has none."""
        self._after = paragraph

    def told(self, level: int, text: str, *content: Any) -> list[Any]:
        """The content of a heading, as something that its entry leads to."""
        if self._after is None or level > LEVELS:
            return list(content)
        name = f"heading_{len(self._told) + 1}"
        self._told.append((level, text, name))
        return bookmark(name, self._names.add(name), *content)

    def write(self) -> None:
        """Puts the entries into their place."""
        for level, text, name in reversed(self._told):
            self._after.addnext(_entry(level, text, name))


def _entry(level: int, text: str, name: str) -> Any:
    style = layout.CONTENTS[level - 1]
    dots = element("tabs", element("tab", val="right", leader="dot", pos=layout.twips(layout.TYPE_WIDTH_MM)))
    indent = element("ind", leftChars=200 * (level - 1), left=layout.SANHAO * 10 * 2 * (level - 1))
    tab = part_run(element("tab"), style, linked=True)
    number = field(f"PAGEREF {bookmark_name(name)} \\h", style, shown="", linked=True)
    line = element("hyperlink", run(text, style, linked=True), tab, *number, anchor=bookmark_name(name), history=1)
    return element("p", element("pPr", element("pStyle", val=style.key), dots, indent), line)
