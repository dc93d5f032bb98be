"""Figures that full runs measure: one line of JSON each in .cache/figures/, which the table in docs/ is made of."""

import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / ".cache" / "figures"


def note(area: str, figure: str, value: float | str, unit: str, *, note: str = "", database: str = "SQLite") -> None:
    """Adds one figure of an area."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    said = {"area": area, "figure": figure, "value": value, "unit": unit, "ratio": None, "note": note}
    with (FOLDER / f"{area}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({**said, "database": database}, ensure_ascii=False) + "\n")
