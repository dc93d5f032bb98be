"""The ledger's filters out of a query string: only known names and well-formed values count."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from jiandu.loop.findings.selectors import Filters
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.selectors import organisation_by_uid

WORDS = ("source", "rectification", "state", "due")
NUMBERS = ("aspect", "office", "activity", "year", "urging")


def filters_of(said: Mapping[str, str]) -> Filters:
    """What is asked for; anything else is ignored."""
    words: dict[str, Any] = {name: said.get(name, "")[:32] for name in WORDS}
    numbers: dict[str, Any] = {
        name: int(said[name]) for name in NUMBERS if said.get(name, "").isdigit() and len(said[name]) < 10
    }
    if not 1990 <= numbers.get("year", 2000) <= 2100:
        numbers.pop("year")
    return Filters(
        **words, **numbers, subject=_subject(said.get("subject", "")), text=said.get("text", "").strip()[:100]
    )


def _subject(text: str) -> Organisation | None:
    try:
        return organisation_by_uid(UUID(text)) if text else None
    except ValueError:
        return None
