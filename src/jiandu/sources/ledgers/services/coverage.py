"""报送: a department's monthly sheet taken in whole: estates by number, their postings, their totals. All of it or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max
from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.sources.ledgers.models import Estate, Posting, Report, Statement
from jiandu.sources.ledgers.services.estates import NewEstate, drafted
from jiandu.sources.ledgers.services.publishing import Sums, check_period

CORRECTED = "报送已更正"
BATCH = 500


@dataclass(frozen=True)
class Shown:
    """One posting as a row tells it."""

    channel: str
    posted_on: date
    until: date | None = None
    place: str = ""


@dataclass(frozen=True)
class Told:
    """One estate's row: who it is, what it shows of the period, its totals where the department sends them."""

    estate: NewEstate
    is_detailed: bool
    shown: tuple[Shown, ...] = ()
    sums: Sums | None = None
    until: date | None = None


@dataclass(frozen=True)
class NewReport:
    """The sheet: period, as of when, its file, our office, the department and whoever of it stands by the sheet."""

    period: date
    as_of: date
    name: str
    sha256: str
    office: Office
    department: Organisation | None = None
    confirmed_by: str = ""
    confirmed_on: date | None = None


@dataclass
class Change:
    """What taking a sheet does, counted: new estates, postings, statements, and those that it corrected."""

    estates: int = 0
    postings: int = 0
    statements: int = 0
    corrected: int = 0
    known: dict[str, Estate] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.estates + self.postings + self.statements + self.corrected


@atomic
def take_report(*, new: NewReport, rows: list[Told], by: Viewer) -> tuple[Report, Change]:
    """Takes a sheet. What it says anew of a posting or a statement replaces what it said before; the same says nothing.

    Raises Refused: not-allowed, period, step-date, report-once (the same file), estate-twice.
    """
    if not guard.allow(by, "create", Estate):
        raise Refused("not-allowed", "您没有登记小区的权限")
    check_period(new.period)
    _check(new, rows)
    report = _report(new, len(rows))
    report.save(force_insert=True)
    change = Change()
    _estates(new.office, rows, change)
    _postings(new.period, report, rows, change)
    _statements(new.period, report, rows, change)
    report.changed = change.total
    report.save(update_fields=["changed"])
    payload = {"rows": len(rows), "estates": change.estates, "postings": change.postings, "sha256": new.sha256}
    record(by, "report.take", report, payload=payload | {"corrected": change.corrected})
    return report, change


def _check(new: NewReport, rows: list[Told]) -> None:
    if new.as_of > today() or (new.confirmed_on is not None and new.confirmed_on > today()):
        raise Refused("step-date", "日期不能晚于今天：%(on)s", on=new.as_of.isoformat())
    held = Report.objects.filter(owner_office=new.office, sha256=new.sha256, withdrawn_on__isnull=True).first()
    if held is not None:
        raise Refused("report-once", "这份表已于%(on)s导入", on=held.created_at.date().isoformat())
    codes = [row.estate.code.strip() for row in rows]
    twice = sorted({code for code in codes if codes.count(code) > 1}) if len(set(codes)) < len(codes) else []
    if twice:
        raise Refused("estate-twice", "表内小区编号重复：%(codes)s", codes="、".join(twice[:10]))


def _report(new: NewReport, count: int) -> Report:
    is_confirmed = bool(new.confirmed_by.strip() and new.confirmed_on)
    return Report(
        as_of=new.as_of,
        name=new.name[:200],
        sha256=new.sha256,
        rows=count,
        confirmed_by=new.confirmed_by.strip()[:64] if is_confirmed else "",
        confirmed_on=new.confirmed_on if is_confirmed else None,
        owner_office=new.office,
        owner_path=new.office.path,
        subject=new.department,
        subject_path=new.department.path if new.department else "",
    )


def _chunks(values: Iterable[int] | Iterable[str]) -> Iterable[list[object]]:
    listed: list[object] = list(values)
    return (listed[start : start + BATCH] for start in range(0, len(listed), BATCH))


def _estates(office: Office, rows: list[Told], change: Change) -> None:
    """The estates of the sheet by number: known ones are found, others registered; ended ones end."""
    for codes in _chunks([row.estate.code.strip() for row in rows]):
        found = Estate.objects.filter(owner_office=office, code__in=codes, withdrawn_on__isnull=True)
        change.known |= {estate.code: estate for estate in found}
    fresh = [drafted(row.estate) for row in rows if row.estate.code.strip() not in change.known]
    for estate in Estate.objects.bulk_create(fresh, batch_size=BATCH):
        change.known[estate.code] = estate
    change.estates = len(fresh)
    ended = []
    for row in rows:
        estate = change.known[row.estate.code.strip()]
        if row.until is not None and estate.until != row.until and row.until >= estate.since:
            estate.until = row.until
            ended.append(estate)
    if ended:
        Estate.objects.bulk_update(ended, ["until"], batch_size=BATCH)
    change.corrected += len(ended)


Key = tuple[int, str]


def _postings(period: date, report: Report, rows: list[Told], change: Change) -> None:
    held = _held(Posting, period, change)
    by_key: dict[Key, list[Posting]] = {}
    for posting in held:
        by_key.setdefault((posting.estate_id, posting.channel), []).append(posting)
    fresh: list[Posting] = []
    gone: list[Posting] = []
    lasting: list[Posting] = []
    for row in rows:
        estate = change.known[row.estate.code.strip()]
        for shown in row.shown:
            before = next(
                (p for p in by_key.get((estate.pk, shown.channel), []) if p.posted_on == shown.posted_on), None
            )
            if before is not None and before.is_detailed == row.is_detailed:
                if shown.until is not None and before.until != shown.until:
                    before.until = shown.until
                    lasting.append(before)
                continue
            if before is not None:
                gone.append(before)
            fresh.append(_posting(estate, period, row.is_detailed, shown, report))
    _take_back(Posting, gone, report.as_of)
    Posting.objects.bulk_create(fresh, batch_size=BATCH)
    if lasting:
        Posting.objects.bulk_update(lasting, ["until"], batch_size=BATCH)
    change.postings += len(fresh) - len(gone)
    change.corrected += len(gone) + len(lasting)


def _posting(estate: Estate, period: date, is_detailed: bool, shown: Shown, report: Report) -> Posting:
    return Posting(
        estate=estate,
        period_on=period,
        channel=shown.channel,
        is_detailed=is_detailed,
        posted_on=shown.posted_on,
        until=shown.until,
        place=shown.place[:300],
        report=report,
    )


def _statements(period: date, report: Report, rows: list[Told], change: Change) -> None:
    held = {row.estate_id: row for row in _held(Statement, period, change)}
    fresh, gone = [], []
    for row in (row for row in rows if row.sums is not None):
        estate = change.known[row.estate.code.strip()]
        said, before = vars(row.sums), held.get(estate.pk)
        if before is not None and not said["account"]:
            said = said | {"account": before.account}  # the sheet has no such column: it says nothing of it
        if before is not None and said["bank_fen"] is None:
            said = said | {"bank_fen": before.bank_fen}
        if before is not None and all(getattr(before, name) == value for name, value in said.items()):
            continue
        if before is not None:
            gone.append(before)
        fresh.append(Statement(estate=estate, period_on=period, **said))
    _take_back(Statement, gone, report.as_of)
    Statement.objects.bulk_create(fresh, batch_size=BATCH)
    change.statements += len(fresh) - len(gone)
    change.corrected += len(gone)


def _held(model: type[Posting] | type[Statement], period: date, change: Change) -> list:  # type: ignore[type-arg]
    """What stands of the period for the estates of the sheet."""
    found: list = []  # type: ignore[type-arg]
    for keys in _chunks([estate.pk for estate in change.known.values()]):
        found += model.objects.filter(estate_id__in=keys, period_on=period, withdrawn_on__isnull=True)
    return found


def _take_back(model: type[Posting] | type[Statement], rows: list, on: date) -> None:  # type: ignore[type-arg]
    """As `take_back`, in bulk: from the day of the sheet in which the department corrected itself."""
    for row in rows:
        row.withdrawn_on, row.withdrawn_at, row.withdrawn_for = on, now(), CORRECTED
    if rows:
        model.objects.bulk_update(rows, ["withdrawn_on", "withdrawn_at", "withdrawn_for"], batch_size=BATCH)


@atomic
def confirm_report(*, report: Report, by: Viewer, on: date, name: str) -> Report:
    """部门确认: the department stands by its sheet. Once."""
    if not guard.allow(by, "edit", report):
        raise Refused("not-allowed", "您没有办理该报送的权限")
    if report.confirmed_on is not None:
        raise Refused("already-decided", "该报送已确认，请刷新页面")
    if on > today() or not name.strip():
        raise Refused("step-date", "请填写部门确认人，日期不能晚于今天")
    report.confirmed_on, report.confirmed_by = on, name.strip()[:64]
    report.save(update_fields=["confirmed_on", "confirmed_by"])
    record(by, "report.confirm", report, payload={"on": on.isoformat()})
    return report


def newest(office: Office) -> date | None:
    """As of when the office's newest report is."""
    found: date | None = Report.objects.filter(owner_office=office, withdrawn_on__isnull=True).aggregate(
        n=Max("as_of")
    )["n"]
    return found
