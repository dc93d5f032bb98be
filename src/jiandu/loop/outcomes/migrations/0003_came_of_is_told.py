"""The uid is there for every row: it is demanded from now on."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0001_initial'),
        ('findings', '0005_orders_of_the_ledger'),
        ('outcomes', '0002_what_it_came_of'),
        ('overseers', '0001_initial'),
        ('subjects', '0002_documents_of_changes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='moneyrecovered',
            name='finding_uid',
            field=models.UUIDField(editable=False),
        ),
        migrations.AlterField(
            model_name='persontalked',
            name='finding_uid',
            field=models.UUIDField(editable=False),
        ),
        migrations.AddIndex(
            model_name='moneyrecovered',
            index=models.Index(fields=['finding_uid'], name='money_by_finding_uid'),
        ),
        migrations.AddIndex(
            model_name='persontalked',
            index=models.Index(fields=['finding_uid'], name='talked_by_finding_uid'),
        ),
        migrations.AddIndex(
            model_name='rulemade',
            index=models.Index(fields=['finding_uid'], name='rule_by_finding_uid'),
        ),
        migrations.AddConstraint(
            model_name='ruleorigin',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finding__isnull', True), ('finding_uid__isnull', True)), models.Q(('finding__isnull', False), ('finding_uid__isnull', False)), _connector='OR'), name='rule_origin_finding_has_uid'),
        ),
    ]
