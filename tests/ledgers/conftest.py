"""A city with its divisions and dictionaries."""

import pytest
from tests.world import SYSTEM, World, as_

from jiandu.base.lexicon.services import load_defaults
from jiandu.net.subjects.divisions import load_divisions


@pytest.fixture
def city(world: World) -> World:
    """The small net in a city with its divisions and dictionaries."""
    with as_(SYSTEM) as by:
        load_divisions(by=by)
        load_defaults(by=by)
    return world
