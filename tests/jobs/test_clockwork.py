"""The clockwork: what is due runs, whatever becomes of what runs before it."""

import pytest

from jiandu.surfaces.console import ticking
from jiandu.surfaces.console.ticking import Periodic, tick_once


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three jobs, of which the second fails at first."""
    done: list[str] = []

    def fail() -> None:
        if "broken" not in done:
            done.append("broken")
            raise ValueError("damaged file")

    jobs = [Periodic("a", 3600, lambda: done.append("a")), Periodic("b", 3600, fail)]
    monkeypatch.setattr(ticking, "PERIODIC", (*jobs, Periodic("c", 3600, lambda: done.append("c"))))
    monkeypatch.setattr(ticking, "_last", {})
    return done


def test_a_job_that_fails_is_told_and_due_again_and_holds_up_no_other(ran: list[str]) -> None:
    with pytest.raises(ValueError, match="damaged"):
        tick_once()
    assert ran == ["a", "broken", "c"]
    assert tick_once() == ["b"]  # the control: what went well is not due yet
