"""A sheet says what its findings say: it is at least as closed as each of them, and never opens by itself."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding
from jiandu.loop.instruments.models import STANDS, Instrument, Matter
from jiandu.net.access.levels import change_level, named_on
from jiandu.net.access.models import Level, Owned
from jiandu.net.access.services import open_to_named


def follow(finding: Owned) -> list[str]:
    """The finding was raised, or opened to others by name: so is every sheet that lists it, in the same transaction.

    Gives the numbers of those that were raised.
    """
    listing = Matter.objects.filter(STANDS, finding_id=finding.pk).values("instrument_id")
    carrying = list(Instrument.objects.filter(pk__in=listing).order_by("pk"))
    return [one.code for one in carrying if rise(one)]


def rise(one: Instrument) -> bool:
    """Brings the sheet to the highest level of its findings; from 工作敏感 on it is open by name to those named on each.

    Says whether it was raised. Raises Refused (level-carried).
    """
    with guard.acting(guard.system("level")):
        findings = list(Finding.objects.filter(pk__in=_listed(one)).order_by("pk"))
        level = max((finding.level for finding in findings), default=one.level)
        is_raised = level > one.level
        if is_raised:
            change_level(one, level)
        if one.level >= Level.SENSITIVE:
            open_to_named(one, _named(one, [finding for finding in findings if finding.level >= one.level]))
    return is_raised


def _listed(one: Instrument) -> QuerySet[Any]:
    return Matter.objects.filter(STANDS, instrument=one).values("finding_id")


def _named(one: Instrument, closed: list[Finding]) -> list[User]:
    """Who is named on each of its findings that are as closed as the sheet."""
    each = [{user.pk: user for user in named_on(finding)} for finding in closed]
    common = [user for pk, user in each[0].items() if all(pk in named for named in each)] if each else []
    if not common and one.level == Level.NAMED:
        raise Refused(
            "level-carried",
            _("文书%(code)s所列的专案点名问题没有共同的知悉人员，无人可以看到该文书；请先把这些问题点名到同一名人员"),
            code=one.code,
        )
    return common
