from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0008_other_licence'),
    ]

    operations = [
        migrations.AddField(
            model_name='version',
            name='facts',
            field=models.JSONField(null=True),
        ),
    ]
