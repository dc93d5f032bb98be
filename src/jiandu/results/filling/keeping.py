"""Verbs on the office's forms: a blank is registered with what is proposed for it, bound, accepted, filled, taken back."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import new_uid
from jiandu.base.core.sheets import FormRead, SheetRefused, fill_form, read_form
from jiandu.base.core.sheets.filling import FORM
from jiandu.base.core.sheets.limits import MIB
from jiandu.base.core.withdrawing import take_back
from jiandu.base.files import store
from jiandu.net.overseers.models import Office
from jiandu.results.filling.answering import open_cells
from jiandu.results.filling.bindings import Binding, Cell, Period, packed, unpacked
from jiandu.results.filling.changing import Change, Changed, change, sound
from jiandu.results.filling.models import SuperiorForm
from jiandu.results.filling.proposing import Block, Unread, blocks, understood, wants_number
from jiandu.results.filling.selectors import key_of, vocabulary
from jiandu.results.filling.services import filled

AREA = 6_000  # cells of all tables together: a form that somebody reads


@dataclass(frozen=True)
class NewForm:
    """The superior's blank, what it is called, and the office that fills it."""

    name: str
    file_name: str
    content: bytes
    office: Office


@atomic
def register_form(*, new: NewForm, by: Viewer) -> SuperiorForm:
    """上传空表. Bindings that it brings stay; for other cells they are proposed. Raises SheetRefused, Refused (not-allowed,
    form-twice, as the store does): then nothing is kept.
    """
    if not guard.allow(by, "create", SuperiorForm):
        raise Refused("not-allowed", "您没有登记套表的权限")
    name = new.name.strip()[:200]
    if SuperiorForm.objects.filter(owner_office=new.office, name=name, withdrawn_on__isnull=True).exists():
        raise Refused("form-twice", "本室组已有叫“%(name)s”的套表，请换一个名称，或先撤下原来的", name=name)
    form = _read(new.content)
    bindings, unread = _proposed(by, form)
    made = SuperiorForm(
        name=name,
        file_name=new.file_name[:200],
        brought_by=by.name[:64],
        owner_office=new.office,
        owner_path=new.office.path,
        unread={key_of(cell): [why.why.value, why.word[:100]] for cell, why in unread.items()},
    )
    _keep(made, new.content, form, bindings)
    made.save(force_insert=True)
    said = {"sha256": made.sha256, "file": made.file_name, "cells": made.cell_count, "bound": made.bound_count}
    record(by, "superior_form.register", made, payload=said)
    return made


def _read(content: bytes) -> FormRead:
    if len(content) > FORM.file_bytes:
        raise SheetRefused("file_too_big", limit=FORM.file_bytes // MIB)
    form = read_form(content)
    area = 0
    for sheet in form.sheets:
        told = [at for at, cell in sheet.cells.items() if cell.kind != "empty"]
        area += max((at[0] for at in told), default=0) * max((at[1] for at in told), default=0)
    if area > AREA:
        raise SheetRefused("too_many_cells", limit=AREA)
    return form


def _proposed(by: Viewer, form: FormRead) -> tuple[dict[Cell, Binding], dict[Cell, Unread]]:
    """What it brings, and what its heads say of the cells beside. Raises SheetRefused (no_cells)."""
    words, bindings, unread = vocabulary(by), sound(form, _brought(form)), {}
    there = [(block, at) for block in blocks(form) for at in _wanting(block)]
    if not there:
        raise SheetRefused("no_cells")
    for block, at in there:
        cell = (block.sheet.title, at)
        if cell not in bindings:
            found = understood(block, at, words)
            if isinstance(found, Binding):
                bindings[cell] = found
            else:
                unread[cell] = found
    return bindings, unread


def _wanting(block: Block) -> list[tuple[int, int]]:
    return [at for at, heads in block.cells.items() if wants_number(heads)]


def _brought(form: FormRead) -> list[Binding]:
    try:
        return list(unpacked(form.kept).values())
    except Refused:  # somebody else's text: the heads are read anew
        return []


def _keep(made: SuperiorForm, content: bytes, form: FormRead, bindings: dict[Cell, Binding]) -> None:
    """The workbook with its bindings goes into the store, and the record says which it is and how far it is bound."""
    bound = fill_form(content, [], kept=packed(bindings.values())).content
    made.sha256 = store.keep([bound], limit_bytes=FORM.unpacked_bytes).sha256
    made.bound_count = len(bindings)
    made.cell_count = len(bindings) + len(open_cells(form, bindings) if bindings else made.unread)


def _locked(form: SuperiorForm, by: Viewer) -> SuperiorForm:
    """The row, held. Raises Refused (not-allowed, already-decided)."""
    if not guard.allow(by, "edit", form):
        raise Refused("not-allowed", "您没有办理该套表的权限")
    kept: SuperiorForm = SuperiorForm.objects.select_for_update(of=("self",)).get(pk=form.pk)
    if kept.withdrawn_on is not None:
        raise Refused("already-decided", "该套表已撤下")
    return kept


@atomic
def bind(*, form: SuperiorForm, by: Viewer, asked: Change) -> Changed:
    """设定口径, 取消绑定 of cells. Raises Refused as `change`, no-cell-read where not one of them is understood."""
    kept = _locked(form, by)
    content = store.read(kept.sha256)
    read = read_form(content)
    said = change(read, unpacked(read.kept), asked, vocabulary(by))
    if not said.count and not asked.is_removed:
        why = next(iter(said.unread.values()))
        raise Refused(
            "no-cell-read", "没有读懂“%(word)s”，请在“分类”中写明，不分的写“全部”", word=why.word or asked.at[:40]
        )
    _keep(kept, content, read, said.bindings)
    kept.save(update_fields=["sha256", "bound_count", "cell_count"])
    payload = {
        "sheet": asked.sheet,
        "at": asked.at[:40],
        "measure": asked.key,
        "span": asked.span,
        "words": asked.words,
    }
    record(by, "superior_form.bind", kept, payload=payload | {"removed": asked.is_removed, "cells": said.count})
    return said


@atomic
def accept(*, form: SuperiorForm, by: Viewer, seen: str) -> SuperiorForm:
    """采用建议: the bindings as they were shown (`seen`). Raises Refused (form-moved, nothing-bound)."""
    kept = _locked(form, by)
    if kept.sha256 != seen:
        raise Refused("form-moved", "口径刚被改动，请核对后再采用")
    if not kept.bound_count:
        raise Refused("nothing-bound", "还没有绑定任何一格")
    kept.accepted_on, kept.accepted_by = today(), by.name[:64]
    kept.save(update_fields=["accepted_on", "accepted_by"])
    record(by, "superior_form.accept", kept, payload={"sha256": kept.sha256, "bound": kept.bound_count})
    return kept


@atomic
def take_filled(*, form: SuperiorForm, by: Viewer, period: Period, as_of: date | None = None) -> bytes:
    """填报: the workbook with the numbers of the period in the viewer's scope; the log says that it left, by its hash.

    Raises Refused (not-allowed, not-accepted, as-of, form-problems), SheetRefused.
    """
    if not guard.allow(by, "view", form):
        raise Refused("not-allowed", "您没有“导出”的权限")
    if form.withdrawn_on is not None:
        raise Refused("already-decided", "该套表已撤下")
    if form.accepted_on is None:
        raise Refused("not-accepted", "绑定建议还没有采用，请先核对口径")
    day = period.as_of(as_of)
    done, told = filled(by, store.read(form.sha256), period, day)
    if done is None:
        cells = "、".join(f"{one.column}{one.row}" for one in told.problems[:10])
        raise Refused("form-problems", "有 %(n)s 格不能填，请先改正口径：%(cells)s", n=len(told.problems), cells=cells)
    if guard.allow(by, "edit", form):
        form.filled_for, form.filled_as_of, form.filled_at = str(period), day, now()
        form.save(update_fields=["filled_for", "filled_as_of", "filled_at"])
    said = {"export": str(new_uid()), "sha256": hashlib.sha256(done.content).hexdigest(), "period": str(period)}
    said |= {"as_of": day.isoformat(), "scope": told.scope}
    record(by, "superior_form.fill", form, payload=said | {"cells": len(told.answers), "open": len(told.left)})
    return done.content


@atomic
def withdraw_form(*, form: SuperiorForm, by: Viewer, reason: str, on: date | None = None) -> SuperiorForm:
    """撤下 a form that is no longer filled."""
    kept = _locked(form, by)
    take_back(kept, reason, on)
    record(by, "superior_form.withdraw", kept, payload={"reason": reason})
    return kept
