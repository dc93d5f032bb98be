"""Rows written in bulk: the very rows that saving them one by one writes, with keys of their own; what is too long is refused."""

import pytest
from django.db import DataError, connection, transaction
from tests.world import SYSTEM, World, as_

from jiandu.base.core.ids import new_uid
from jiandu.loop.findings.models import Finding, Step


def copy_of(finding: Finding, code: str) -> Finding:
    """Another one like it, not yet saved."""
    new = Finding.objects.get(pk=finding.pk)
    new.pk, new.uid, new.code = None, new_uid(), code
    return new


def differing(one: object, other: object) -> set[str]:
    fields = type(one)._meta.concrete_fields  # type: ignore[attr-defined]
    return {field.attname for field in fields if getattr(one, field.attname) != getattr(other, field.attname)}


def test_a_row_written_in_bulk_is_the_row_that_save_writes(world: World) -> None:
    known = world.finding()
    with as_(SYSTEM):
        known = Finding.objects.get(pk=known.pk)
        written = Finding.objects.bulk_create([copy_of(known, "B-1"), copy_of(known, "B-2")])
        found = list(Finding.objects.filter(code__in=["B-1", "B-2"]).order_by("code"))
        assert [differing(known, each) for each in found] == [{"id", "uid", "code", "created_at"}] * 2
        assert [(each.pk, each.code, each._state.adding) for each in written] == [
            (each.pk, each.code, False) for each in found
        ]
        first = Step.objects.filter(finding=known).order_by("seq").first()
        assert first is not None
        step = Step.objects.get(pk=first.pk)
        step.pk, step.finding = None, found[0]
        Step.objects.bulk_create([step])
        assert differing(first, Step.objects.get(finding=found[0])) == {"id", "finding_id"}


def test_keys_go_on_after_rows_written_in_bulk(world: World) -> None:
    known = world.finding()
    with as_(SYSTEM):
        pair = Finding.objects.bulk_create([copy_of(known, "B-1"), copy_of(known, "B-2")])
        saved = copy_of(known, "B-3")
        saved.save(force_insert=True)
        more = Finding.objects.bulk_create([copy_of(known, "B-4")])
    keys = [known.pk, *(each.pk for each in pair), saved.pk, more[0].pk]
    assert keys == sorted(set(keys))


def test_a_text_that_is_too_long_is_refused_and_never_cut(world: World) -> None:
    """SQLite knows no lengths: there it is kept whole."""
    known = world.finding()
    long = "长" * 300
    with as_(SYSTEM):
        new = copy_of(known, "B-1")
        new.found_by = long
        if connection.vendor == "postgresql":
            with pytest.raises(DataError), transaction.atomic():
                Finding.objects.bulk_create([new])
        else:
            Finding.objects.bulk_create([new])
            assert Finding.objects.get(code="B-1").found_by == long


def test_a_row_that_breaks_off_leaves_none(world: World) -> None:
    known = world.finding()
    with as_(SYSTEM):
        with pytest.raises(Exception, match=r"finding_code_once_per_office|UNIQUE"), transaction.atomic():
            Finding.objects.bulk_create([copy_of(known, "B-1"), copy_of(known, "B-1")])
        assert Finding.objects.filter(code="B-1").count() == 0
