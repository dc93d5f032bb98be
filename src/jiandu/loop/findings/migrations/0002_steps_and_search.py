"""Steps are never changed; a verifier is not who rectified, nor of that unit; search grams."""

from django.db import migrations

from jiandu.base.core.vendor import grams, triggers

NOT_INDEPENDENT = """
NEW.verb IN ('pass', 'look_back') AND NOT NEW.is_history AND NEW.actor_id IS NOT NULL AND (
  NEW.actor_id = (SELECT f.rectifier_id FROM findings_finding f WHERE f.id = NEW.finding_id)
  OR EXISTS (
    SELECT 1 FROM findings_finding f, subjects_post p, subjects_organisation o
    WHERE f.id = NEW.finding_id AND p.person_id = NEW.actor_id AND o.id = p.organisation_id
      AND p.since <= NEW."on" AND (p.until IS NULL OR p.until >= NEW."on")
      AND f.subject_path <> '' AND substr(o.path, 1, length(f.subject_path)) = f.subject_path
  )
)
"""


def guard(apps, schema_editor):
    triggers.append_only(schema_editor, "findings_step")
    triggers.refuse(
        schema_editor,
        "findings_step",
        "INSERT",
        "findings_step_independent",
        NOT_INDEPENDENT.replace("\n", " "),
        "verify-independent",
    )
    grams.create(schema_editor, "finding_grams")


class Migration(migrations.Migration):
    dependencies = [("findings", "0001_initial"), ("subjects", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
