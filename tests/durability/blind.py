"""The control of two officers on the same rows: the program without the look at what a cell said when it was shown.

`DJANGO_SETTINGS_MODULE=tests.durability.blind` serves it.
"""

from django.apps import AppConfig

from jiandu.project.settings import *  # noqa: F403 -- the settings as they are
from jiandu.project.settings import INSTALLED_APPS

INSTALLED_APPS += ["tests.durability.blind.Blind"]


class Blind(AppConfig):
    """Every cell is taken to say what the officer saw."""

    name = "tests.durability"
    label = "blind"

    def ready(self) -> None:
        from jiandu.loop.findings.services import cells

        cells.still_says = lambda now, seen: True
