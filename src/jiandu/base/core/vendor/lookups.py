"""Conditions that the databases plan differently."""

from typing import Any

from django.db.models.lookups import In


class Among(In):
    """IN (subquery). PostgreSQL gets the subquery as an array, made once: it looks each value up along an index.

    With a join it supposes that every value is found as often as the column's others are, and walks the table instead.
    """

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """`column = ANY (ARRAY (subquery))`."""
        left, before = self.process_lhs(compiler, connection)
        right, after = self.process_rhs(compiler, connection)
        return f"{left} = ANY (ARRAY {right})", (*before, *after)
