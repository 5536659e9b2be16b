"""Whether an organisation sends its services too."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('republication', '0002_all_public_datasets'),
    ]

    operations = [
        migrations.AddField(
            model_name='portal',
            name='services',
            field=models.BooleanField(default=False, verbose_name='services du catalogue'),
        ),
    ]
