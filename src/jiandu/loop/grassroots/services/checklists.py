"""Checklists by version: the shipped one is loaded, another is published; the one before ends on the day before."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.grassroots.models import Checklist, ChecklistAspect, ChecklistItem

DEFAULT = Path(__file__).parents[1] / "data" / "checklist.json"
FIELDS = ("matter", "point", "method", "frequency", "responsible", "basis")


@dataclass(frozen=True)
class NewItem:
    """One item: what is looked at, the point, how, how often, whose duty, on what basis."""

    matter: str
    point: str
    method: str
    frequency: str
    responsible: str
    basis: str


@dataclass(frozen=True)
class NewChecklist:
    """A version: its name, from which day, whose it is, and its aspects with their items in order."""

    version: str
    name: str
    since: date
    aspects: tuple[tuple[str, tuple[NewItem, ...]], ...]
    note: str = ""


@atomic
def publish_checklist(*, new: NewChecklist, by: Viewer) -> Checklist:
    """A version comes into force; the one before ends. Raises Refused: not-allowed, checklist-empty, checklist-since."""
    if not guard.allow(by, "edit", Checklist):
        raise Refused("not-allowed", "您没有发布监督清单的权限")
    if not new.version.strip() or not new.aspects or any(not items for _, items in new.aspects):
        raise Refused("checklist-empty", "清单应有版本号，每个方面至少一项")
    last = Checklist.objects.order_by("-since").first()
    if last is not None and new.since <= last.since:
        raise Refused("checklist-since", "新版本应晚于现行版本的启用日期：%(on)s", on=last.since.isoformat())
    if Checklist.objects.filter(version=new.version.strip()).exists():
        raise Refused("checklist-version", "版本号已被使用：%(version)s", version=new.version)
    if last is not None:
        last.until = new.since - timedelta(days=1)
        last.save(update_fields=["until"])
    checklist = Checklist.objects.create(
        version=new.version.strip()[:32], name=new.name.strip()[:128], since=new.since, note=new.note.strip()
    )
    count = _write(checklist, new)
    payload = {"version": checklist.version, "aspects": len(new.aspects), "items": count}
    record(by, "checklist.publish", checklist, payload=payload)
    return checklist


def _write(checklist: Checklist, new: NewChecklist) -> int:
    number = 0
    for order, (name, items) in enumerate(new.aspects, 1):
        aspect = ChecklistAspect.objects.create(checklist=checklist, order=order, name=name.strip()[:64])
        rows = [
            ChecklistItem(checklist=checklist, aspect=aspect, number=number + place, **vars(item))
            for place, item in enumerate(items, 1)
        ]
        number += len(ChecklistItem.objects.bulk_create(rows))
    return number


@atomic
def load_checklists(*, by: Viewer, path: Path = DEFAULT) -> int:
    """The shipped versions, where the installation has none. Idempotent. Gives how many were published."""
    if Checklist.objects.exists():
        return 0
    said = json.loads(path.read_text(encoding="utf-8"))
    for version in said["versions"]:
        publish_checklist(new=_shipped(said, version), by=by)
    return len(said["versions"])


def _shipped(said: dict[str, Any], version: dict[str, str]) -> NewChecklist:
    year = version["since"][:4]
    aspects = tuple((one["name"], tuple(_item(row, year) for row in one["items"])) for one in said["aspects"])
    return NewChecklist(
        version=version["version"],
        name=said["name"],
        since=date.fromisoformat(version["since"]),
        aspects=aspects,
        note=version["note"],
    )


def _item(row: dict[str, Any], year: str) -> NewItem:
    """The item as the version of that year has it: with the further basis that the law of the day gives."""
    bases = [row["basis"], *(text for key, text in row.items() if key.startswith("also_") and key[5:] <= year)]
    return NewItem(**{name: row[name] for name in FIELDS} | {"basis": "；".join(bases)})
