"""docs/benchmarks.md: the tables between its markers are made of the newest figures; the words around them stay."""

import re

from benchmarks.figures import FIGURES, HEAD, ROOT, read

PAGE = ROOT / "docs" / "benchmarks.md"
PLACE = re.compile(r"(<!-- figures (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def write() -> None:
    """Puts the tables in."""

    def table(place: re.Match[str]) -> str:
        lines = [figure.line() for figure in read(FIGURES / f"{place[2]}.jsonl")]
        return place[1] + "\n".join(["", HEAD, *sorted(lines, key=lambda line: line.split("|")[1])]) + "\n\n" + place[3]

    PAGE.write_text(PLACE.sub(table, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
