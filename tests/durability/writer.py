"""`python -m tests.durability.writer COUNT [normal]`: registers findings through the services, one transaction each.

Says `ACK n` after each commit. `normal` is the control: the same work with synchronous=NORMAL.
"""

import os
import sys

FULL = 2


def main(count: int, *, is_control: bool) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiandu.project.settings")
    import django

    django.setup()
    from django.db import connection
    from tests.world import SYSTEM, as_

    from jiandu.loop.findings.services import moves

    with connection.cursor() as cursor:
        if is_control:
            cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA synchronous")
        found = cursor.fetchone()[0]
    if not is_control and found != FULL:
        raise SystemExit(f"the program's settings give synchronous={found}, not FULL")
    with as_(SYSTEM):
        new = _new()
    for number in range(1, count + 1):
        with as_(SYSTEM) as by:
            moves.open_finding(new=new(number), by=by)
        os.write(1, f"ACK {number}\n".encode())


def _new():  # type: ignore[no-untyped-def]
    """A maker of the n-th finding."""
    from jiandu.base.core.clock import today
    from jiandu.loop.findings.services.moves import NewFinding
    from jiandu.net.overseers.models import Office
    from jiandu.net.subjects.models import Organisation
    from jiandu.sources.activities.models import Activity

    activity, office, unit = (
        Activity.objects.get(),
        Office.objects.get(name="第一监督检查室"),
        Organisation.objects.get(name="市教育局"),
    )
    return lambda number: NewFinding(
        subject=unit, problem=f"act-0-{number}.", office=office, registered_on=today(), activity=activity
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), is_control="normal" in sys.argv[2:])
