"""A list of any length may be loaded with its findings: 2,500 different keys on both databases."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, models
from tests.ground import POSTGRESQL
from tests.world import SYSTEM, World, as_

from jiandu.base.core.guard import NotScoped
from jiandu.base.core.ids import new_uid
from jiandu.loop.findings.models import Finding, Instruction

MANY = 2_500


def instructions(world: World) -> None:
    """As many findings, each with a 批示."""
    first = world.finding()
    fields = {field.attname: getattr(first, field.attname) for field in Finding._meta.concrete_fields}
    with as_(SYSTEM):
        made = [Finding(**{**fields, "id": None, "uid": new_uid(), "code": f"多{number}"}) for number in range(MANY)]
        findings = Finding.objects.bulk_create(made)
        told: dict[str, Any] = {"leader": "书记", "on": date(2022, 5, 1), "text": "阅"}
        Instruction.objects.bulk_create(
            [Instruction(finding=row, given_to_id=row.owner_office_id, **told) for row in findings]
        )


def queue() -> models.QuerySet[Instruction]:
    return Instruction.objects.prefetch_related("finding__subject").order_by("pk")


def test_a_queue_of_many_is_loaded_whole(world: World) -> None:
    instructions(world)
    with as_(SYSTEM):
        rows = list(queue())
        assert {row.finding.subject.name for row in rows} == {"市教育局"}
        assert len({row.finding_id for row in rows}) == MANY


@pytest.mark.skipif(POSTGRESQL, reason="PostgreSQL compares tuples")
def test_control_django_alone_ends_at_a_thousand(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    instructions(world)
    monkeypatch.delattr("jiandu.base.core.guarded.ScopedQuerySet._prefetch_related_objects")
    assert hasattr(models.QuerySet, "_prefetch_related_objects")
    with (
        as_(SYSTEM),
        pytest.raises((DatabaseError, RecursionError, NotScoped)),
    ):
        list(queue())
