"""How many rows a queryset gives, as an expression: several counts in one statement."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, IntegerField, JSONField, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONArray


class Capped(Subquery):
    """The number of rows of a queryset that is cut off somewhere."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()


def how_many(rows: QuerySet[Any], *, cap: int = 999) -> Subquery:
    """Counts the rows to one above the cap: no more are walked than the page says."""
    plain = rows.select_related(None).prefetch_related(None).order_by()
    return Capped(plain.values("pk")[: cap + 1])


def how_many_each(rows: QuerySet[Any], conditions: Iterable[Q]) -> Subquery:
    """How many of the rows meet each of the conditions, as a list: one walk counts them all. No rows: None."""
    one = rows.order_by().annotate(walk=Value(1)).values("walk")  # one group, of all rows
    counts = [Count("pk", filter=condition) for condition in conditions]
    return Subquery(one.annotate(counts=JSONArray(*counts)).values("counts"), output_field=JSONField())
