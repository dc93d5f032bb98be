"""批量文书: many papers at once, in one Word file or a zip of many; each is written by the function that writes it alone.

Each record is asked for by itself: what may not be taken, or cannot be written, is named with the reason, and no half of
it is in the file.
"""

import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any, BinaryIO
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.marks import mark_of
from jiandu.base.core.words import as_recorded
from jiandu.base.documents.blocks import Document, together
from jiandu.base.documents.word import to_docx
from jiandu.loop.findings.selectors.tallies import found_at
from jiandu.loop.findings.word import feedback
from jiandu.loop.instruments import letters
from jiandu.loop.instruments import selectors as instruments
from jiandu.loop.instruments.models import Instrument
from jiandu.net.access.models import Level, Owned
from jiandu.sources.activities import selectors as activities
from jiandu.sources.activities.models import Activity, LinkedUnit
from jiandu.sources.activities.word import notices, visit_form
from jiandu.sources.contactpoints import selectors as contact
from jiandu.sources.contactpoints.models import ContactProblem
from jiandu.sources.contactpoints.word import handing
from jiandu.sources.crosscheck import selectors as alerts
from jiandu.sources.crosscheck.models import Alert
from jiandu.sources.crosscheck.selectors import Wanted
from jiandu.sources.crosscheck.word import check_form
from jiandu.sources.talks import selectors as talks
from jiandu.sources.talks.models import Talk, TalkPlan
from jiandu.sources.talks.word import outline, record_form

MOST = 1_000  # papers a job
IN_ONE_FILE = 200  # Word itself is slow with more
AT_ONCE = 20  # papers that the one who asks waits for
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Batch:
    """A kind of paper: of which records (`rows`: those offered; `of`: of which round), how one is found and written.

    `told`: the unit and the serial that its file is named by; `about`: its words, for the list. `is_inner`: it stays within the house.
    """

    label: Any
    model: type[Owned]
    rows: Callable[[Viewer, Any], Iterable[Any]]
    find: Callable[[Viewer, UUID], Any]
    write: Callable[[Viewer, Any], Document]
    told: Callable[[Any], tuple[str, str]]
    about: Callable[[Any], str] = lambda _row: ""
    is_inner: bool = False
    is_of_round: bool = False


def _linked(viewer: Viewer, one: Activity) -> list[LinkedUnit]:
    rows = [unit.linked for team in activities.teams_of(viewer, one) for unit in team.units]
    for row in rows:
        row.activity = one  # known: not fetched again for each
    return rows


def _unit_of(row: LinkedUnit) -> tuple[str, str]:
    return str(row.organisation), row.activity.code


def _notice(viewer: Viewer, row: LinkedUnit) -> Document:
    return notices(viewer, row.activity, row)


def _visit(viewer: Viewer, row: LinkedUnit) -> Document:
    """Of the last visit there, or to be filled in."""
    visits = [one for one in activities.visits_of(viewer, row.activity) if one.organisation_id == row.organisation_id]
    if not visits:
        return visit_form(viewer, row.activity, linked=row)
    found = [f"{one.problem}（{one.code}）" for one in found_at(viewer, visits[-1])]
    return visit_form(viewer, row.activity, visits[-1], found=found)


def _feedback(viewer: Viewer, row: LinkedUnit) -> Document:
    return feedback(viewer, row.activity, row.organisation)


def _letter(viewer: Viewer, one: Instrument) -> Document:
    whole = instruments.whole(viewer, one)
    _check_level(max((finding.level for _row, finding in whole.findings if finding is not None), default=0))
    return letters.document(viewer, whole)


def _letters(viewer: Viewer, _of: Any) -> Iterable[Instrument]:
    return instruments.instruments(viewer, Instrument.LETTERS)[:MOST]


def _open_problems(viewer: Viewer, _of: Any) -> Iterable[ContactProblem]:
    rows = contact.problems(viewer).filter(Q(withdrawn_on__isnull=True, merged_into__isnull=True))
    return rows.select_related("subject").order_by("-registered_on", "-pk")[:MOST]


BATCHES: dict[str, Batch] = {
    "notice": Batch(_("走访通知"), Activity, _linked, activities.linked_by_uid, _notice, _unit_of, is_of_round=True),
    "visit": Batch(_("走访记录表"), Activity, _linked, activities.linked_by_uid, _visit, _unit_of, is_inner=True, is_of_round=True),
    "feedback": Batch(_("问题反馈单"), Activity, _linked, activities.linked_by_uid, _feedback, _unit_of, is_of_round=True),
    "outline": Batch(
        _("谈话提纲"), TalkPlan, lambda viewer, _of: talks.plans(viewer)[:MOST], talks.plan_by_uid, outline,
        lambda row: (str(row.subject or row.owner_office), f"{row.on:%Y%m%d}"), lambda row: row.theme, is_inner=True,
    ),
    "record": Batch(
        _("谈话记录表"), Talk, lambda viewer, _of: talks.talks(viewer)[:MOST], talks.talk_by_uid, record_form,
        lambda row: (str(row.subject or row.owner_office), row.code), lambda row: row.theme, is_inner=True,
    ),
    "letter": Batch(
        _("监督文书"), Instrument, _letters, instruments.instrument_by_uid, _letter,
        lambda row: (str(row.subject), row.number or row.code), lambda row: row.title,
    ),
    "alert": Batch(
        _("疑点核查单"), Alert, lambda viewer, _of: alerts.alerts(viewer, Wanted(group="open"))[:MOST], alerts.by_uid, check_form,
        lambda row: (row.place or "未定地点", row.code), lambda row: row.sentence, is_inner=True,
    ),
    "handing": Batch(
        _("联系点反映问题交办单"), ContactProblem, _open_problems, contact.problem_by_uid, handing,
        lambda row: (str(row.subject or "未定责任单位"), row.code), lambda row: row.problem,
    ),
}  # fmt: skip


def named(row: Any, batch: Batch) -> str:
    """How a record is called in lists: unit and serial; of level ≥ 2 its serial alone."""
    unit, serial = batch.told(row)
    return serial if _level(row) > Level.INTERNAL else f"{unit} {serial}"


def _check_level(level: int) -> None:
    if level > Level.INTERNAL:
        raise Refused("paper-kept", "工作敏感以上的文书不批量生成，请在其页面办理")


def _level(row: Any) -> int:
    of = row.activity if isinstance(row, LinkedUnit) else row
    return int(of.level)


@dataclass(frozen=True)
class Made:
    """What came of it: the papers by the name of their file, and what was refused: (which, why, details of the reason)."""

    papers: list[tuple[str, Document]]
    keys: list[str]
    refused: list[tuple[str, str, dict[str, str]]]


def make(viewer: Viewer, kind: str, uids: list[str], *, tell: Tell) -> Made:
    """Every paper that may be taken, in the order asked. Raises Refused: not-allowed, papers-none, papers-many."""
    batch = BATCHES[kind]
    if not guard.allow(viewer, "view", batch.model):
        raise Refused("not-allowed", "您没有查看这些记录的权限")
    if not uids:
        raise Refused("papers-none", "请先勾选要生成文书的记录")
    if len(uids) > MOST:
        raise Refused("papers-many", "一次最多生成%(most)d份", most=MOST)
    made = Made([], [], [])
    for number, uid in enumerate(uids, 1):
        _one(viewer, batch, (number, uid), made)
        tell(number, len(uids))
    return made


def _one(viewer: Viewer, batch: Batch, asked: tuple[int, str], made: Made) -> None:
    number, uid = asked
    row = batch.find(viewer, UUID(uid))
    try:
        paper = _written(viewer, batch, row)
    except Refused as refused:
        which = named(row, batch) if row is not None else str(number)
        details = {name: str(said) for name, said in refused.details.items()}
        made.refused.append((which, str(refused.args[1]), details))
        return
    unit, serial = batch.told(row)
    made.papers.append((_plain(f"{number:03d} {unit} {as_recorded(batch.label)} {serial}"), paper))
    made.keys.append(uid)


def _written(viewer: Viewer, batch: Batch, row: Any) -> Document:
    if row is None:
        raise Refused("paper-absent", "该记录不存在，或不在您的权限内")
    _check_level(_level(row))
    return batch.write(viewer, row)


def _plain(name: str) -> str:
    """As a file may be called everywhere."""
    return "".join("_" if char in '\\/:*?"<>|' or not char.isprintable() else char for char in name)[:120]


def write(viewer: Viewer, kind: str, made: Made, out: BinaryIO, *, is_one: bool, identity: str) -> str:
    """The file; gives its name. Raises Refused (papers-one-file)."""
    if is_one and len(made.papers) > IN_ONE_FILE:
        raise Refused("papers-one-file", "一个Word文件最多%(most)d份，请选“每份一个文件”", most=IN_ONE_FILE)
    batch, day = BATCHES[kind], today()
    mark = mark_of(viewer, identity) if batch.is_inner else ""
    name = f"{as_recorded(batch.label)}_{len(made.papers)}份_{day:%Y%m%d}"
    if is_one:
        at = datetime.combine(day, time(), tzinfo=UTC)
        papers = [paper for _name, paper in made.papers]
        out.write(to_docx(together(papers, title=name, author=papers[0].author, at=at, mark=mark)))
        return f"{name}.docx"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for own, paper in made.papers:
            archive.writestr(f"{own}.docx", to_docx(replace(paper, mark=mark)))
    return f"{name}.zip"


def may_leave(viewer: Viewer, kind: str, uids: Iterable[str]) -> bool:
    """Whether every record of the file is still within the viewer's scope, and of no level above 1."""
    batch = BATCHES[kind]
    rows = (batch.find(viewer, UUID(uid)) for uid in uids)
    return all(row is not None and _level(row) <= Level.INTERNAL for row in rows)
