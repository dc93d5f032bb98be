"""The control of the crowd: the program with what keeps two acts on one finding apart taken out, all else as it is.

`DJANGO_SETTINGS_MODULE=tests.durability.careless` serves it: on SQLite a transaction takes the right to write late, on
PostgreSQL a finding is read without being locked.
"""

from django.apps import AppConfig

from jiandu.project.settings import *  # noqa: F403 -- the settings as they are
from jiandu.project.settings import DATABASES, INSTALLED_APPS

DATABASES["default"].get("OPTIONS", {}).pop("transaction_mode", None)
INSTALLED_APPS += ["tests.durability.careless.Careless"]


class Careless(AppConfig):
    """Takes the lock out of the moves."""

    name = "tests.durability"
    label = "careless"

    def ready(self) -> None:
        from django.db import connection

        type(connection.features).has_select_for_update = False
