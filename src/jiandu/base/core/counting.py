"""How many rows a queryset gives, as an expression: several counts in one statement."""

from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery


class Capped(Subquery):
    """The number of rows of a queryset that is cut off somewhere."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()


def how_many(rows: QuerySet[Any], *, cap: int = 999) -> Subquery:
    """Counts the rows to one above the cap: no more are walked than the page says."""
    plain = rows.select_related(None).prefetch_related(None).order_by()
    return Capped(plain.values("pk")[: cap + 1])
