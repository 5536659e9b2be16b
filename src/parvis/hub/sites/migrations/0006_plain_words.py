"""Colours are called by what they colour."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_people_and_secrets'),
        ('parvis_sites', '0005_former_prefixes'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='siteface',
            options={'verbose_name': 'identité visuelle'},
        ),
        migrations.AlterField(
            model_name='siteface',
            name='accent_strong',
            field=models.CharField(default='#084247', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-fA-F]{6}$', 'Une couleur s’écrit #0b5a60.')], verbose_name='couleur foncée'),
        ),
        migrations.AlterField(
            model_name='siteface',
            name='ink',
            field=models.CharField(default='#1d2433', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-fA-F]{6}$', 'Une couleur s’écrit #0b5a60.')], verbose_name='texte'),
        ),
        migrations.AlterField(
            model_name='siteface',
            name='organisation',
            field=models.ForeignKey(blank=True, help_text='Ses administrateurs changent le visage, l’accueil et les menus du site.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.organisation', verbose_name='organisation responsable du site'),
        ),
        migrations.AlterField(
            model_name='siteface',
            name='stone',
            field=models.CharField(default='#f6f3ed', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-fA-F]{6}$', 'Une couleur s’écrit #0b5a60.')], verbose_name='fond'),
        ),
    ]
