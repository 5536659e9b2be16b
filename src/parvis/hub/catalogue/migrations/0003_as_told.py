from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0002_announced'),
    ]

    operations = [
        migrations.AddField(
            model_name='dataset',
            name='as_told',
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
