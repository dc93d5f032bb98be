"""The small net written from memory is the one that services built, and work goes on in it."""

import pytest
from django.db import IntegrityError, transaction

from jiandu.base.audit.chain import verify_chain
from jiandu.base.core import guard
from jiandu.net.access.models import Grant
from jiandu.net.overseers.models import Office
from tests import world as worlds
from tests.stamp import Stamp, everything


def pressed(stamp: Stamp[worlds.World]) -> tuple[worlds.World, dict[str, object]]:
    """The net and every row of the database, which then is as it was."""
    with transaction.atomic():
        made, held = stamp.press(), dict(everything())
        transaction.set_rollback(True)
    return made, held


@pytest.mark.django_db
def test_the_second_net_has_the_rows_of_the_first() -> None:
    stamp = Stamp(worlds.build)
    (built, first), (again, second) = pressed(stamp), pressed(stamp)
    assert second == first
    assert len(first[Grant._meta.db_table]) == 15
    assert (again.offices, again.units, again.users) == (built.offices, built.units, built.users)
    assert again.offices["第一监督检查室"] is not built.offices["第一监督检查室"]


@pytest.mark.django_db
def test_work_goes_on_after_it_and_the_log_stays_whole() -> None:
    stamp = Stamp(worlds.build)
    pressed(stamp)
    world = stamp.press()
    finding = world.closed()
    assert finding.state == "closed"
    assert verify_chain().status == "intact"


@pytest.mark.django_db
def test_a_net_is_not_written_over_another() -> None:
    stamp = Stamp(worlds.build)
    stamp.press()
    with pytest.raises(IntegrityError), transaction.atomic():
        stamp.press()
    with guard.unguarded("count"):
        assert Office.objects.count() == 6
