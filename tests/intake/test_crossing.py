"""Bundles between two sides, interrupted in every way: nothing is lost, nothing comes twice, whatever the order.

Two databases and two folders in one process. Messengers carry any bundle that was ever made, again and in any order, cut off
anywhere; a side dies in the middle of taking one in, at any of its statements or writes to the disk.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck, Phase
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.figures import note
from tests.ground import Ground, leading_to, prepared, settings_of
from tests.intake.reports import Desk, file, matured, sealed
from tests.postgres import APP

from jiandu.base.core.errors import Refused
from jiandu.base.intake import bundles, files
from jiandu.base.intake.models import Attachment, Message, Report, Side, State
from jiandu.base.intake.selectors import read_dialogue
from jiandu.base.intake.services import crossing
from jiandu.base.intake.services.filing import add_message, answer
from jiandu.base.intake.services.keys import publish_keys
from jiandu.base.intake.signers import INWARD, OUTWARD, From, trust
from jiandu.base.published.models import Notice
from jiandu.base.published.services import NewNotice, empty, put_up
from jiandu.base.sealing.receipts import Receipt

pytestmark = pytest.mark.once
DAY = date(2022, 3, 1)
OWN, SUPERIOR = Desk(), Desk(Side.SUPERIOR, "上级")


@pytest.fixture(autouse=True)
def _databases(django_db_blocker: Any) -> Iterator[None]:
    """Of its own: the suite's stays as it is."""
    with django_db_blocker.unblock():
        yield


class Died(BaseException):
    """The process is gone: nothing of ours runs after it but what the database does by itself."""


def migrated(made: Any) -> None:
    from django.core.management import call_command

    from jiandu.base.core import guard

    with guard.unguarded("test database"):
        for name in ("intake", "published"):
            call_command("migrate", name, verbosity=0)


class Place:
    """One side: its database and its folder."""

    def __init__(self, ground: Ground, folder: Path) -> None:
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        shutil.copyfile(ground.folder / ground.name, folder / "side.sqlite3")

    @contextmanager
    def here(self) -> Iterator[None]:
        before = settings.DATA
        settings.DATA = self.folder
        try:
            with leading_to(settings_of(self.folder, "side.sqlite3", APP)):
                yield
        finally:
            settings.DATA = before


@contextmanager
def dying(after: int) -> Iterator[None]:
    """The process dies before its `after`-th statement, write to the disk or move of a file."""
    left = [after]

    def count() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Died

    def statement(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "ROLLBACK" not in sql.upper():
            count()
        return execute(sql, *rest)

    sync, replace, unlink = os.fsync, Path.replace, Path.unlink

    def counted(act: Callable[..., Any]) -> Callable[..., Any]:
        def run(*words: Any, **more: Any) -> Any:
            count()
            return act(*words, **more)

        return run

    with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(statement):
        patch.setattr(os, "fsync", counted(sync))
        patch.setattr(Path, "replace", counted(replace))
        patch.setattr(Path, "unlink", counted(unlink))
        yield


class Crossing(RuleBasedStateMachine):
    """What is done on both sides, and what must hold after each step."""

    ground: Ground
    root: Path
    deaths = 0

    @initialize()
    def begin(self) -> None:
        self.outside, self.inside = Place(self.ground, self.root / "outside"), Place(self.ground, self.root / "inside")
        signers = []
        for side in (self.outside, self.inside):
            with side.here():
                publish_keys(keys=[OWN.keys(), SUPERIOR.keys()])
                signers.append(bundles.own_signer())
        for side, other, direction in (
            (self.outside, signers[1], From.HOUSE),
            (self.inside, signers[0], From.BELOW),
        ):
            with side.here():
                trust(other, direction)
        self.receipts: list[Receipt] = []
        self.said: dict[int, int] = {}  # receipt → words added
        self.answered: dict[int, list[str]] = {}
        self.contents: dict[str, bytes] = {}  # uid → envelope, as it was filed
        self.places: dict[str, bytes] = {}
        self.notices: list[UUID] = []
        self.made: dict[str, list[Path]] = {INWARD: [], OUTWARD: []}

    @rule(attached=st.integers(0, 2), is_own=st.booleans())
    def report(self, attached: int, is_own: bool) -> None:
        with self.outside.here():
            given = [sealed(f"{number}.pdf", os.urandom(900 * (number + 1))) for number in range(attached)]
            receipt = file(OWN, files=given, is_own=is_own)
            row = Report.objects.get(lookup=receipt.lookup.hex())
            self.contents[str(row.uid)] = bytes(row.content)
            self.places |= {each.place: each.path.read_bytes() for each in given}
        self.said[len(self.receipts)], self.answered[len(self.receipts)] = 0, []
        self.receipts.append(receipt)

    @precondition(lambda self: self.receipts)
    @rule(which=st.integers(0, 99))
    def add(self, which: int) -> None:
        which %= len(self.receipts)
        with self.outside.here(), suppress(Refused):
            add_message(receipt=self.receipts[which], text="补充", ticket=matured("message"))
            self.said[which] += 1

    @precondition(lambda self: self.receipts)
    @rule(which=st.integers(0, 99))
    def reply(self, which: int) -> None:
        which %= len(self.receipts)
        with self.inside.here():
            row = Report.objects.filter(lookup=self.receipts[which].lookup.hex()).first()
            if row is not None:
                text = f"答复{which}-{len(self.answered[which])}"
                answer(report=row, text=text)
                self.answered[which].append(text)

    @rule()
    def tell(self) -> None:
        """The inside publishes."""
        with self.inside.here():
            self.notices.append(uuid4())
            put_up(new=NewNotice(self.notices[-1], "cases", f"标题{len(self.notices)}", "正文", "市纪委监委", DAY))

    @precondition(lambda self: self.notices)
    @rule(which=st.integers(0, 99))
    def withdraw(self, which: int) -> None:
        with self.inside.here():
            row = Notice.objects.get(uid=self.notices[which % len(self.notices)])
            if row.withdrawn_on is None:
                empty(uid=row.uid, on=DAY)

    @rule(kind=st.sampled_from([INWARD, OUTWARD]))
    def export(self, kind: str) -> None:
        path = self.root / f"{kind}-{len(self.made[kind])}.zip"
        side, write = self._of(kind, is_maker=True)
        with side.here():
            write(path)
        self.made[kind].append(path)

    @rule(kind=st.sampled_from([INWARD, OUTWARD]), which=st.integers(0, 99))
    def deliver(self, kind: str, which: int) -> None:
        """The newest, an old one, one a second time."""
        if self.made[kind]:
            self._take(kind, self.made[kind][-1 - which % len(self.made[kind])])

    @precondition(lambda self: self.receipts or self.notices)
    @rule(kind=st.sampled_from([INWARD, OUTWARD]), after=st.integers(0, 30))
    def deliver_and_die(self, kind: str, after: int) -> None:
        """Of the notices all or none have come."""
        self.export(kind)
        before, told = self._read(self.outside), self._read(self.inside)
        with suppress(Died):
            self._take(kind, self.made[kind][-1], after)
            return
        Crossing.deaths += 1
        assert self._read(self.outside) in (before, told)

    @precondition(lambda self: all(self.made.values()))
    @rule(kind=st.sampled_from([INWARD, OUTWARD]), part=st.floats(0, 0.999))
    def deliver_cut_off(self, kind: str, part: float) -> None:
        whole = self.made[kind][-1].read_bytes()
        cut = self.root / "cut.zip"
        cut.write_bytes(whole[: int(len(whole) * part)])
        with pytest.raises(Refused, match="损坏"):
            self._take(kind, cut)

    @invariant()
    def nothing_is_lost(self) -> None:
        """Each report lies on one side or the other with its envelope and files; on each side once."""
        if not hasattr(self, "contents"):
            return
        found: dict[str, bytes] = {}
        kept: dict[str, bytes] = {}
        for side in (self.outside, self.inside):
            with side.here():
                rows = list(Report.objects.values_list("uid", "content"))
                assert len(rows) == len({uid for uid, _ in rows})
                found |= {str(uid): bytes(content) for uid, content in rows if content}
                for row in Attachment.objects.all():
                    path = files.folder() / row.place
                    kept |= {row.place: path.read_bytes()} if path.exists() else {}
        assert found == self.contents
        assert kept == self.places

    @invariant()
    def nobody_reads_what_was_not_told(self) -> None:
        """Outside each notice is as it was published, or as it was withdrawn."""
        if not hasattr(self, "notices"):
            return
        told = self._read(self.inside)
        for uid, (number, title, text, gone) in self._read(self.outside).items():
            words = ("", "") if gone else (f"标题{number}", "正文")
            assert ((title, text), number) == (words, told[uid][0])

    def teardown(self) -> None:
        """At last both bundles come through: then everything is on both sides where it belongs, once."""
        if not hasattr(self, "contents"):
            return
        for _ in range(2):
            for kind in (INWARD, OUTWARD):
                self.export(kind)
                self._take(kind, self.made[kind][-1])
        assert self._read(self.outside) == self._read(self.inside)
        with self.inside.here():
            assert {str(row.uid): bytes(row.content) for row in Report.objects.all()} == self.contents
            assert Message.objects.filter(is_answer=False).count() == sum(self.said.values())
        with self.outside.here():
            assert not Report.objects.exclude(state=State.CARRIED).exists()
            assert not Message.objects.filter(is_answer=False, state=State.WAITING).exists()
            assert not Attachment.objects.exists()
            assert not [path for path in files.folder().glob("*") if path.is_file()]
            for which, receipt in enumerate(self.receipts):
                dialogue = read_dialogue(receipt)
                assert dialogue is not None
                assert [word.text for word in dialogue.words if word.is_answer] == self.answered[which]

    def _read(self, side: Place) -> dict[UUID, tuple[int, str, str, date | None]]:
        with side.here():
            return {row.uid: (row.number, row.title, row.text, row.withdrawn_on) for row in Notice.objects.all()}

    def _of(self, kind: str, *, is_maker: bool) -> tuple[Place, Callable[[Path], int]]:
        write = bundles.write_inward if kind == INWARD else bundles.write_outward
        return (self.outside if (kind == INWARD) == is_maker else self.inside), write

    def _take(self, kind: str, path: Path, after: int | None = None) -> None:
        side, _ = self._of(kind, is_maker=False)
        with side.here():
            if after is None:
                crossing.take_bundle(path=path)
                return
            with dying(after):
                crossing.take_bundle(path=path)


def walked(tmp_path: Path, examples: int, steps: int) -> int:
    """The deaths in the middle."""
    Crossing.ground, Crossing.root, Crossing.deaths = prepared(tmp_path, migrated), tmp_path / "sides", 0
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Crossing,
        settings=how(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=quiet,
            phases=[Phase.generate],
            database=None,
        ),
    )
    return Crossing.deaths


@pytest.mark.parametrize(("examples", "steps"), [(10, 30), pytest.param(150, 40, marks=pytest.mark.full)])
def test_nothing_is_lost_or_doubled_by_interruptions(tmp_path: Path, examples: int, steps: int) -> None:
    deaths = walked(tmp_path, examples, steps)
    assert deaths > 0
    if examples == 150:
        said = f"{examples} histories of {steps} steps, {deaths} deaths in mid-import"
        note("sealing", "bundles: reports, files, words lost or doubled", 0, "items", note=said)


def test_the_walk_sees_a_side_that_forgets_too_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with files that go before it is written that they went, a report is left whose bundle cannot be made any more."""
    honest = crossing._outward

    def hasty(bundle: Any, *, notices: bool) -> int:
        for row in Attachment.objects.all():
            (files.folder() / row.place).unlink(missing_ok=True)
        return honest(bundle, notices=notices)

    monkeypatch.setattr(crossing, "_outward", hasty)
    with pytest.raises((AssertionError, FileNotFoundError)):
        walked(tmp_path, 60, 40)


@contextmanager
def two_sides(root: Path) -> Iterator[tuple[Place, Place]]:
    """Outside and inside, each of which takes what the other signed."""
    ground = prepared(root, migrated)
    sides = Place(ground, root / "outside"), Place(ground, root / "inside")
    signers = []
    for side in sides:
        with side.here():
            publish_keys(keys=[OWN.keys(), SUPERIOR.keys()])
            signers.append(bundles.own_signer())
    for side, other, direction in zip(sides, reversed(signers), (From.HOUSE, From.BELOW), strict=True):
        with side.here():
            trust(other, direction)
    yield sides


def left_by_deaths(root: Path) -> set[tuple[int, int]]:
    """How many notices stand and how many are withdrawn outside, after a death at every place of an import of both kinds."""
    found = set()
    with two_sides(root) as (outside, inside):
        with inside.here():
            rows = [put_up(new=NewNotice(uuid4(), "cases", "标题", "正文", "某", DAY)) for _ in range(3)]
            bundles.write_outward(root / "first.zip")
        with outside.here():
            crossing.take_bundle(path=root / "first.zip")
        with inside.here():
            for row in rows[:2]:
                empty(uid=row.uid, on=DAY)
            for _ in range(2):
                put_up(new=NewNotice(uuid4(), "cases", "标题", "正文", "某", DAY))
            bundles.write_outward(root / "second.zip")
        saved = (outside.folder / "side.sqlite3").read_bytes()
        for after in range(60):
            with outside.here():
                connection.ensure_connection()  # it brings wrappers of its own, which stay when ours goes
                try:
                    with dying(after):
                        crossing.take_bundle(path=root / "second.zip")
                except Died:
                    pass
                else:
                    after = -1
                rows_left = list(Notice.objects.values_list("withdrawn_on", flat=True))
            found.add((rows_left.count(None), len(rows_left) - rows_left.count(None)))
            if after == -1:
                return found
            (outside.folder / "side.sqlite3").write_bytes(saved)
    raise AssertionError("the import never came to its end")


def test_a_death_in_an_import_leaves_all_of_its_notices_or_none(tmp_path: Path) -> None:
    assert left_by_deaths(tmp_path) == {(3, 0), (3, 2)}  # before; with two new ones, and two withdrawn


def test_the_count_sees_notices_that_come_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: each row for itself, outside a transaction."""
    monkeypatch.setattr(crossing, "take_over", crossing.take_over.__wrapped__)  # type: ignore[attr-defined]
    monkeypatch.setattr(crossing, "_outward", crossing._outward.__wrapped__)  # type: ignore[attr-defined]
    assert len(left_by_deaths(tmp_path)) > 2


def test_a_bundle_of_our_own_is_refused(tmp_path: Path) -> None:
    """Brought back by mistake it would say of everything here that the other side has it."""
    side = Place(prepared(tmp_path, migrated), tmp_path / "one")
    with side.here():
        publish_keys(keys=[OWN.keys(), SUPERIOR.keys()])
        file(OWN)
        bundles.write_outward(tmp_path / "own.zip")
        trust(bundles.own_signer(), From.ABOVE)
        with pytest.raises(Refused, match="另一侧"):
            crossing.take_bundle(path=tmp_path / "own.zip")
        assert Report.objects.get().state == State.WAITING
