"""How many rules the recorded history of a finding broke, beside it: the ledger lists those that broke any."""

from django.db import migrations, models

FILL = """
UPDATE findings_finding SET breach_count =
  (SELECT COUNT(*) FROM findings_breach WHERE finding_id = findings_finding.id)
WHERE id IN (SELECT finding_id FROM findings_breach)
"""


def fill(apps, schema_editor):
    schema_editor.execute(FILL, params=None)


class Migration(migrations.Migration):
    dependencies = [("findings", "0011_independent_by_name")]
    operations = [
        migrations.AddField("finding", "breach_count", models.PositiveIntegerField(editable=False, null=True)),
        migrations.AddIndex(
            "finding",
            models.Index(
                fields=["-registered_on", "-id"],
                condition=models.Q(breach_count__gte=1),
                name="finding_breached",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
