"""Verbs: a rule is made, money is recovered or reversed, a person is talked to."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Sum
from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import Root
from jiandu.base.core.withdrawing import take_back
from jiandu.base.files.store import Upload
from jiandu.loop.findings.models import Finding
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.outcomes.models import MoneyRecovered, PersonTalked, RuleMade, RuleOrigin
from jiandu.net.access.models import Owned
from jiandu.sources.activities.models import Activity
from jiandu.sources.contactpoints.models import ContactProblem

Placed = TypeVar("Placed", RuleMade, MoneyRecovered, PersonTalked)
Origin = Finding | Activity | ContactProblem | Instrument
#: What may lead to a rule, and the column of `RuleOrigin` that names it.
ORIGINS: dict[type[Owned], str] = {
    Finding: "finding",
    Activity: "activity",
    ContactProblem: "contact_problem",
    Instrument: "instrument",
}


@dataclass(frozen=True)
class NewRule:
    """A rule as issued: title, number, issuing body, date."""

    title: str
    issuer: str
    issued_on: date
    number: str = ""
    is_derived: bool = False


@atomic
def record_rule(*, finding: Finding, by: Viewer, new: NewRule) -> RuleMade:
    """建章立制 because of a finding."""
    return record_rule_of(origin=finding, by=by, new=new)


@atomic
def record_rule_of(*, origin: Origin, by: Viewer, new: NewRule) -> RuleMade:
    """建章立制: records the rule, or links what led to it when the office has it already. It counts once.

    A proposal issued in a campaign leads to it together with its campaign.
    """
    _check(by, RuleMade, new.issued_on)
    title = _titled(new)
    rule = _known(origin, title, new)
    if rule is not None:
        _link(rule, origin)
    else:
        rule = RuleMade(
            title=title, number=new.number, issuer=new.issuer, issued_on=new.issued_on, is_derived=new.is_derived
        )
        where = placed(origin, rule) if isinstance(origin, Finding) else _stand(rule, origin)
        where.save(force_insert=True)
        RuleOrigin(rule=rule, **_led_by(origin)).save(force_insert=True)
    if isinstance(origin, Instrument) and origin.activity is not None:
        _link(rule, origin.activity)
    record(by, "rule_made.record", rule, payload={"title": title, ORIGINS[type(origin)]: str(origin.uid)})
    return rule


@atomic
def record_rule_of_all(*, origins: list[Origin], by: Viewer, new: NewRule) -> RuleMade:
    """建章立制 that several led to: one rule, linked to each. Raises Refused (rule-origin) when nothing led to it."""
    rules = [record_rule_of(origin=origin, by=by, new=new) for origin in origins]
    if not rules:
        raise Refused("rule-origin", "请写明推动建章立制的问题、活动、联系点问题或文书的编号")
    return rules[0]


def _titled(new: NewRule) -> str:
    """The title as it is kept, without the marks of a book."""
    title = new.title.strip().strip("《》").strip()
    if not title:
        raise Refused("rule-title", "请填写制度名称")
    return title


def _led_by(origin: Origin) -> dict[str, Any]:
    """The columns of a rule's origin."""
    uid = {"finding_uid": origin.uid} if isinstance(origin, Finding) else {}
    return {ORIGINS[type(origin)]: origin, **uid}


def _known(origin: Origin, title: str, new: NewRule) -> RuleMade | None:
    """The rule as the origin's office has it, whether or not the writer, who may be assigned this origin alone, sees it."""
    if not type(origin).objects.filter(pk=origin.pk).exists():
        raise Refused("outside-scope", "不能在本人职责范围以外登记")
    same = {"owner_office_id": origin.owner_office_id, "title": title, "issuer": new.issuer, "number": new.number}
    with guard.acting(guard.system("rule known")):
        return RuleMade.objects.filter(**same).first()


def _link(rule: RuleMade, origin: Origin) -> None:
    """What the writer reaches led to the rule too: through a finding the writer sees the rule from now on."""
    led = _led_by(origin)
    with guard.acting(guard.system("rule linked")):
        if not RuleOrigin.objects.filter(rule=rule, **led).exists():
            RuleOrigin(rule=rule, **led).save(force_insert=True)


@atomic
def amend_rule(*, rule: RuleMade, by: Viewer, new: NewRule, reason: str) -> RuleMade:
    """更正: a title, number, issuing body or date that was recorded wrongly; what led to it stays. Raises Refused (rule-known)."""
    _may_keep(by, rule)
    _check(by, RuleMade, new.issued_on)
    if not reason.strip():
        raise Refused("reason-needed", "请填写更正原因")
    said = asdict(new) | {"title": _titled(new)}
    others = RuleMade.objects.filter(owner_office_id=rule.owner_office_id).exclude(pk=rule.pk)
    if others.filter(title=said["title"], issuer=new.issuer, number=new.number).exists():
        raise Refused("rule-known", "本室组已登记名称、文号和制发机关都相同的制度：%(title)s", title=said["title"])
    before = {name: str(getattr(rule, name)) for name, value in said.items() if getattr(rule, name) != value}
    for name, value in said.items():
        setattr(rule, name, value)
    rule.save(update_fields=list(said))
    record(by, "rule_made.amend", rule, payload={"before": before, "reason": reason.strip()})
    return rule


@atomic
def attach_text(*, rule: RuleMade, by: Viewer, file: Upload) -> RuleMade:
    """The text of the rule as issued. A file before it stays in the store, and its hash in the log."""
    _may_keep(by, rule)
    rule.file_name, rule.file_sha256 = file.name[:200], file.stored.sha256
    rule.save(update_fields=["file_name", "file_sha256"])
    record(by, "rule_made.attach", rule, payload={"sha256": rule.file_sha256, "name": rule.file_name})
    return rule


def _may_keep(by: Viewer, rule: RuleMade) -> None:
    if not guard.allow(by, "create", rule):
        raise Refused("not-allowed", "您没有“登记成效”的权限")
    if rule.withdrawn_on is not None:
        raise Refused("withdrawn", "该制度已撤下，不能再改")


@atomic
def withdraw_rule(*, rule: RuleMade, by: Viewer, reason: str, on: date | None = None) -> RuleMade:
    """撤下 a rule that was recorded by mistake: a draft, a forwarded notice, the same one twice."""
    if not guard.allow(by, "create", rule):
        raise Refused("not-allowed", "您没有“登记成效”的权限")
    take_back(rule, reason, on)
    record(by, "rule_made.withdraw", rule, payload={"reason": reason})
    return rule


@dataclass(frozen=True)
class NewMoney:
    """Money that came: amount in fen (positive), the day it reached the account, account and proof."""

    amount_fen: int
    received_on: date
    account: str = ""
    proof: str = ""
    is_derived: bool = False
    kind: str = MoneyRecovered.Kind.OTHER
    account_kind: str = MoneyRecovered.AccountKind.OTHER


@atomic
def record_recovery(*, finding: Finding, by: Viewer, new: NewMoney) -> MoneyRecovered:
    """挽回金额: it counts on the day it reached the account."""
    _check(by, MoneyRecovered, new.received_on)
    if new.amount_fen <= 0:
        raise Refused("money-positive", "挽回金额应大于零；退回请用冲销")
    money = placed(
        finding,
        MoneyRecovered(
            finding=finding,
            amount_fen=new.amount_fen,
            received_on=new.received_on,
            account=new.account,
            proof=new.proof,
            is_derived=new.is_derived,
            kind=MoneyRecovered.Kind(new.kind),
            account_kind=MoneyRecovered.AccountKind(new.account_kind),
        ),
    )
    money.save(force_insert=True)
    record(by, "money_recovered.record", money, payload={"fen": new.amount_fen, "on": new.received_on.isoformat()})
    return money


@atomic
def reverse_recovery(*, money: MoneyRecovered, by: Viewer, on: date, amount_fen: int, proof: str) -> MoneyRecovered:
    """冲销: what went back counts on its own date. Never more than what is left of the recovery."""
    _check(by, MoneyRecovered, on)
    money = MoneyRecovered.objects.select_for_update().get(pk=money.pk)
    reversed_fen = MoneyRecovered.objects.filter(reverses=money).aggregate(total=Sum("amount_fen"))["total"] or 0
    if not 0 < amount_fen <= money.amount_fen + reversed_fen or on < money.received_on:
        raise Refused("reverse-amount", "冲销金额应大于零且不超过剩余金额，日期不早于到账日期")
    row = MoneyRecovered(
        finding_id=money.finding_id,
        amount_fen=-amount_fen,
        received_on=on,
        account=money.account,
        kind=money.kind,
        account_kind=money.account_kind,
        proof=proof,
        reverses=money,
    )
    for name in ("finding_uid", "owner_office_id", "owner_path", "subject_id", "subject_path", "source_uid", "level"):
        setattr(row, name, getattr(money, name))
    row.save(force_insert=True)
    record(by, "money_recovered.reverse", row, payload={"fen": -amount_fen, "on": on.isoformat()})
    return row


@atomic
def record_talked(*, finding: Finding, by: Viewer, row: PersonTalked) -> PersonTalked:
    """A person talked to or held to account because of the finding (an unsaved PersonTalked with kind, name, title, on)."""
    _check(by, PersonTalked, row.on)
    if not row.name.strip():
        raise Refused("name-needed", "请填写姓名")
    row.finding = finding
    placed(finding, row).save(force_insert=True)
    record(by, "person_talked.record", row, payload={"kind": row.kind, "on": row.on.isoformat()})
    return row


def _check(by: Viewer, model: type[Root], on: date) -> None:
    if not guard.allow(by, "create", model):
        raise Refused("not-allowed", "您没有登记成效的权限")
    if on > today():
        raise Refused("step-date", "日期不能晚于今天：%(on)s", on=on.isoformat())


def placed(finding: Finding, row: Placed) -> Placed:
    """Puts an outcome where its finding stands: same office, unit, level, source. It came of that finding."""
    row.finding_uid = finding.uid
    return _stand(row, finding)


def _stand(row: Placed, origin: Origin) -> Placed:
    """Puts an outcome where what led to it stands; what led to it is its source, unless that is a finding."""
    row.owner_office_id = origin.owner_office_id
    row.owner_path = origin.owner_path
    row.subject_id = origin.subject_id
    row.subject_path = origin.subject_path
    row.source_uid = origin.source_uid if isinstance(origin, Finding) else origin.uid
    row.level = origin.level
    return row
