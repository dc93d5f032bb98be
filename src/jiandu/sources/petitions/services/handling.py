"""What whoever handles a petition does: accept or return, dispose, extend, conclude; and what the reporter is told."""

from datetime import date

from django.db.transaction import atomic

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.net.access.models import Assignment
from jiandu.net.access.services import stop
from jiandu.net.subjects.models import in_force
from jiandu.net.vaults.holding import Unlocked
from jiandu.sources.petitions import rules, vault
from jiandu.sources.petitions.courses import course_of
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.services.steps import Done, begin, standing, write
from jiandu.sources.petitions.states import Disposal, Named, Regime, Truth, Verb, regime_of
from jiandu.sources.petitions.terms import extension

#: Acts that ask nothing but a day and a word: each is a dated step, and may start or end a clock.
PLAIN = frozenset(
    {
        Verb.OBJECT,
        Verb.INQUIRE,
        Verb.INQUIRY_ANSWERED,
        Verb.ENTRUST,
        Verb.TALK,
        Verb.STATEMENT,
        Verb.REPORT_TALK,
        Verb.FEED_BACK,
        Verb.DISPUTE,
        Verb.ASK_REVIEW,
        Verb.ANSWER_REVIEW,
        Verb.ASK_RECHECK,
        Verb.ANSWER_RECHECK,
    }
)
#: Each follows another: an answer its question, a statement its talk.
AFTER = {
    Verb.INQUIRY_ANSWERED: frozenset({Verb.INQUIRE}),
    Verb.STATEMENT: frozenset({Verb.TALK}),
    Verb.REPORT_TALK: frozenset({Verb.TALK, Verb.INQUIRY_ANSWERED}),
    Verb.DISPUTE: frozenset({Verb.TELL_RESULT}),
    Verb.ASK_REVIEW: frozenset({Verb.TELL_RESULT}),
    Verb.ANSWER_REVIEW: frozenset({Verb.ASK_REVIEW}),
    Verb.ASK_RECHECK: frozenset({Verb.ANSWER_REVIEW}),
    Verb.ANSWER_RECHECK: frozenset({Verb.ASK_RECHECK}),
}


@atomic
def do(*, petition: Petition, by: Viewer, verb: Verb, done: Done, unlocked: Unlocked | None = None) -> Petition:
    """One of the plain acts. Raises Refused: not-allowed, not-legal, step-date, not-before, dispute-note; for 提出管辖异议 as give_back."""
    if verb not in PLAIN:
        raise ValueError(f"{verb} says more than a day")
    petition = begin(petition, verb, by, done.on)
    needs = AFTER.get(verb)
    if needs and not standing(petition).filter(verb__in=sorted(needs)).exists():
        before = "、".join(str(Verb(each).label) for each in sorted(needs))
        raise Refused("not-before", "须先登记“%(before)s”", before=before)
    if verb == Verb.DISPUTE and not done.note.strip():  # rules on accusations 2020, art. 27: recorded and explained
        raise Refused("dispute-note", "请记录有何异议、怎样说明的，有新证据的怎样核查；不写姓名和反映内容")
    if verb == Verb.OBJECT:  # it goes back to the petition office
        return _hand_back(petition, verb, by, done, unlocked)
    return write(petition, verb, by, done)


@atomic
def accept(*, petition: Petition, by: Viewer, done: Done) -> Petition:
    """受理: by the office it was routed to, or by the petition office itself for an item that it handles."""
    petition = begin(petition, Verb.ACCEPT, by, done.on)
    petition.handler = petition.handler or petition.owner_office
    return write(petition, Verb.ACCEPT, by, done, ("handler",))


@atomic
def give_back(
    *, petition: Petition, by: Viewer, on: date, reason: str, granted_by: str, unlocked: Unlocked | None = None
) -> Petition:
    """退回 to the petition office, with the leader in charge approving (art. 17).

    Raises Refused: return-reason, granted-by; locked where the whole content was handed over and the office's key is not at hand.
    """
    petition = begin(petition, Verb.RETURN, by, on)
    if reason not in rules.RETURNED:
        raise Refused("return-reason", "请选择退回的情形")
    rules.check_granted(granted_by)
    done = Done(on, as_recorded(rules.RETURNED[reason]), granted_by=granted_by)
    return _hand_back(petition, Verb.RETURN, by, done, unlocked)


def _hand_back(petition: Petition, verb: Verb, by: Viewer, done: Done, unlocked: Unlocked | None) -> Petition:
    """The act; its envelope opens to the office no more, and from the next statement on the item is closed to it."""
    left, petition.handler = petition.handler, None
    if left is not None and left.pk != petition.owner_office_id:
        vault.close_to_office(petition, left, unlocked)
    petition = write(petition, verb, by, done, ("handler",))
    if left is not None and left.pk != petition.owner_office_id:
        for row in Assignment.objects.filter(in_force(today()), thing_uid=petition.uid, office=left):
            stop(row)
    return petition


@atomic
def dispose(*, petition: Petition, by: Viewer, done: Done, disposal: str) -> Petition:
    """提出处置意见: one of the four ways; a later opinion replaces it."""
    petition = begin(petition, Verb.DISPOSE, by, done.on)
    petition.disposal = Disposal(disposal)
    return write(petition, Verb.DISPOSE, by, done, ("disposal",))


@atomic
def extend(*, petition: Petition, by: Viewer, done: Done) -> Petition:
    """延期 of the clock that may be extended. Raises Refused: no-extension, extend-until, granted-by."""
    petition = begin(petition, Verb.EXTEND, by, done.on)
    rules.check_granted(done.granted_by)
    more = extension(course_of(petition, list(standing(petition))))
    if more is None:
        raise Refused("no-extension", "没有可以延期的期限，或者已经延期一次")
    if done.until is None or done.until <= more.after:
        raise Refused("extend-until", "延至日期应在原期限（%(on)s）之后", on=more.after.isoformat())
    if more.latest is not None and done.until > more.latest:
        raise Refused("extend-until", "最多可以延至%(on)s", on=more.latest.isoformat())
    return write(petition, Verb.EXTEND, by, done)


@atomic
def conclude(*, petition: Petition, by: Viewer, done: Done, truth: str) -> Petition:
    """办结, with what was found. A report's way of disposal is said before. Raises Refused (dispose-first)."""
    petition = begin(petition, Verb.CONCLUDE, by, done.on)
    is_report = regime_of(petition.kind) == Regime.ACCUSATION and petition.kind == "accusation"
    if is_report and not petition.disposal:
        raise Refused("dispose-first", "检举控告须先提出处置意见")
    petition.truth, petition.concluded_on = Truth(truth), done.on
    return write(petition, Verb.CONCLUDE, by, done, ("truth", "concluded_on"))


@atomic
def tell(*, petition: Petition, by: Viewer, verb: Verb, done: Done) -> Petition:
    """告知受理 or 反馈结果, to a verified reporter alone in the first regime. Raises Refused: tell-named, told-twice, repeat-untold."""
    petition = begin(petition, verb, by, done.on)
    if verb not in {Verb.TELL_ACCEPTED, Verb.TELL_RESULT}:
        raise ValueError(f"{verb} tells nobody")
    if regime_of(petition.kind) == Regime.ACCUSATION and petition.named != Named.VERIFIED:
        raise Refused("tell-named", "只向经核实的实名检举控告人告知和反馈")
    if petition.is_repeat and verb == Verb.TELL_ACCEPTED:
        raise Refused("repeat-untold", "重复件不再告知受理")
    rules.check_told_once(verb, set(standing(petition).values_list("verb", flat=True)))
    return write(petition, verb, by, done)
