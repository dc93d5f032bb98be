"""签批: asked for, decided online or on paper with a second person; then the official number."""

from datetime import date

from django.db.transaction import atomic

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.instruments.kinds import kind_of
from jiandu.loop.instruments.models import STANDS, Instrument, Matter, SignOff, Suggestion
from jiandu.loop.instruments.rules import check_day
from jiandu.loop.instruments.services.locking import begin, log
from jiandu.loop.instruments.states import Stage
from jiandu.net.access import deciding as signing
from jiandu.net.access.deciding import Signature, put
from jiandu.net.access.persons import Who, check_other_person
from jiandu.net.access.standing import viewer_as_person

Status = SignOff.Status


@atomic
def submit(*, instrument: Instrument, by: Viewer, on: date) -> SignOff:
    """送签. A copy-report lists a finding, a proposal makes a suggestion. Raises Refused (sheet-empty)."""
    one = begin(instrument, by, "edit", Stage.DRAFT)
    check_day(on, one.drafted_on, today())
    if one.is_copy_report and not Matter.objects.filter(STANDS, instrument=one).exists():
        raise Refused("sheet-empty", "抄报单至少列入一个问题")
    if one.kind in Instrument.PROPOSALS and not Suggestion.objects.filter(STANDS, instrument=one).exists():
        raise Refused("sheet-empty", "建议书至少写明一条建议")
    row = SignOff(instrument=one, asked_on=on, asked_by_id=by.user_id, asked_by_name=by.name[:64])
    row.save(force_insert=True)
    log(by, "submit", one, on=on.isoformat())
    return row


@atomic
def decide(*, sign_off: SignOff, by: Viewer, signature: Signature) -> SignOff:
    """The one who signs this kind of sheet decides online. Raises Refused: not-allowed, approve-other-person."""
    one = begin(Instrument(pk=sign_off.instrument_id), by, "view", Stage.WAITING)
    if not guard.allow(by, kind_of(one.kind).signed_by, one):
        raise Refused("not-allowed", "该文书不由您签批")
    row = _waiting(sign_off, Status.WAITING)
    person = viewer_as_person(by)
    check_day(signature.on, row.asked_on, today())
    return _carry_out(one, row, by, Signature(signature.is_granted, signature.on, signature.opinion, person))


@atomic
def sign_on_paper(*, sign_off: SignOff, by: Viewer, signature: Signature) -> SignOff:
    """纸质签批: a clerk types what was signed on paper, with its scan if there is one; signed once a second person confirms."""
    one = begin(Instrument(pk=sign_off.instrument_id), by, "paper", Stage.WAITING)
    row = _waiting(sign_off, Status.WAITING)
    _check_signer(row, signing.check_signer_named(signature))
    check_day(signature.on, one.drafted_on, today())
    signing.write_paper(row, by, signature)
    log(by, "sign_on_paper", one, **signing.said(row), scan=put(row, signature.scan))
    return row


@atomic
def confirm_paper(*, sign_off: SignOff, by: Viewer) -> SignOff:
    """A second person has seen the paper: it is signed on the date on it. Raises Refused (two-persons)."""
    one = begin(Instrument(pk=sign_off.instrument_id), by, "confirm_paper", Stage.WAITING)
    row = _waiting(sign_off, Status.ON_PAPER)
    return _carry_out(one, row, by, signing.confirm(row, by))


def _waiting(sign_off: SignOff, status: str) -> SignOff:
    fresh: SignOff = SignOff.objects.get(pk=sign_off.pk)
    if fresh.status != status:
        raise Refused("already-decided", "该事项已处理，请刷新页面")
    return fresh


def _check_signer(row: SignOff, signer: Who) -> None:
    asker = signing.asker_of(row)
    if asker is not None:
        check_other_person(signer, asker)


def _carry_out(one: Instrument, row: SignOff, by: Viewer, signature: Signature) -> SignOff:
    _check_signer(row, signature.signer or viewer_as_person(by))
    signing.write(row, signature)
    log(by, "sign", one, **signing.said(row))
    return row


@atomic
def give_number(*, instrument: Instrument, by: Viewer, word: str, year: int, serial: int) -> Instrument:
    """编文号, once signed; given once. Raises Refused: number-form, already-decided, number-taken."""
    one: Instrument = begin(instrument, by, "number", Stage.SIGNED, Stage.DELIVERED, Stage.REPLIED)
    word = word.strip()
    if not word or serial < 1:
        raise Refused("number-form", "请填写机关代字和不小于1的序号")
    if one.number_serial is not None:
        raise Refused("already-decided", "该文书已编文号：%(number)s", number=one.number)
    with guard.acting(guard.system("number taken")):
        taken = Instrument.objects.filter(number_word=word, number_year=year, number_serial=serial).exists()
    if taken:
        free = next_serial(word, year)
        raise Refused("number-taken", "文号%(word)s〔%(year)d〕%(serial)d号已使用，下一个可用序号为%(free)d", word=word, year=year, serial=serial, free=free)  # fmt: skip
    one.number_word, one.number_year, one.number_serial = word, year, serial
    one.save(update_fields=["number_word", "number_year", "number_serial"])
    log(by, "give_number", one, number=one.number)
    return one


def next_serial(word: str, year: int) -> int:
    """The number after the last that was given under the word in the year, by whichever office."""
    with guard.acting(guard.system("next number")):
        given = Instrument.objects.filter(number_word=word, number_year=year, number_serial__isnull=False)
        last: int | None = given.order_by("-number_serial").values_list("number_serial", flat=True).first()
    return (last or 0) + 1
