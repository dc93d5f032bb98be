"""python -m benchmarks.row_security [--findings N]: what the second net costs, with and without it in the same run.

A cluster of its own with two copies of a database of N findings (every tenth of the officer's office), one with the
policies, one without, where nobody tells the transaction who acts, either. Each act runs in a transaction of its own, as
in a request, now on the one, now on the other.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiandu.project.settings")
os.environ.setdefault("JIANDU_DATA", tempfile.mkdtemp(prefix="jiandu-benchmark-"))
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from tests.ground import leading_to  # noqa: E402
from tests.postgres import APP, OWNER, cluster  # noqa: E402
from tests.world import SYSTEM, World, as_, build  # noqa: E402

from benchmarks.figures import Figure, keep, median  # noqa: E402
from jiandu.base.core import guard  # noqa: E402
from jiandu.base.core.guard import Viewer  # noqa: E402
from jiandu.base.core.vendor import row_security  # noqa: E402
from jiandu.base.core.vendor.ownership import give_rights  # noqa: E402
from jiandu.loop.findings.models import Finding, Step  # noqa: E402
from jiandu.project import databases  # noqa: E402

TABLE = Finding._meta.db_table


def fill(world: World, findings: int) -> None:
    """Copies of two findings made through the services, by one statement each, with as many steps."""
    for share, office in ((10, "第一监督检查室"), (1, "第二监督检查室")):
        world.finding(office=office)
        with as_(SYSTEM), guard.unguarded("benchmark"), connection.cursor() as cursor:
            kept = [
                f.column
                for f in Finding._meta.concrete_fields
                if f.column not in {"id", "uid", "code", "registered_on"}
            ]
            columns = ", ".join(kept)
            cursor.execute(
                f"INSERT INTO {TABLE} (uid, code, registered_on, {columns})"
                f" SELECT gen_random_uuid(), code || '-' || n, registered_on + (n % 300)::int, {columns}"
                f" FROM {TABLE}, generate_series(1, {findings // 10 * (1 if share == 10 else 9)}) n"
                f" WHERE id = (SELECT max(id) FROM {TABLE})"
            )


def acts(viewer: Viewer, key: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What a page asks: each within a transaction as the viewer."""

    def within(act: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            with as_(viewer):
                return act()

        return run

    yield "nothing protected", within(lambda: connection.cursor().execute("SELECT 1"))
    yield "one finding by key", within(lambda: Finding.objects.get(pk=key))
    yield "the steps of a finding", within(lambda: list(Step.objects.filter(finding_id=key)))
    yield "newest 25", within(lambda: list(Finding.objects.order_by("-pk")[:25]))
    yield "count of one's own", within(lambda: Finding.objects.count())
    yield "change of a note", within(lambda: Finding.objects.filter(pk=key).update(problem="改"))


def pair(acts: list[Callable[[], Any]], *, seconds: float = 6, most: int = 400) -> list[list[float]]:
    """Milliseconds of each act, by turns, so that what else the machine does falls on both alike."""
    taken: list[list[float]] = [[] for _ in acts]
    begun = time.perf_counter()
    while len(taken[0]) < 10 or (len(taken[0]) < most and time.perf_counter() - begun < seconds):
        for act, times in zip(acts, taken, strict=True):
            start = time.perf_counter()
            act()
            times.append((time.perf_counter() - start) * 1000)
    return [times[5:] for times in taken]


def on(wrapper: Any, act: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        connections["default"] = wrapper
        return act()

    return run


def off(wrapper: Any, act: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        connections["default"] = wrapper
        with mock.patch.object(row_security, "keep_told", untold):
            return act()

    return run


def untold(*_: Any, **__: Any) -> None:
    return


def figures(world: World, with_net: Any, without: Any) -> Iterator[Figure]:
    for who in ("干部甲", "书记"):
        viewer = world.viewer(who)
        with as_(viewer):
            key = Finding.objects.order_by("-pk").values_list("pk", flat=True)[0]
        for name, act in acts(viewer, key):
            netted, bare = pair([on(with_net, act), off(without, act)])
            note = f"without: {median(bare):.2f} ms; {len(bare)} pairs"
            ratio = median(netted) / median(bare)
            yield Figure("row_security", f"{name} · {who}", median(netted), "ms median", "postgresql", ratio, note)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--findings", type=int, default=100_000)
    findings = parser.parse_args().findings
    with cluster() as server:
        server.create("netted")
        with leading_to(databases.postgresql(server.address("netted", OWNER))):
            call_command("migrate", verbosity=0)
            give_rights(APP)
            world = build()
            fill(world, findings)
        server.create("bare", template="netted")
        with leading_to(databases.postgresql(server.address("bare", OWNER))) as owner, owner.cursor() as cursor:
            for table in row_security.policies("access_assignment"):
                cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        for name in ("netted", "bare"):
            server.run("VACUUM ANALYZE", database=name)
        netted_by, bare_by = (leading_to(databases.postgresql(server.address(name))) for name in ("netted", "bare"))
        with netted_by as netted, bare_by as bare:
            keep("row_security", "postgresql", figures(world, netted, bare))
            connections["default"] = bare


if __name__ == "__main__":
    main()
