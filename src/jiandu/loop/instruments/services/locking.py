"""What every verb begins with: the sheet as it is now, held, and whether the viewer may."""

from typing import Any

from django.db import connection

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.instruments.course import with_course
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.instruments.rules import check_stage
from jiandu.loop.instruments.states import Stage, stage_of


def begin(instrument: Instrument, by: Viewer, verb: str, *legal: Stage) -> Any:
    """The locked sheet with its course (see `with_course`). Raises Refused: not-there, not-allowed, sheet-stage."""
    if connection.features.has_select_for_update:
        Instrument.objects.select_for_update(of=("self",)).filter(pk=instrument.pk).first()
    one = with_course(Instrument.objects.filter(pk=instrument.pk)).select_related("owner_office", "subject").first()
    if one is None:
        raise Refused("not-there", "没有这条记录")
    if not guard.allow(by, verb, one):
        raise Refused("not-allowed", "您没有办理该文书的权限")
    if legal:
        check_stage(stage_of(one), *legal)
    return one


def log(by: Viewer, act: str, instrument: Instrument, **payload: object) -> None:
    """The act in the log."""
    record(by, f"instrument.{act}", instrument, payload={"code": instrument.code, **payload})
