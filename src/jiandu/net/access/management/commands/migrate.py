"""Migrations make the tables that the guard protects: they, and nothing else, run unguarded, as the tables' owner."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from jiandu.base.core import guard
from jiandu.base.core.vendor import row_security, states, triggers
from jiandu.base.core.vendor.ownership import as_owner
from jiandu.net.access.models import Assignment


class Command(Migrate):
    """Django's migrate, with the tripwire told to stand aside; afterwards each protected table has its policy."""

    def handle(self, *args: Any, **options: Any) -> None:
        with guard.unguarded("migrate"), guard.acting(guard.system("migrate")), as_owner(), triggers.kept(connection):
            if _is_due():
                row_security.set_aside()
            with states.lean(connection):
                super().handle(*args, **options)
            row_security.protect(Assignment._meta.db_table)


def _is_due() -> bool:
    """Whether a migration is to run."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
