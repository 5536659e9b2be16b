"""The file as it was received may be kept from readers."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0011_version_aside'),
    ]

    operations = [
        migrations.AddField(
            model_name='dataset',
            name='original_withheld',
            field=models.BooleanField(default=False, verbose_name='fichier d’origine non publié'),
        ),
    ]
