"""Migrations make the tables that the guard protects: they, and nothing else, run unguarded, as the tables' owner."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from jiandu.base.core import guard
from jiandu.base.core.vendor.ownership import as_owner


class Command(Migrate):
    """Django's migrate, with the tripwire told to stand aside."""

    def handle(self, *args: Any, **options: Any) -> None:
        with guard.unguarded("migrate"), as_owner():
            super().handle(*args, **options)
