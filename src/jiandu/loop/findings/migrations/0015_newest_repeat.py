from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0012_arrangements'),
        ('findings', '0014_corrected_columns'),
        ('lexicon', '0001_initial'),
        ('overseers', '0001_initial'),
        ('signals', '0002_origin_talk'),
        ('subjects', '0002_documents_of_changes'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='finding',
            name='finding_by_repeat',
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(fields=['repeat_key', '-registered_on', '-id'], name='finding_by_repeat'),
        ),
    ]
