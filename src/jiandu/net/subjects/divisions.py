"""Divisions from a file: the shipped one (data/divisions-350200.json), or another city's in its form."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.tree import child_path
from jiandu.net.subjects.models import Region
from jiandu.net.subjects.names import tidy

DEFAULT = Path(__file__).parent / "data" / "divisions-350200.json"
CITY, TOWN, VILLAGE = 6, 9, 12  # lengths of codes; a district's is as long as a city's
FIRST_ZONE = 400  # third-level codes from here on are zones, farms …, no towns
SHOWN = 10
BATCH = 400


@dataclass(frozen=True)
class Division:
    """One row of the file."""

    code: str
    name: str
    since: date | None = None
    until: date | None = None

    @property
    def kind(self) -> Region.Kind:
        if len(self.code) == CITY:
            return Region.Kind.CITY if self.code.endswith("00") else Region.Kind.DISTRICT
        if len(self.code) == TOWN:
            return Region.Kind.ZONE if int(self.code[CITY:]) >= FIRST_ZONE else Region.Kind.TOWN
        return Region.Kind.VILLAGE

    @property
    def parents(self) -> tuple[str, ...]:
        """Codes of what may stand above it, the nearest first; none for a city."""
        if self.kind is Region.Kind.CITY:
            return ()
        if len(self.code) == CITY:
            return self.code[:4] + "00", self.code[:2] + "0000"
        return (self.code[: len(self.code) - 3],)


@transaction.atomic
def load_divisions(path: Path | None = None, *, by: Viewer) -> int:
    """Add the divisions of the file, and take over names and dates that differ. Idempotent; removes nothing.

    Returns how many were added or changed. Refused, with each problem in both languages, for a file that is wrong.
    """
    if not guard.allow(by, "edit", Region):
        raise Refused("not-allowed", _("您没有维护单位档案的权限"))
    file = path or DEFAULT
    rows = read_divisions(file)
    there = {region.code: region for region in Region.objects.select_for_update().order_by("pk")}
    _check_parents(rows, set(there))
    changed = [row for row in rows if row.code in there and _take_over(there[row.code], row)]
    Region.objects.bulk_update([there[row.code] for row in changed], ["name", "since", "until"], batch_size=BATCH)
    fresh = [row for row in rows if row.code not in there]
    for level in sorted({_level(row) for row in fresh}):
        _add([row for row in fresh if _level(row) == level], there)
    if fresh or changed:
        record(by, "region.load", None, payload={"file": file.name, "added": len(fresh), "changed": len(changed)})
    return len(fresh) + len(changed)


def read_divisions(path: Path) -> list[Division]:
    """The rows of a file. Refused with each problem in both languages."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        entries = list(content["divisions"])
    except OSError as error:
        raise Refused("divisions-file", f"无法读取文件 {path} · cannot read the file: {error.strerror}") from error
    except (KeyError, TypeError, ValueError) as error:
        words = f"{path.name} 应为 JSON，含有“divisions”列表 · should be JSON with a list “divisions”: {error}"
        raise Refused("divisions-file", words) from error
    problems: list[str] = []
    rows: dict[str, Division] = {}
    for number, entry in enumerate(entries, start=1):
        try:
            row = _division(entry)
        except ValueError as error:
            problems.append(f"第{number}项：{error} (item {number})")
            continue
        if row.code in rows:
            problems.append(f"第{number}项：代码 {row.code} 重复 · code {row.code} appears twice (item {number})")
        rows[row.code] = row
    _refuse(problems or ([] if rows else ["没有任何区划 · no divisions"]))
    return list(rows.values())


def _division(entry: Any) -> Division:
    if isinstance(entry, list) and len(entry) == 2:
        entry = {"code": entry[0], "name": entry[1]}
    if not isinstance(entry, dict):
        raise ValueError("应为 [代码, 名称] 或对象 · should be [code, name] or an object")  # noqa: TRY004 -- reported as others
    code, name = str(entry.get("code", "")), tidy(str(entry.get("name", "")))
    if not (code.isascii() and code.isdigit() and len(code) in {CITY, TOWN, VILLAGE}):
        raise ValueError(f"代码“{code}”应为6、9或12位数字 · code {code!r} should have 6, 9 or 12 digits")
    if not 1 <= len(name) <= 64:
        raise ValueError(f"{code} 的名称应为1至64个字 · the name of {code} should have 1 to 64 characters")
    since, until = _day(entry, "since"), _day(entry, "until")
    if since and until and until < since:
        raise ValueError(f"{code} 的止日早于起日 · {code} ends before it begins")
    return Division(code, name, since, until)


def _day(entry: dict[str, Any], field: str) -> date | None:
    text = entry.get(field)
    try:
        return date.fromisoformat(text) if text else None
    except (TypeError, ValueError) as error:
        raise ValueError(f"{field} 应为 2022-01-31 形式的日期 · {field} should be a date like 2022-01-31") from error


def _check_parents(rows: list[Division], there: set[str]) -> None:
    known = there | {row.code for row in rows}
    _refuse(
        [
            f"{row.code} {row.name}：缺少上级 {row.parents[0]} · the division above, {row.parents[0]}, is missing"
            for row in rows
            if row.parents and not known.intersection(row.parents)
        ]
    )


def _refuse(problems: list[str]) -> None:
    if problems:
        more = [f"……共{len(problems)}处 · {len(problems)} in all"] if len(problems) > SHOWN else []
        raise Refused("divisions-file", "\n".join(problems[:SHOWN] + more))


def _take_over(region: Region, row: Division) -> bool:
    """Whether the row says something else than the table; the region then has it, unsaved. Unstated dates are kept."""
    since, until = row.since or region.since, row.until or region.until
    differs = (region.name, region.since, region.until) != (row.name, since, until)
    region.name, region.since, region.until = row.name, since, until
    return differs


def _level(row: Division) -> int:
    return len(row.code) - (row.kind is Region.Kind.CITY)


def _add(rows: list[Division], there: dict[str, Region]) -> None:
    """Write rows of one level, and give each its path below a parent that is there already."""
    fresh = [
        Region(code=row.code, name=row.name, kind=row.kind, since=row.since, until=row.until, parent=_above(row, there))
        for row in rows
    ]
    for region in Region.objects.bulk_create(fresh, batch_size=BATCH):
        region.path = child_path(region.parent, region.pk)
        there[region.code] = region
    Region.objects.bulk_update(fresh, ["path"], batch_size=BATCH)


def _above(row: Division, there: dict[str, Region]) -> Region | None:
    return next((there[code] for code in row.parents if code in there), None)
