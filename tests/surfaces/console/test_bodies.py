"""Bodies on their way in: whole, sealed where they lie, and never for longer than they may."""

import asyncio
import io
import os
import tempfile
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiandu.surfaces.console.bodies import KEPT, Bodies, Body, CutOff, Limits

WORD = "苏州河边的举报".encode() * 3


async def pieces(of: Iterable[bytes], pause: float = 0) -> AsyncIterator[bytes]:
    for piece in of:
        yield piece
        await asyncio.sleep(pause)


async def never() -> AsyncIterator[bytes]:
    await asyncio.sleep(60)
    yield b""


async def read(bodies: Bodies, size: int, chunks: AsyncIterator[bytes]) -> bytes:
    async with bodies.whole(size, chunks) as body:
        return body.read()


def cut(bodies: Bodies, size: int, chunks: AsyncIterator[bytes]) -> int:
    with pytest.raises(CutOff) as cut:
        asyncio.run(read(bodies, size, chunks))
    return cut.value.status


@given(st.lists(st.binary(max_size=3 * KEPT // 2), max_size=4), st.lists(st.integers(1, KEPT), min_size=1, max_size=4))
def test_what_came_is_what_is_read_however_it_came_and_is_read(of: list[bytes], reads: list[int]) -> None:
    body = Body(sum(map(len, of)), Path(tempfile.gettempdir()))
    for piece in of:
        body.push(piece)
    with io.BufferedReader(body, 4096) as reader:
        seen = b"".join(reader.read(size) for size in reads)
        assert seen + reader.read() == b"".join(of)


def test_lines_are_read_too(tmp_path: Path) -> None:
    body = Body(6, tmp_path)
    body.push(b"ab\ncd\n")
    assert io.BufferedReader(body).readline() == b"ab\n"


def open_files(folder: Path) -> list[Path]:
    """What this process has open in a folder, with a name there or without."""
    links = [Path(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")]
    return [link for link in links if link.exists() and str(link.readlink()).startswith(str(folder))]


def test_a_long_body_lies_sealed_in_a_file_without_a_name(tmp_path: Path) -> None:
    """Control: what lies there is as long as what came, and is read back as it came."""
    of = [WORD * 1000] * 20

    async def look() -> tuple[bytes, list[Path], bytes]:
        async with Bodies(tmp_path).whole(sum(map(len, of)), pieces(of)) as body:
            (lies,) = open_files(tmp_path)
            return lies.read_bytes(), [*tmp_path.iterdir()], body.read()

    on_disk, named, back = asyncio.run(look())
    assert named == []
    assert WORD not in on_disk
    assert len(on_disk) > len(back) - KEPT
    assert back == b"".join(of)
    assert open_files(tmp_path) == []


def test_a_short_body_touches_no_disk(tmp_path: Path) -> None:
    async def look() -> list[Path]:
        async with Bodies(tmp_path).whole(KEPT, pieces([b"x" * KEPT])):
            return open_files(tmp_path)

    assert asyncio.run(look()) == []


def test_one_that_ends_early_or_goes_on_is_none(tmp_path: Path) -> None:
    assert cut(Bodies(tmp_path), 10, pieces([b"123"])) == 400
    assert cut(Bodies(tmp_path), 10, pieces([b"12345678901"])) == 400
    assert asyncio.run(read(Bodies(tmp_path), 10, pieces([b"1234567890"]))) == b"1234567890"


def test_silence_is_waited_for_only_so_long(tmp_path: Path) -> None:
    assert cut(Bodies(tmp_path, Limits(quiet=0.05)), 10, never()) == 408
    assert asyncio.run(read(Bodies(tmp_path, Limits(quiet=5)), 3, pieces([b"1", b"2", b"3"], 0.05))) == b"123"


def test_who_drips_is_cut_off_who_is_slow_but_steady_is_not(tmp_path: Path) -> None:
    """Neither is ever silent for long. The one sends 200 bytes a second, the other 20,000; 2,000 are asked for."""
    limits = Limits(easy=0.2, rate=2_000)
    assert cut(Bodies(tmp_path, limits), 1000, pieces([b"x"] * 1000, 0.005)) == 408
    steady = pieces([b"x" * 100] * 100, 0.005)
    assert len(asyncio.run(read(Bodies(tmp_path, limits), 10_000, steady))) == 10_000


async def crowd(bodies: Bodies, *each: tuple[int, AsyncIterator[bytes]]) -> list[object]:
    """What became of each, who began a moment after the one before."""
    tasks = []
    for size, chunks in each:
        tasks.append(asyncio.create_task(read(bodies, size, chunks)))
        await asyncio.sleep(0.05)
    done = await asyncio.gather(*tasks, return_exceptions=True)
    return [one.status if isinstance(one, CutOff) else len(one) for one in done if isinstance(one, bytes | CutOff)]


def test_of_too_many_the_slowest_goes(tmp_path: Path) -> None:
    """Four may come; the second has sent nothing. Control: four are not too many."""
    of = [[b"x" * 90_000, b"y"], [b"", b"x", b"y"], [b"x" * 90_000, b"y"], [b"x" * 90_000, b"y"], [b"x" * 90_000, b"y"]]
    each = [(sum(map(len, one)), one) for one in of]
    many = asyncio.run(crowd(Bodies(tmp_path, Limits(coming=4)), *[(n, pieces(one, 0.4)) for n, one in each]))
    assert many == [90_001, 503, 90_001, 90_001, 90_001]
    few = asyncio.run(crowd(Bodies(tmp_path, Limits(coming=4)), *[(n, pieces(one, 0.4)) for n, one in each[:4]]))
    assert few == [90_001, 2, 90_001, 90_001]


def test_of_too_much_the_largest_goes(tmp_path: Path) -> None:
    """500 kB are borne. Whoever sends a letter is let in beside who fills the disk."""
    large, letter = [b"x" * 100_000] * 8, [b"x" * 900, b"x" * 100]
    limits = Limits(held=500_000)
    said = asyncio.run(crowd(Bodies(tmp_path, limits), (800_000, pieces(large, 0.02)), (1000, pieces(letter, 0.1))))
    assert said == [503, 1000]
    assert asyncio.run(crowd(Bodies(tmp_path, Limits(held=900_000)), (800_000, pieces(large, 0.02)))) == [800_000]


def test_who_comes_new_and_sends_nothing_pushes_out_nobody_who_sends(tmp_path: Path) -> None:
    """One sends 10 kB a second; beside him come eight, one after another, where four may, each with a byte and silence."""
    steady = (20_000, pieces([b"x" * 500] * 40, 0.05))
    silent = [(2, pieces([b"x", b"y"], 0.6)) for _ in range(8)]
    said = asyncio.run(crowd(Bodies(tmp_path, Limits(coming=4)), steady, *silent))
    assert (said[0], said.count(503)) == (20_000, 5)


def test_a_form_that_is_sent_again_takes_the_place_of_itself(tmp_path: Path) -> None:
    """Control: forms that differ, and what is no form, stand beside each other."""

    async def twice(first: str, second: str) -> list[object]:
        bodies = Bodies(tmp_path)

        async def one(key: str) -> int:
            async with bodies.whole(2, pieces([b"x", b"y"], 0.3), key) as body:
                return len(body.read())

        sent = [asyncio.create_task(one(first))]
        await asyncio.sleep(0.1)
        sent.append(asyncio.create_task(one(second)))
        done = await asyncio.gather(*sent, return_exceptions=True)
        return [each.status if isinstance(each, CutOff) else each for each in done]

    assert asyncio.run(twice("a", "a")) == [503, 2]
    assert (asyncio.run(twice("a", "b")), asyncio.run(twice("", ""))) == ([2, 2], [2, 2])


def test_the_disk_keeps_its_room(tmp_path: Path) -> None:
    """More than any disk has is asked to stay free. Control: what fits into memory comes all the same."""
    limits = Limits(free=2**70)
    assert cut(Bodies(tmp_path, limits), 2 * KEPT, pieces([b"x" * KEPT] * 2)) == 507
    assert len(asyncio.run(read(Bodies(tmp_path, limits), KEPT, pieces([b"x" * KEPT])))) == KEPT
