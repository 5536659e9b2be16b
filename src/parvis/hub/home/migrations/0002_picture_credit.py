"""Pictures have a credit."""


import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parvis_home', '0001_initial'),
        ('wagtailimages', '0027_image_description'),
    ]

    operations = [
        migrations.AddField(
            model_name='sitehome',
            name='picture_credit',
            field=models.CharField(blank=True, help_text='Qui l’a prise, et sa licence. Il paraît sous la photo.', max_length=160, verbose_name='auteur ou crédit de la photo'),
        ),
        migrations.AlterField(
            model_name='sitehome',
            name='picture',
            field=models.ForeignKey(blank=True, help_text='Pour « L’accueil », « Le tableau », et « La une » quand sa page n’a pas d’image. En largeur, 1 600 pixels ou plus.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='photo'),
        ),
        migrations.AlterField(
            model_name='sitehome',
            name='picture_alt',
            field=models.CharField(blank=True, help_text='Pour qui ne la voit pas : ce qu’on y voit, en une phrase.', max_length=200, verbose_name='ce que montre la photo'),
        ),
    ]
