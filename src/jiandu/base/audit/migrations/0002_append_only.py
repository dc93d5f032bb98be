"""The head's one row. Entries are added, never changed or removed; a payload may only be emptied; the head goes forward."""

from django.db import migrations

from jiandu.base.core.vendor import triggers


def begin(apps, schema_editor):
    apps.get_model("audit", "Head").objects.create(id=1)
    triggers.append_only(schema_editor, "audit_entry")
    triggers.append_only(schema_editor, "audit_payload", allow_update_of=("salt", "body"))
    only = "NEW.salt <> '' OR NEW.body <> ''"
    triggers.refuse(schema_editor, "audit_payload", "UPDATE", "audit_payload_only_emptied", only, "audit_payload may only be emptied")
    triggers.refuse(schema_editor, "audit_head", "UPDATE", "audit_head_forward", "NEW.seq <> OLD.seq + 1", "audit_head goes forward by one")
    triggers.refuse(schema_editor, "audit_head", "DELETE", "audit_head_stays", "TRUE", "audit_head stays")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
