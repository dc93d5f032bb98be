"""Rows made without asking each field are those that the models make."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.world import World

from jiandu.base.core.vendor.bulk import Maker
from jiandu.loop.findings.models import Finding, Measure, Step

OWN = ("uid",)  # made anew for each row


def held(row: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name not in {"_state", *OWN}}


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "code": st.text(max_size=8),
        "problem": st.text(max_size=8),
        "registered_on": st.dates(),
        "amount_fen": st.none() | st.integers(0, 10**9),
        "state": st.sampled_from(["registered", "closed"]),
        "level": st.integers(0, 3),
        "owner_office_id": st.none() | st.integers(1, 9),
    },
)


@given(values=VALUES)
def test_a_row_holds_what_the_model_would(values: dict[str, Any]) -> None:
    made, told = Maker(Finding)(**values), Finding(**values)
    assert held(made) == held(told)
    assert (type(made), isinstance(made.uid, UUID), made.uid != told.uid) == (Finding, True, True)
    assert (made._state.adding, made._state.db, made.pk) == (True, None, None)


def test_a_related_thing_gives_its_key(world: World) -> None:
    office, unit = world.offices["第一监督检查室"], world.units["市教育局"]
    made = Maker(Finding)(owner_office=office, subject=unit, activity=None, registered_on=date(2022, 3, 1))
    told = Finding(owner_office=office, subject=unit, activity=None, registered_on=date(2022, 3, 1))
    assert held(made) == held(told)
    assert (made.owner_office is office, made.subject is unit, made.activity) == (True, True, None)


@pytest.mark.parametrize("model", [Finding, Step, Measure])
def test_a_name_that_the_model_lacks_is_refused(model: Any) -> None:
    with pytest.raises(AttributeError, match="has no wrong"):
        Maker(model)(wrong=1)


def test_two_rows_share_nothing(world: World) -> None:
    make = Maker(Step)
    one, two = make(seq=1), make(seq=2)
    one.note = "改过"
    one._state.adding = False
    assert (two.note, two._state.adding, two.seq) == ("", True, 2)
