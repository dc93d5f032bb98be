"""What it costs to register a finding when the office has 100 of the year, and when it has 100,000.

Bare: INSERTs of the row, its step and its grams into the same tables, with all their indexes, by the driver.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from benchmarks import apart
from benchmarks.build import as_, loader
from benchmarks.city import build as build_city
from benchmarks.figures import Figure, Taken, keep, median, timed
from benchmarks.rows import columns
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.ids import new_uid
from jiandu.base.core.vendor import grams
from jiandu.loop.findings.models import Finding, Step
from jiandu.loop.findings.services.moves import NewFinding, open_finding
from jiandu.loop.findings.services.searching import INDEX, text_of

MANY = 100_000
SYSTEM = guard.system("benchmark")


def register(new: NewFinding, count: int = 60) -> Taken:
    """Registers one after another, each in a transaction of its own, as requests do."""

    def act() -> None:
        with as_(SYSTEM) as by:
            open_finding(new=new, by=by)

    return timed(act, runs=count, warm=5, seconds=20)


def fill_up(number: int) -> None:
    """Brings the office to `number` findings: copies of the last one under the numbers that follow."""
    with as_(SYSTEM):
        one = Finding.objects.filter(code__startswith="WT").order_by("-code").first()
        last = Finding.objects.order_by("-pk").values_list("pk", flat=True)[0]
        step = (
            Step.objects.filter(finding=one).values_list(*(field.attname for field in Step._meta.concrete_fields)).get()
        )
        last_step = Step.objects.order_by("-pk").values_list("pk", flat=True)[0]
        gram = grams.cut(text_of(one))
    head, place = one.code[:-5], {name: number for number, name in enumerate(columns(Finding))}
    values = [_plain(field, getattr(one, field.attname)) for field in Finding._meta.concrete_fields]
    plain_step = [_plain(field, value) for field, value in zip(Step._meta.concrete_fields, step, strict=True)]
    extra = range(int(one.code[-5:]) + 1, number + 1)

    def row(count: int) -> tuple[Any, ...]:
        said = {"id": last + count, "uid": new_uid().hex, "code": f"{head}{count + extra[0] - 1:05d}"}
        return tuple(said.get(name, values[at]) for name, at in place.items())

    with guard.unguarded("benchmark"), loader() as insert:
        insert("findings_finding", columns(Finding), (row(count) for count in range(1, len(extra) + 1)))
        steps = ((last_step + count, last + count, *plain_step[2:]) for count in range(1, len(extra) + 1))
        insert("findings_step", columns(Step), steps)
        column = "doc" if connection.vendor == "postgresql" else "g"
        insert(INDEX, ["row_id", column], ((last + count, gram) for count in range(1, len(extra) + 1)))


def _plain(field: Any, value: Any) -> Any:
    """The value as the driver takes it."""
    return field.get_db_prep_save(value, connection) if connection.vendor == "sqlite" else value


def bare(new: NewFinding, count: int = 60) -> float:
    """The same rows without anything around them."""
    with as_(SYSTEM) as by:
        one = open_finding(new=new, by=by)
        step = Step.objects.get(finding=one)
        gram = grams.cut(text_of(one))
    row = {
        str(f.column): _plain(f, getattr(one, f.attname)) for f in Finding._meta.concrete_fields if not f.primary_key
    }
    told = {str(f.column): _plain(f, getattr(step, f.attname)) for f in Step._meta.concrete_fields if not f.primary_key}
    marks, step_marks = ", ".join(["%s"] * len(row)), ", ".join(["%s"] * len(told))
    into = f"INSERT INTO findings_finding ({_quoted(row)}) VALUES ({marks}) RETURNING id"
    into_steps = f"INSERT INTO findings_step ({_quoted(told)}) VALUES ({step_marks})"
    grammar = grams._UPSERT[connection.vendor].format(name=INDEX)  # noqa: SLF001 -- the very statement

    def act() -> None:
        uid = new_uid()
        said = row | {"uid": uid.hex if connection.vendor == "sqlite" else uid, "code": f"X{uid.hex[:20]}"}
        with as_(SYSTEM), guard.unguarded("benchmark"), connection.cursor() as cursor:
            cursor.execute(into, list(said.values()))
            key = cursor.fetchone()[0]
            cursor.execute(into_steps, list((told | {"finding_id": key}).values()))
            cursor.execute(grammar, [key, gram])

    return median(timed(act, runs=count, warm=5, seconds=20))


def _quoted(names: Any) -> str:
    return ", ".join(f'"{name}"' for name in names)


def figures() -> Iterator[Figure]:
    city = build_city()
    office, year = city.others[0], today().year
    new = NewFinding(
        subject=city.units[0],
        problem="台账管理不规范,底数不清",
        office=office,
        registered_on=today(),
        activity=city.projects[office.pk, year][0],
        facts="经查,部分台账登记不及时,与实际不符。",
    )
    vendor = connection.vendor
    few, few_bare = register(new, 100), bare(new)
    yield Figure("creating", "the 100th", median(few), "ms", vendor, median(few) / few_bare, few.note)
    fill_up(MANY)
    many, many_bare = register(new, 100), bare(new)
    yield Figure("creating", "the 100,000th", median(many), "ms", vendor, median(many) / many_bare, many.note)
    ratio = min(many) / min(few)
    note = "best of the one ÷ best of the other, each with its own commit"
    yield Figure("creating", "the 100,000th ÷ the 100th", ratio, "×", vendor, None, note, "<= 1.3")


if __name__ == "__main__":
    apart.migrate()
    keep("creating", connection.vendor, figures())
    apart.remove()
