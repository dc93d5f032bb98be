"""A verifier who is only a name is not who rectified either; history alone keeps such a step, as a data warning."""

from importlib import import_module

from django.db import migrations

from jiandu.base.core.vendor import triggers

BARE = "replace(replace({}, ' ', ''), '　', '')"
BY_KEY = import_module("jiandu.loop.findings.migrations.0002_steps_and_search").NOT_INDEPENDENT
BY_NAME = f"""
NEW.verb IN ('pass', 'look_back') AND NOT NEW.is_history AND NEW.actor_id IS NULL AND EXISTS (
  SELECT 1 FROM findings_finding f WHERE f.id = NEW.finding_id AND f.rectifier_name <> ''
    AND {BARE.format("f.rectifier_name")} = {BARE.format("NEW.by_name")}
)
"""


def guard(apps, schema_editor):
    triggers.refuse(
        schema_editor,
        "findings_step",
        "INSERT",
        "findings_step_independent",
        f"({BY_KEY}) OR ({BY_NAME})".replace("\n", " "),
        "verify-independent",
    )


class Migration(migrations.Migration):
    dependencies = [("findings", "0010_lacking")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
