"""The city with its petition offices."""

import pytest
from tests.petitions import city as cities
from tests.world import World


@pytest.fixture
def city(world: World) -> World:
    return cities.furnish(world)
