"""What anybody reads: the notices, the latest first; one of them."""

from uuid import UUID

from django.db.models import QuerySet

from jiandu.base.published.models import Notice


def notices(kind: str = "") -> QuerySet[Notice]:
    """Notices and tombstones of a kind, or all, the latest first. The text is fetched with one of them alone."""
    rows = Notice.objects.filter(kind=kind) if kind else Notice.objects.all()
    return rows.defer("text").order_by("-on", "-year", "-number")


def notice(uid: UUID) -> Notice | None:
    return Notice.objects.filter(uid=uid).first()


def any_notice() -> bool:
    """Whether there is something to read."""
    return Notice.objects.filter(withdrawn_on__isnull=True).exists()
