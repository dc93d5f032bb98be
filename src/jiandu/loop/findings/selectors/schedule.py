"""回头看 in the 上门日程: of the viewer's own scope, since it says that the unit had a problem."""

from django.db.models import OuterRef, Q, Subquery

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.tree import subtree_q
from jiandu.loop.findings.models import Finding, LookBack
from jiandu.net.access.models import Level
from jiandu.net.access.standing import Standing
from jiandu.sources.activities.schedule import Dated, Kind, Span


def looked_back(viewer: Viewer, span: Span) -> list[Dated]:
    """The look-backs on findings of the units, done or planned: one a unit, day and office, whatever their number.

    What stands above 内部 is not compared. One statement.
    """
    guard.check_is_actor(viewer)
    paths = viewer.standing.barred_paths if isinstance(viewer.standing, Standing) else ()
    kept = Finding.objects.filter(span.of("subject_"), level__lte=Level.INTERNAL, subject__isnull=False)
    for path in paths:
        kept = kept.exclude(subtree_q("subject_path", path))
    days = (span.first, span.last)
    rows = LookBack.objects.filter(
        Q(done_on__range=days) | Q(done_on__isnull=True, planned_on__range=days), finding__in=kept.values("pk")
    )
    own = Finding.objects.filter(pk=OuterRef("finding_id"))
    said = {name: Subquery(own.values(name)[:1]) for name in ("subject_id", "owner_office_id")}
    told = rows.annotate(**{f"of_{name}": column for name, column in said.items()}).order_by()
    found = {
        (done or planned, unit, done is not None, office)
        for planned, done, unit, office in told.values_list(
            "planned_on", "done_on", "of_subject_id", "of_owner_office_id"
        )
    }
    return [Dated(on, unit, Kind.LOOK_BACK, is_held, office) for on, unit, is_held, office in sorted(found)]
