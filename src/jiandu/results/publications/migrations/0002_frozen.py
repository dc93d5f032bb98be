"""What was published stays as it was confirmed; steps are never changed."""

from django.db import migrations

from jiandu.base.core.vendor import triggers

TABLE, STEPS = "publications_publication", "publications_publicationstep"
WORDS = " OR ".join(
    f'NEW."{name}" <> OLD."{name}"' for name in ("uid", "code", "kind", "title", "text", "issuer", "number", "published_on")
)


def protect(apps, schema_editor):
    changed = f"OLD.published_on IS NOT NULL AND ({WORDS})"
    triggers.refuse(schema_editor, TABLE, "UPDATE", "publication_frozen", changed, "what was published stays as it was")
    triggers.append_only(schema_editor, STEPS)


def release(apps, schema_editor):
    triggers.drop(schema_editor, TABLE, "publication_frozen")
    for name in ("no_update", "no_delete", "no_truncate", "no_replace"):
        triggers.drop(schema_editor, STEPS, f"{STEPS}_{name}")


class Migration(migrations.Migration):
    dependencies = [("publications", "0001_publications")]
    operations = [migrations.RunPython(protect, release)]
