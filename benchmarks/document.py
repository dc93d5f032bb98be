"""docs/benchmarks.md: the newest figures go into the tables between its markers; other rows and the words around them stay."""

import re

from benchmarks.figures import FIGURES, HEAD, ROOT, read

PAGE = ROOT / "docs" / "benchmarks.md"
PLACE = re.compile(r"(<!-- figures (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def write() -> None:
    """Puts the tables in."""

    def table(place: re.Match[str]) -> str:
        new = {_key(line): line for line in (figure.line() for figure in read(FIGURES / f"{place[2]}.jsonl"))}
        old = {_key(line): line for line in place[0].splitlines() if line.startswith("| ") and line not in HEAD}
        lines = sorted((old | new).values(), key=lambda line: line.split("|")[1])
        return place[1] + "\n".join(["", HEAD, *lines]) + "\n\n" + place[3]

    PAGE.write_text(PLACE.sub(table, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def _key(line: str) -> tuple[str, ...]:
    """Which figure a row is of: its database and what was measured."""
    return tuple(cell.strip() for cell in line.split("|")[1:3])
