from django.db import migrations, models

KINDS = [('asset', '资产'), ('resource', '资源'), ('contract', '合同'), ('due', '应收款'), ('receipt', '收款'), ('fund', '资金'), ('works', '工程采购')]


class Migration(migrations.Migration):

    dependencies = [
        ('grassroots', '0002_asset_ticks'),
        ('ledgers', '0004_works'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='assettick', name='asset_tick_once'),
        migrations.RemoveConstraint(model_name='assettick', name='asset_tick_finding_differs'),
        migrations.RemoveIndex(model_name='assettick', name='asset_tick_by_asset'),
        migrations.RenameModel(old_name='AssetTick', new_name='LedgerTick'),
        migrations.RenameField(model_name='ledgertick', old_name='asset_code', new_name='code'),
        migrations.RenameField(model_name='ledgertick', old_name='asset_name', new_name='name'),
        migrations.AddField(
            model_name='ledgertick',
            name='kind',
            field=models.CharField(choices=KINDS, default='asset', max_length=16, verbose_name='台账'),
        ),
        migrations.AlterField(
            model_name='ledgertick', name='code', field=models.CharField(max_length=64, verbose_name='编号')
        ),
        migrations.AlterField(
            model_name='ledgertick', name='name', field=models.CharField(max_length=200, verbose_name='名称')
        ),
        migrations.AlterField(
            model_name='ledgertick',
            name='result',
            field=models.CharField(choices=[('seen', '相符'), ('differs', '与台账不符'), ('gone', '已不存在')], max_length=8, verbose_name='核对结果'),
        ),
        migrations.AddIndex(
            model_name='ledgertick',
            index=models.Index(fields=['collective', 'kind', 'code'], name='ledger_tick_by_thing'),
        ),
        migrations.AddConstraint(
            model_name='ledgertick',
            constraint=models.UniqueConstraint(fields=('inspection', 'collective', 'kind', 'code'), name='ledger_tick_once'),
        ),
        migrations.AddConstraint(
            model_name='ledgertick',
            constraint=models.CheckConstraint(condition=models.Q(('finding__isnull', True), models.Q(('result', 'seen'), _negated=True), _connector='OR'), name='ledger_tick_finding_differs'),
        ),
    ]
