"""The canonical form and the hashes of the log: all that anyone needs to check it with other tools.

An entry's hash is SHA-256(0x00 ‖ canonical row without hash), `prev` the hash before it. A payload's hash is
SHA-256(salt ‖ body): the salt keeps a short body from being guessed by trying.
"""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from jiandu.base.audit.models import Entry

COLUMNS = (
    "seq",
    "at",
    "actor",
    "actor_name",
    "verb",
    "obj",
    "org",
    "level",
    "outcome",
    "request_id",
    "payload_hash",
    "prev",
)
#: The verb of the entry that records an erasure; its object is the erased entry.
ERASE = "audit.erase_payload"
SALT_BYTES = 16


def _plain(value: object) -> str:
    """What JSON has no word for. Anything else is a mistake of the caller, not to be written down as a memory address."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal | Promise):
        return str(value)
    raise TypeError(f"cannot be logged: {type(value).__name__}")


_rows = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_bodies = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False, default=_plain)


def canonical(row: tuple[Any, ...]) -> bytes:
    """The columns as bytes: a JSON list in the order of COLUMNS, in UTF-8, without blanks; `at` as `moment` gives it."""
    return _rows.encode(row).encode()


def moment(at: datetime) -> str:
    """The moment in UTC to the microsecond: 2026-11-23 09:06:00.000000."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def hash_of(row: tuple[Any, ...]) -> str:
    """The hash of an entry's columns."""
    return hashlib.sha256(b"\0" + canonical(row)).hexdigest()


def hash_of_entry(entry: Entry) -> str:
    """The hash that the entry should have."""
    rest = (getattr(entry, name) for name in COLUMNS[2:])
    return hash_of((entry.seq, moment(entry.at), *rest))


def canonical_body(payload: dict[str, Any]) -> str:
    """The payload as JSON with sorted keys and no blanks. Dates, UUIDs, decimals and lazy words become strings.

    Raises TypeError or ValueError for what cannot be written down and read back: other objects, NaN, a lone surrogate.
    """
    body = _bodies.encode(payload)
    body.encode()
    return body


def payload_hash_of(salt: str, body: str) -> str:
    """The hash of a payload: salt (32 characters, as they stand), then body."""
    return hashlib.sha256(f"{salt}{body}".encode()).hexdigest()
