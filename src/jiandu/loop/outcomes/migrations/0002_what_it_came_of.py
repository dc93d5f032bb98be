"""Each outcome carries the uid of the finding it came of: who is assigned or recused from that one is judged by it."""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps: Any, schema_editor: Any) -> None:
    finding = apps.get_model("findings", "Finding")
    origin = apps.get_model("outcomes", "RuleOrigin")
    uid = Subquery(finding.objects.filter(pk=OuterRef("finding_id")).values("uid")[:1])
    for name in ("RuleOrigin", "MoneyRecovered", "PersonTalked"):
        apps.get_model("outcomes", name).objects.filter(finding__isnull=False).update(finding_uid=uid)
    first = origin.objects.filter(rule_id=OuterRef("pk"), finding__isnull=False).order_by("pk")
    apps.get_model("outcomes", "RuleMade").objects.update(finding_uid=Subquery(first.values("finding_uid")[:1]))


class Migration(migrations.Migration):
    dependencies = [("findings", "0005_orders_of_the_ledger"), ("outcomes", "0001_initial")]

    operations = [
        *(
            migrations.AddField(name, "finding_uid", models.UUIDField(editable=False, null=True))
            for name in ("rulemade", "ruleorigin", "moneyrecovered", "persontalked")
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
