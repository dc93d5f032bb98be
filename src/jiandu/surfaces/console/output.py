"""How commands answer: JSON on request, words otherwise; errors on exit 2."""

import json
import sys
from dataclasses import asdict, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import east_asian_width
from uuid import UUID


class Failed(Exception):
    """A command cannot do what was asked. `errors` say where and why; exit code 2."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0].get("reason", "") if errors else "")
        self.errors = errors


def plain(value: Any) -> Any:
    """JSON's own types: dates as ISO text, decimals as numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | UUID):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"not JSON: {type(value)}")


def to_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, default=plain)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows as lines with columns below each other on a terminal, where a Chinese character is two wide; the last is free."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)][:-1]
    return [
        "  ".join([*(_padded(cell, width) for cell, width in zip(row, widths, strict=False)), row[-1]]) for row in rows
    ]


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def answer(data: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
    """Prints the data as JSON, or the lines."""
    say(to_json(data) if as_json else "\n".join(lines))


def complain(errors: list[dict[str, Any]], *, as_json: bool) -> int:
    """Prints what is wrong and gives exit code 2."""
    if as_json:
        say(to_json({"errors": errors}))
    else:
        for error in errors:
            where = " ".join(
                f"{name}={error[name]}"
                for name in ("file", "of", "field", "sheet", "row", "line", "column", "value")
                if error.get(name) not in {None, ""}
            )
            sys.stderr.write(f"{where} {error['reason']}\n".lstrip())
    return 2
