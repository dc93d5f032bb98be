"""Caches that spare a figure the steps of nearly all findings; indexes that hold what a list is ordered by."""

from django.db import migrations, models

FILL = """
UPDATE findings_finding SET
  told_at = (SELECT MAX(recorded_at) FROM findings_step WHERE finding_id = findings_finding.id),
  looked_on = (SELECT MIN(done_on) FROM findings_lookback WHERE finding_id = findings_finding.id),
  rebound_on = (SELECT MIN(done_on) FROM findings_lookback
    WHERE finding_id = findings_finding.id AND result IN ('rebound', 'not_held', 'false'))
"""


def fill(apps, schema_editor):
    schema_editor.execute(FILL, params=None)


class Migration(migrations.Migration):
    dependencies = [("findings", "0003_saved_views_and_scans")]
    operations = [
        migrations.AddField("finding", "told_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddField("finding", "looked_on", models.DateField(editable=False, null=True)),
        migrations.AddField("finding", "rebound_on", models.DateField(editable=False, null=True)),
        migrations.AddIndex(
            "step", models.Index(fields=["finding", "on"], condition=models.Q(verb="stage"), name="step_staged")
        ),
        migrations.RemoveIndex("finding", "finding_by_due"),
        migrations.AddIndex(
            "finding",
            models.Index(fields=["state", "due_on", "-registered_on", "-id"], name="finding_by_due"),
        ),
        migrations.AddIndex(
            "finding", models.Index(fields=["urging", "-registered_on", "-id"], name="finding_by_urging")
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
