"""规则设置: an office changes a rule's parameters, switches it on or off, or makes one by form. Each change is a new version."""

from dataclasses import dataclass
from typing import Any

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.overseers.models import Office
from jiandu.sources.crosscheck import rules, shapes
from jiandu.sources.crosscheck.models import RuleSetting


@dataclass(frozen=True)
class NewSetting:
    """How the rule is to run from now on, and why. `params` are those that differ from the rule's own."""

    office: Office
    rule: str
    note: str
    params: dict[str, Any]
    is_active: bool = True
    floor: int = 0


@atomic
def set_rule(*, new: NewSetting, by: Viewer) -> RuleSetting:
    """The next version of the office's setting. Raises Refused (not-allowed, note-needed, param, rule, same)."""
    if not guard.allow(by, "edit", RuleSetting):
        raise Refused("not-allowed", "您没有调整比对规则的权限")
    if not new.note.strip():
        raise Refused("note-needed", "请写明调整原因")
    before = current(new.office, new.rule)
    definition = before.definition if before else None
    rule = shapes.from_data(definition) if definition else rules.named([new.rule])[0]
    params = {name: value for name, value in rule.values(new.params).items() if value != rule.params[name].default}
    wanted = (params, new.is_active, new.floor)
    if before is not None and wanted == (before.params, before.is_active, before.floor):
        raise Refused("same", "设置没有变化")
    row = RuleSetting(
        rule=rule.id,
        number=before.number + 1 if before else 1,
        params=params,
        is_active=new.is_active,
        floor=new.floor,
        definition=definition,
        note=new.note.strip()[:200],
        by_name=by.name[:64],
        owner_office=new.office,
        owner_path=new.office.path,
    )
    row.save(force_insert=True)
    record(by, "rule_setting.set", row, payload={"rule": rule.id, "number": row.number, "params": params})
    return row


@atomic
def make_rule(*, office: Office, definition: dict[str, Any], note: str, by: Viewer) -> RuleSetting:
    """A rule made by form, or its next version. Raises Refused: not-allowed, note-needed, definition (with every fault)."""
    if not guard.allow(by, "edit", RuleSetting):
        raise Refused("not-allowed", "您没有调整比对规则的权限")
    if not note.strip():
        raise Refused("note-needed", "请写明调整原因")
    try:
        rule = shapes.from_data(definition)
    except shapes.Misdefined as wrong:
        said = "；".join(str(each["reason"]) for each in wrong.errors[:5])
        raise Refused("definition", "规则不成立：%(faults)s", faults=said) from wrong
    before = current(office, rule.id)
    row = RuleSetting(
        rule=rule.id,
        number=before.number + 1 if before else 1,
        floor=before.floor if before else 0,
        definition=definition,
        note=note.strip()[:200],
        by_name=by.name[:64],
        owner_office=office,
        owner_path=office.path,
    )
    row.save(force_insert=True)
    record(by, "rule_setting.make", row, payload={"rule": rule.id, "number": row.number})
    return row


def current(office: Office, rule: str) -> RuleSetting | None:
    """The setting that counts, its office's row held so that two changes get two numbers."""
    Office.objects.select_for_update(no_key=True).filter(pk=office.pk).first()
    return RuleSetting.objects.filter(owner_office=office, rule=rule).order_by("-number").first()
