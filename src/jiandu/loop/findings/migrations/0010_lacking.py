"""待补 in the order of the ledger: findings that lack any column, or one of those that no other index holds."""

from django.db import migrations, models
from django.db.models import Q

LACKS = {
    "any": Q(facts="")
    | Q(aspect__isnull=True)
    | Q(basis="")
    | Q(rectification="")
    | Q(due_on__isnull=True)
    | Q(rectifier_name=""),
    "facts": Q(facts=""),
    "basis": Q(basis=""),
    "due_on": Q(due_on__isnull=True),
    "rectifier_name": Q(rectifier_name=""),
}


class Migration(migrations.Migration):
    dependencies = [("findings", "0009_talk_pointers")]
    operations = [
        migrations.AddIndex(
            "finding",
            models.Index(fields=["-registered_on", "-id"], condition=condition, name=f"finding_lacks_{name}"),
        )
        for name, condition in LACKS.items()
    ]
