"""A notice is written once. Only its withdrawal changes it, and that only empties it."""

from django.db import migrations

from jiandu.base.core.vendor import triggers

TABLE = "published_notice"
KEPT = " OR ".join(f'NEW."{name}" <> OLD."{name}"' for name in ("uid", "year", "number", "kind", "on"))


def protect(apps, schema_editor):
    changed = f"OLD.withdrawn_on IS NOT NULL OR NEW.withdrawn_on IS NULL OR {KEPT}"
    triggers.refuse(schema_editor, TABLE, "UPDATE", "published_notice_frozen", changed, "a notice may only be withdrawn")
    triggers.refuse(schema_editor, TABLE, "DELETE", "published_notice_stays", "TRUE", "a notice stays")


def release(apps, schema_editor):
    for name in ("published_notice_frozen", "published_notice_stays"):
        triggers.drop(schema_editor, TABLE, name)


class Migration(migrations.Migration):
    dependencies = [("published", "0001_notices")]
    operations = [migrations.RunPython(protect, release)]
