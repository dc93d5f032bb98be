"""An empty installation of its own for one subject: imported before Django reads its settings."""

import os
import shutil
import tempfile

if "JIANDU_DATABASE" not in os.environ:
    os.environ["JIANDU_DATA"] = tempfile.mkdtemp(prefix="apart-", dir=os.environ.get("JIANDU_DATA"))
else:
    for name in ("JIANDU_DATABASE", "JIANDU_DATABASE_OWNER", "BENCHMARK_ROOT"):
        os.environ[name] = os.environ[name].replace("/bench?", "/apart?")


def migrate() -> None:
    """Its tables."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def remove() -> None:
    """Deletes it; the database of a server is dropped when the next one is made."""
    if "JIANDU_DATABASE" not in os.environ:
        shutil.rmtree(os.environ["JIANDU_DATA"])
