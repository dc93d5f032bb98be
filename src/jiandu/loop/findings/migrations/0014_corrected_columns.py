"""Which columns a correction wrote: a conflict names who wrote that cell, an undo takes back one's own entry alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("findings", "0013_merged_anew")]
    operations = [
        migrations.AddField("step", "columns", models.CharField(blank=True, editable=False, max_length=200)),
    ]
