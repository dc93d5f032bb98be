"""Security test E2: no hostile file kills the parent, makes it grow, takes long or goes without a reason."""

from pathlib import Path
from time import monotonic

import pytest
from tests.core.sheets.here import here
from tests.core.sheets.hostile import HEAVY, HOSTILE
from tests.core.sheets.memory import Growth

from jiandu.base.core.sheets import SheetRefused, read_rows


def test_counts_at_least_sixty_files() -> None:
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("name", HOSTILE)
def test_refuses_with_a_reason(name: str, tmp_path: Path) -> None:
    maker, codes = HOSTILE[name]
    path = tmp_path / "upload"
    path.write_bytes(maker())
    began = monotonic()
    with Growth() as growth, pytest.raises(SheetRefused) as refused, read_rows(path) as rows:
        for _ in rows:
            pass
    assert refused.value.code in codes
    assert refused.value.message.endswith("。")
    assert refused.value.english.endswith(".")
    assert growth.mebibytes <= 50
    assert monotonic() - began <= 30


@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - HEAVY))
def test_refuses_the_same_without_a_process(name: str) -> None:
    maker, codes = HOSTILE[name]
    with pytest.raises((SheetRefused, ValueError)) as raised:
        here(maker())
    assert getattr(raised.value, "code", "damaged") in codes
