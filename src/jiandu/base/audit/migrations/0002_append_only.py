"""Entries are added, never changed or removed; a payload may only be emptied."""

from django.db import migrations

from jiandu.base.core.vendor import triggers


def guard(apps, schema_editor):
    triggers.append_only(schema_editor, "audit_entry")
    triggers.refuse(schema_editor, "audit_payload", "DELETE", "audit_payload_no_delete", "TRUE", "audit_payload is append-only")
    triggers.refuse(
        schema_editor,
        "audit_payload",
        "UPDATE",
        "audit_payload_only_emptied",
        "NEW.body <> '' OR NEW.salt <> OLD.salt OR NEW.entry_id <> OLD.entry_id",
        "audit_payload may only be emptied",
    )


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
