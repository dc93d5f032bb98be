"""Reads docs/glossary.md: code → (Chinese, English)."""

import re
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"
ROW = re.compile(r"\| ([^|]+) \| ([^|]+) \| `([^`|]+)` \| ?[^|]*\|")


def rows() -> list[tuple[str, str, str]]:
    """(code, Chinese, English) of each row that has a code, in order."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    found = [match for match in map(ROW.fullmatch, lines) if match]
    return [(match[3], match[1].strip(), match[2].strip()) for match in found]


def words() -> dict[str, tuple[str, str]]:
    """code → (Chinese, English)."""
    return {code: (zh, en) for code, zh, en in rows()}
