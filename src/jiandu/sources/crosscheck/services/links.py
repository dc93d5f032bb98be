"""关联认定: pairs that linkage is not sure of wait here; what a person says of one is kept, and is found again by the next run."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.transaction import atomic

from jiandu.base.audit.services import record, seen
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.models import Level
from jiandu.net.access.numbering import next_code
from jiandu.net.overseers.models import Office
from jiandu.sources.crosscheck.linked import Waiting
from jiandu.sources.crosscheck.models import LinkPair, RuleRun
from jiandu.sources.crosscheck.states import LINK_MOVES, VERDICTS, LinkState, LinkVerb, may_say

WORD = "GL"
BATCH = 500


def write_pairs(*, waiting: Iterable[Waiting], run: RuleRun) -> int:
    """Pairs of a run, for the services of runs: those that are known get its figures, the others wait. Gives how many are new."""
    known = {bytes(each.mark): each for each in LinkPair.objects.filter(owner_office=run.owner_office_id)}
    fresh = []
    for one in {each.mark: each for each in waiting}.values():
        pair = known.get(one.mark)
        if pair is None:
            fresh.append(_pair(one, run))
        elif may_say(LinkVerb.SAY_SAME, LinkState(pair.state)):
            pair.probability, pair.start, pair.compared, pair.reason = (
                one.probability,
                one.start,
                one.compared,
                one.reason,
            )
            pair.last_run, pair.clear = run, one.clear
            pair.save(update_fields=["probability", "start", "compared", "reason", "last_run", "clear"])
    if fresh:
        head, _, number = next_code(LinkPair, run.owner_office, WORD, run.on.year).rpartition("-")
        for place, pair in enumerate(fresh):
            pair.code = f"{head}-{int(number) + place:05d}"
        LinkPair.objects.bulk_create(fresh, batch_size=BATCH)
    return len(fresh)


def _pair(one: Waiting, run: RuleRun) -> LinkPair:
    names = ("mark", "row", "place", "compared", "left", "right", "clear", "probability", "start", "reason")
    return LinkPair(
        kind=one.lacking.kind,
        table=one.lacking.table,
        column=one.lacking.column,
        last_run=run,
        level=Level.INTERNAL,
        owner_office=run.owner_office,
        owner_path=run.owner_office.path,
        **{name: getattr(one, name) for name in names},
    )


@atomic
def decide(*, pair: LinkPair, by: Viewer, verb: str, on: date, note: str) -> LinkPair:
    """同一, 不是同一 or 无法认定, with the reason. Raises Refused (not-allowed, not-legal, already-decided, note-needed, step-date, link-other)."""
    if verb not in VERDICTS:
        raise Refused("not-legal", "现在不能办理“%(verb)s”", verb=verb)
    row = _begin(pair, LinkVerb(verb), by, on, note)
    if verb == LinkVerb.SAY_SAME:
        _check_one(row)
    row.decided_on, row.decided_by, row.note = on, by.name[:64], note.strip()[:300]
    return _write(row, LinkVerb(verb), by)


@atomic
def take_back(*, pair: LinkPair, by: Viewer, on: date, note: str) -> LinkPair:
    """撤回认定: it waits again; the next run does without it. Raises Refused (not-allowed, already-decided, note-needed, step-date)."""
    row = _begin(pair, LinkVerb.TAKE_BACK, by, on, note)
    row.decided_on, row.decided_by, row.note = None, "", note.strip()[:300]
    return _write(row, LinkVerb.TAKE_BACK, by)


def reveal(*, pair: LinkPair, by: Viewer) -> str:
    """Both rows in clear, as JSON; the look is logged first. Raises Refused (not-allowed)."""
    if not guard.allow(by, "reveal", pair):
        raise Refused("not-allowed", "您没有查看个人信息明文的权限")
    seen(by, pair, what="personal")
    return str(pair.clear)


def _begin(pair: LinkPair, verb: LinkVerb, by: Viewer, on: date, note: str) -> LinkPair:
    Office.objects.select_for_update(no_key=True).filter(pk=pair.owner_office_id).first()  # one row, one person
    row: LinkPair = LinkPair.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    if not guard.allow(by, "edit", row):
        raise Refused("not-allowed", "您没有“%(verb)s”的权限", verb=verb.label)
    if not may_say(verb, LinkState(row.state)):
        raise Refused("already-decided", "该事项已处理,请刷新页面")
    if not note.strip():
        raise Refused("note-needed", "请写明理由")
    if on > today():
        raise Refused("step-date", "日期不能晚于今天:%(on)s", on=on.isoformat())
    return row


def _check_one(row: LinkPair) -> None:
    same = {"owner_office": row.owner_office_id, "row": row.row, "state": LINK_MOVES[LinkVerb.SAY_SAME][1]}
    other = LinkPair.objects.filter(**same).exclude(pk=row.pk).first()
    if other is not None:
        raise Refused("link-other", "该记录已认定为另一对象（%(code)s），请先撤回那一项", code=other.code)


def _write(row: LinkPair, verb: LinkVerb, by: Viewer) -> LinkPair:
    """The state and the entry of the log, which names nobody."""
    before = row.state
    row.state = LINK_MOVES[verb][1]
    row.save(update_fields=["state", "decided_on", "decided_by", "note"])
    said: dict[str, Any] = {"from": before, "to": row.state, "note": row.note}
    record(by, f"link_pair.{verb}", row, payload=said)
    return row
