"""知悉范围: who may read a finding. Restricting takes effect at once; widening is asked for, and another person approves."""

from collections.abc import Sequence

from django.db.models import Max
from django.db.transaction import atomic
from django.utils.translation import gettext_lazy as _

from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.loop.findings import rules
from jiandu.loop.findings.models import Approval, Finding
from jiandu.loop.findings.services.moving import Act, begin, move
from jiandu.loop.findings.services.searching import index_finding
from jiandu.loop.findings.states import Verb
from jiandu.net.access import levels as access
from jiandu.net.access.models import Level
from jiandu.net.access.services import assign_record
from jiandu.sources.signals.services import follow_level


@atomic
def restrict(*, finding: Finding, by: Viewer, level: int, note: str, named: Sequence[User] = ()) -> Finding:
    """收紧知悉范围: from the next statement on whoever is not cleared for the level sees neither it nor what came of it, nor
    the sheets that list it (they stay as closed when it is widened again).

    专案点名 opens it to the persons named alone: to `named`, to whoever does it, and to those named before. Raises
    Refused: level-higher, level-unread, level-needs-approver, level-carried.
    """
    act = Act(by=by, on=today(), note=note.strip())
    finding = begin(finding, Verb.RESTRICT, act)
    wanted = Level(level)
    rules.check_restricted(finding.level, wanted, note)
    if wanted == Level.NAMED:
        _name(finding, by, named)
    said = f"{as_recorded(Level(finding.level).label)} → {as_recorded(wanted.label)}：{act.note}"
    details: dict[str, object] = {"level": [finding.level, int(wanted)]}
    change_level(finding, wanted)
    if carriers := access.raise_carriers(finding):
        details["carriers"] = carriers
    if not Finding.objects.filter(pk=finding.pk).exists():
        raise Refused("level-unread", _("这样定级后您本人将看不到这条记录，请由承办室组定级，或者点名到您"))
    _lapse_widening(finding)
    return move(finding, Verb.RESTRICT, Act(by=by, on=act.on, note=said, details=details))


def _name(finding: Finding, by: Viewer, named: Sequence[User]) -> None:
    """Whoever names is named too, and somebody else who approves: else it could never be settled, nor widened again."""
    me = User.objects.filter(pk=by.user_id or 0).first()
    for user in dict.fromkeys([*([me] if me else []), *named]):
        assign_record(thing=finding, by=by, user=user)
    others = [user for user in access.named_on(finding) if user.pk != by.user_id]
    if not access.has_role_for(others, "approve", "finding"):
        raise Refused("level-needs-approver", _("专案点名的人员中，除您本人外至少要有一名可以审批的领导"))


def change_level(finding: Finding, level: int) -> None:
    """The level and what follows from it: what came of the finding, the thread it came from, and the words it is found by."""
    access.change_level(finding, Level(level))
    index_finding(finding)
    if finding.signal_id is not None:
        with guard.acting(guard.system("level")):
            highest = Finding.objects.filter(signal_id=finding.signal_id).aggregate(level=Max("level"))["level"]
        follow_level(signal_id=finding.signal_id, level=highest)


def _lapse_widening(finding: Finding) -> None:
    """What was asked for before it was restricted is asked for anew."""
    waiting = finding.approvals.filter(verb=Verb.WIDEN, status__in=[Approval.Status.WAITING, Approval.Status.ON_PAPER])
    waiting.update(status=Approval.Status.LAPSED)
