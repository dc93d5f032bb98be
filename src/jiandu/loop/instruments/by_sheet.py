"""What the sheets of copy-reports and of letters share: number, signature on paper, how far a row goes on."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Line
from jiandu.base.books.taking import CellRefused, at
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer, allow
from jiandu.loop.instruments.course import with_course
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.instruments.services import serving, signing
from jiandu.loop.instruments.states import Stage, stage_of
from jiandu.net.access.cells import needed
from jiandu.net.access.deciding import Signature
from jiandu.net.access.persons import Who

NUMBER = re.compile(r"^(.{1,32}?)\s*[〔\[(（【]\s*(\d{4})\s*[〕\])）】]\s*(?:第\s*)?(\d{1,6})\s*号$")
#: Why a number or a delivery is left out, and what to do instead.
LATER = _("尚未签批确认；确认以后再导入同一份表，即行写入")
NOT_YOURS = _("您没有编文号的权限；请内勤等有此权限的人员在文书页编文号，或由其导入同一份表。本行请将文号留空")
LATER_NOT_YOURS = _(
    "尚未签批确认，且您没有编文号的权限；确认以后请内勤等有此权限的人员编文号，或由其导入同一份表。本行请将文号留空"
)
GIVEN_ONCE = _("文号编定以后不再更改；表中文号有误的请改正，系统中有误的请撤下该文书后重新制发")
Cells = list[tuple[str, str, str]]
Left = tuple[tuple[str, str], ...]
Deliver = Callable[[Line, Any, Viewer, date], Any]
Number = tuple[str, int, int] | None


def number_of(line: Line) -> Number:
    said = line.text("number")
    found = NUMBER.match(said)
    if said and found is None:
        raise CellRefused("number", Refused("number-form", _("应写作“厦纪建〔2022〕3号”")), line)
    return (found[1].strip(), int(found[2]), int(found[3])) if found else None


def texts_of(text: str) -> list[str]:
    return [each.strip() for each in text.splitlines() if each.strip()]


def plain(text: str) -> str:
    """Words as a cell holds them: what a browser sent ends its lines otherwise."""
    return "\n".join(text.splitlines()).strip()


def of_code(rows: Any, line: Line) -> Any:
    """The letter of an internal number. Numbers are given here, so one that nobody has is a mistake."""
    found = rows.first()
    if found is None:
        raise CellRefused(
            "code", Refused("unknown-code", _("没有这个内部编号的文书；新的文书请留空，由系统编号")), line
        )
    return as_it_is(found)


def as_it_is(one: Instrument | None) -> Any:
    """As it is now, with its course."""
    if one is None:
        return None
    rows = with_course(Instrument.objects.filter(pk=one.pk))
    return rows.select_related("owner_office", "subject").first()


def sign(line: Line, one: Any, by: Viewer) -> Cells:
    """The paper's signature, typed: it waits for a second person. Nothing where it has been typed or decided before."""
    day = line.on("signed")
    if day is None or stage_of(one) != Stage.DRAFT:
        return []
    needed(line, "signer")
    with at("signed", line):
        row = signing.submit(instrument=one, by=by, on=day)
        paper = Signature(is_granted=True, on=day, signer=Who(line.text("signer")[:64]))
        signing.sign_on_paper(sign_off=row, by=by, signature=paper)
    return [("signed", "", str(day))]


def further(line: Line, one: Any, number: Number, by: Viewer, deliver: Deliver) -> tuple[Cells, Left]:
    """Number and delivery, once it is signed; what cannot be done yet, or not by the viewer, is left with its reason."""
    done: Cells = []
    left: list[tuple[str, str]] = []
    is_signed = stage_of(one) in serving.SERVED
    if number is not None and not one.number:
        may = allow(by, "number", one)
        if may and is_signed:
            word, year, serial = number
            with at("number", line):
                signing.give_number(instrument=one, by=by, word=word, year=year, serial=serial)
            done.append(("number", "", line.text("number")))
        else:
            left.append(("number", str(LATER if may else NOT_YOURS if is_signed else LATER_NOT_YOURS)))
    day = line.on("delivered")
    if day is not None and one.delivered_on is None and is_signed:
        with at("delivered", line):
            deliver(line, one, by, day)
        done.append(("delivered", "", str(day)))
    elif day is not None and one.delivered_on is None:
        left.append(("delivered", str(LATER)))
    return done, tuple(left)
