"""Migrations make the tables that the guard protects: they, and nothing else, run unguarded."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from jiandu.base.core import guard


class Command(Migrate):
    """Django's migrate, with the tripwire told to stand aside."""

    def handle(self, *args: Any, **options: Any) -> None:
        with guard.unguarded("migrate"):
            super().handle(*args, **options)
