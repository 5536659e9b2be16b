from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0010_dataset_stamp'),
    ]

    operations = [
        migrations.AddField(
            model_name='version',
            name='aside',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
