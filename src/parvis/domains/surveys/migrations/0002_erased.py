"""When answers were erased whose rows a dataset may still have."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('surveys', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='answersdataset',
            name='erased',
            field=models.DateTimeField(null=True),
        ),
    ]
