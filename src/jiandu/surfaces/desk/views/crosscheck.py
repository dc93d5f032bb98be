"""数据比对: alerts from the queue to their end, rules with their record, runs and data sets."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.of_signal import findings_of, settling_of
from jiandu.loop.findings.services import moves
from jiandu.loop.findings.services.moves import NewFinding
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.crosscheck import selectors, word
from jiandu.sources.crosscheck.models import Alert
from jiandu.sources.crosscheck.selectors import Wanted
from jiandu.sources.crosscheck.services import triage
from jiandu.sources.crosscheck.states import Colour, State, Verb, is_legal
from jiandu.sources.talks.services.clues import NewHandover, hand_over_of
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import crosscheck as forms
from jiandu.surfaces.desk.forms.talks import HandOverForm
from jiandu.surfaces.desk.handing_out import Paper, hand_out
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import crosscheck as told
from jiandu.surfaces.desk.views import crosscheck_export
from jiandu.surfaces.door.answers import done, page, perform

Said = dict[str, Any]


def show_alerts(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The queue."""
    asked = request.GET.copy()
    for name in ("page", "act", "format", "as"):
        asked.pop(name, None)
    listed = told.alerts(viewer, _wanted(request), asked.urlencode())
    return registers.show_list(request, ALERTS_ROOM, listed, opened, status)


def export(request: HttpRequest) -> HttpResponse:
    """The queue as filtered, as JSON or CSV."""
    return crosscheck_export.written(request.viewer, _wanted(request), request.GET.get("as", "csv"))  # type: ignore[attr-defined]


def paper(request: HttpRequest, uid: UUID) -> HttpResponse:
    """疑点核查单 of one alert, as Word or PDF."""
    one = selectors.by_uid(request.viewer, uid)  # type: ignore[attr-defined]
    if one is None:
        raise Http404
    viewer = request.viewer  # type: ignore[attr-defined]
    name = word.named_on(one, today())
    made = Paper("alert", name, lambda mark: word.check_docx(viewer, one, mark=mark), is_inner=True, level=one.level)
    return hand_out(request, "alert.paper", one, made)


def _wanted(request: HttpRequest) -> Wanted:
    """What the filters say; anything else is nothing."""
    said = {name: request.GET.get(name, "") for name in ("colour", "place", "rule", "group", "version")}
    is_state = said["group"] in State
    try:
        run = UUID(request.GET["run"]) if request.GET.get("run") else None
    except ValueError:
        run = None
    return Wanted(
        colour=said["colour"] if said["colour"] in Colour else "",
        place=said["place"][:64],
        rule=said["rule"][:40],
        state=said["group"] if is_state else "",
        version=said["version"][:16],
        group="" if is_state else said["group"],
        run=run,
    )


def show_alert(request: HttpRequest, one: Alert, opened: Opened | None, status: int) -> HttpResponse:
    """One alert with what stands behind it and what became of it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, ALERT_ROOM, one)
    return registers.show(request, told.alert(viewer, one, findings_of(viewer, one.signal_id)), may, opened, status)


def show_clear(request: HttpRequest, one: Alert, opened: Opened | None, status: int) -> HttpResponse:
    """Its values in clear; the look is logged before anything is shown."""
    viewer = request.viewer  # type: ignore[attr-defined]
    clear = triage.reveal(alert=one, by=viewer)
    may = registers.doors(viewer, CLEAR_ROOM, one)
    return registers.show(request, told.in_clear(one, clear), may, opened, status)


def exclude(request: HttpRequest) -> HttpResponseBase:
    """排除: the chosen alerts, or all that wait of the rule that the filters name; one reason for all of them."""
    viewer, asked = request.viewer, request.GET  # type: ignore[attr-defined]
    uids = [UUID(said) for said in request.POST.getlist("uid") if _is_uuid(said)]
    by_rule = not uids and asked.get("rule")
    if by_rule:
        uids = selectors.waiting_uids(viewer, _wanted(request), triage.MOST)
    form = forms.ExcludeForm(request.POST if "note" in request.POST else None, initial={"many": len(uids)})
    many: list[int] = []
    if form.is_bound and perform(form, lambda: many.append(_exclude(uids, form.cleaned_data, viewer))):
        return done(request, _("已排除%(many)s条疑点") % {"many": many[0]}, "desk:alerts")
    rows = list(selectors.alerts(viewer).filter(uid__in=uids)[:SHOWN])
    sent = [] if by_rule else uids
    context = {"form": form, "rows": rows, "sent": sent, "many": len(uids), "more": len(uids) - len(rows)}
    status = 422 if form.errors else 200
    return page(request, "desk/crosscheck/exclude.html", context | {"back": reverse("desk:alerts")}, status=status)


SHOWN = 50  # of those that are excluded together, so that somebody sees what they are


def _exclude(uids: list[UUID], said: Said, by: Viewer) -> int:
    """What is excluded is what was shown: another number of alerts than then is told."""
    seen = said.pop("many")
    if seen is not None and seen != len(uids):
        raise Refused(
            "alerts-changed",
            "筛选出的疑点有变化：%(before)s条变为%(now)s条，请核对后再排除",
            before=seen,
            now=len(uids),
        )
    return triage.exclude_many(uids=uids, by=by, **said)


def _is_uuid(said: str) -> bool:
    try:
        UUID(said)
    except ValueError:
        return False
    return True


def _take(one: Alert, said: Said, by: Viewer) -> Finding:
    """The pointer and the finding that is opened from it, in one act."""
    unit = said["subject"]
    new = triage.NewTopic(unit, said["problem"])
    signal = triage.send_to_ledger(alert=one, by=by, on=said["on"], new=new, note=said["note"] or said["problem"][:300])
    rule = selectors.rule_of(by, one)
    return moves.open_finding(
        new=NewFinding(
            subject=unit,
            problem=said["problem"],
            office=one.owner_office,
            registered_on=said["on"],
            signal=signal,
            facts=said["note"],
            basis="；".join(told.basis_words(rule, one.last_on))[:500] if rule else "",
            aspect=said["aspect"],
            level=one.level,
        ),
        by=by,
    )


def _pass_clue(one: Alert, said: Said, by: Viewer) -> Alert:
    """The sealed hand-over, and the alert's own step, which says nothing of it."""
    receiver = office_by_pk(int(said["receiver"]))
    if receiver is None:
        raise Refused("clue-receiver", "线索只移交给案件监督管理部门")
    sealed = NewHandover(said["on"], receiver, said["envelope"], said["sha256"])
    hand_over_of(source=one, by=by, new=sealed)
    return triage.mark_handed_over(alert=one, by=by, on=said["on"])


def _verify(one: Alert, said: Said, by: Viewer) -> Alert:
    """Composed with how far the finding has come: the register does not know it."""
    how_far = settling_of(by, findings_of(by, one.signal_id))
    settled = triage.Settled(how_far.closed_on, how_far.held_on)
    return triage.verify(alert=one, by=by, settled=settled, **said)


def _fits(verb: Verb) -> Any:
    return lambda one: is_legal(verb, State(one.state), Colour(one.colour))


ALERTS_ROOM = Room("desk:alerts", lambda viewer: viewer, show_alerts, Alert)
ALERT_ROOM = Room(
    "desk:alert",
    selectors.by_uid,
    show_alert,
    Alert,
    (
        Act("dispose", gettext_lazy("处置"), forms.DisposeForm, lambda one, s, by: triage.dispose(alert=one, by=by, **s), fits=_fits(Verb.RECTIFY)),
        Act("take", pgettext_lazy("alert act", "转入问题台账"), forms.TakeForm, _take, fits=_fits(Verb.TAKE)),
        Act("clue", pgettext_lazy("alert act", "移送问题线索"), HandOverForm, _pass_clue, fits=_fits(Verb.PASS_CLUE)),
        Act("verify", gettext_lazy("核实降级"), forms.NoteForm, _verify, verb="verify", fits=_fits(Verb.VERIFY)),
        Act("send-back", gettext_lazy("退回重核"), forms.NoteForm, lambda one, s, by: triage.send_back(alert=one, by=by, **s), verb="verify", fits=_fits(Verb.SEND_BACK)),
    ),
)  # fmt: skip
CLEAR_ROOM = Room("desk:alert-clear", selectors.by_uid, show_clear, Alert, see="reveal")
