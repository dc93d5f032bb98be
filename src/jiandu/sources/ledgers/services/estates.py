"""Verbs of an estate itself: it is registered, described anew, ended, taken back."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import credit_code_problem, plain_code
from jiandu.base.core.withdrawing import take_back
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Region
from jiandu.sources.ledgers.models import Estate

Kind = Region.Kind


@dataclass(frozen=True)
class NewEstate:
    """Number, name, place (a street, or a district where no street is known), our office, the competent department."""

    code: str
    name: str
    place: Region
    office: Office
    since: date
    department: Organisation | None = None
    body: str = ""
    body_kind: str = Estate.BodyKind.PROPERTY
    households: int | None = None
    body_code: str = ""
    has_lift_ads: bool | None = None
    has_base_station: bool | None = None
    cost_cap: int | None = None


@atomic
def register_estate(*, new: NewEstate, by: Viewer) -> Estate:
    """Raises Refused: not-allowed, name-needed, estate-place, estate-code, step-date."""
    if not guard.allow(by, "create", Estate):
        raise Refused("not-allowed", "您没有登记小区的权限")
    estate = drafted(new)
    if Estate.objects.filter(owner_office=new.office, code=estate.code, withdrawn_on__isnull=True).exists():
        raise Refused("estate-code", "小区编号已被使用：%(code)s", code=estate.code)
    estate.save(force_insert=True)
    record(by, "estate.register", estate, payload={"code": estate.code, "name": estate.name})
    return estate


def drafted(new: NewEstate) -> Estate:
    """The row, not yet saved. Raises Refused."""
    if not new.code.strip() or not new.name.strip():
        raise Refused("name-needed", "请填写小区编号和名称")
    if new.since > today():
        raise Refused("step-date", "日期不能晚于今天：%(on)s", on=new.since.isoformat())
    district, street = placed(new.place)
    return Estate(
        code=new.code.strip()[:32],
        name=new.name.strip()[:128],
        district=district,
        street=street,
        body=new.body.strip()[:128],
        body_kind=Estate.BodyKind(new.body_kind),
        households=new.households,
        body_code=coded(new.body_code),
        has_lift_ads=new.has_lift_ads,
        has_base_station=new.has_base_station,
        cost_cap=new.cost_cap,
        since=new.since,
        owner_office=new.office,
        owner_path=new.office.path,
        subject=new.department,
        subject_path=new.department.path if new.department else "",
    )


def coded(said: str) -> str:
    """A credit code as it is kept. Raises Refused (credit-code)."""
    code = plain_code(said)
    problem = credit_code_problem(code) if code else None
    if problem:
        raise Refused("credit-code", "统一社会信用代码有误：%(problem)s", problem=problem)
    return code


def placed(region: Region) -> tuple[Region, Region | None]:
    """(district, street) of a place. Raises Refused (estate-place) for a whole city."""
    above = cast("Region | None", region.parent)
    if region.kind == Kind.VILLAGE and above is not None:
        return placed(above)
    if region.kind in {Kind.TOWN, Kind.ZONE} and above is not None:
        return above, region
    if region.kind == Kind.DISTRICT:
        return region, None
    raise Refused("estate-place", "属地应为区或镇(街道)：%(name)s", name=region.name)


@dataclass(frozen=True)
class Described:
    """What may be said of an estate in other words."""

    name: str
    body: str
    body_kind: str
    households: int | None
    body_code: str = ""
    has_lift_ads: bool | None = None
    has_base_station: bool | None = None
    cost_cap: int | None = None


@atomic
def amend_estate(*, estate: Estate, by: Viewer, said: Described) -> Estate:
    """The old words stay in the log."""
    may(by, "edit", estate)
    if not said.name.strip():
        raise Refused("name-needed", "请填写小区编号和名称")
    names = ("name", "body", "households", "body_code", "has_lift_ads", "has_base_station", "cost_cap")
    before = {name: getattr(estate, name) for name in names}
    estate.name, estate.body, estate.body_code = said.name.strip()[:128], said.body.strip()[:128], coded(said.body_code)
    estate.body_kind, estate.households = Estate.BodyKind(said.body_kind), said.households
    estate.has_lift_ads, estate.has_base_station, estate.cost_cap = (
        said.has_lift_ads,
        said.has_base_station,
        said.cost_cap,
    )
    estate.save(update_fields=[*names, "body_kind"])
    record(by, "estate.amend", estate, payload={"before": before, "name": estate.name})
    return estate


@atomic
def end_estate(*, estate: Estate, by: Viewer, until: date) -> Estate:
    """From the day after it owes nothing any more (pulled down, merged). Raises Refused (step-date, already-decided)."""
    may(by, "edit", estate)
    if estate.until is not None:
        raise Refused("already-decided", "该小区已终止，请刷新页面")
    if not estate.since <= until <= today():
        raise Refused("step-date", "终止日期应不早于起始日期，且不晚于今天")
    estate.until = until
    estate.save(update_fields=["until"])
    record(by, "estate.end", estate, payload={"until": until.isoformat()})
    return estate


@atomic
def withdraw_estate(*, estate: Estate, by: Viewer, reason: str, on: date | None = None) -> Estate:
    """撤下 an estate that was entered by mistake, or twice."""
    may(by, "edit", estate)
    take_back(estate, reason, on)
    record(by, "estate.withdraw", estate, payload={"reason": reason})
    return estate


def may(by: Viewer, verb: str, estate: Estate) -> None:
    """Raises Refused (not-allowed)."""
    if not guard.allow(by, verb, estate):
        raise Refused("not-allowed", "您没有办理该小区的权限")
