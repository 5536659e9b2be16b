"""The visual identity of a site is called so in help too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_people_and_secrets'),
        ('parvis_sites', '0007_roots_in_french'),
    ]

    operations = [
        migrations.AlterField(
            model_name='siteface',
            name='organisation',
            field=models.ForeignKey(blank=True, help_text='Ses administrateurs changent l’identité visuelle, l’accueil et les menus du site.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.organisation', verbose_name='organisation responsable du site'),
        ),
    ]
