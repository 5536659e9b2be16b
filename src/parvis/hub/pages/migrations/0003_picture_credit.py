"""Pictures have a credit."""


import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parvis_pages', '0002_french_names'),
        ('wagtailimages', '0027_image_description'),
    ]

    operations = [
        migrations.AddField(
            model_name='themepage',
            name='picture_credit',
            field=models.CharField(blank=True, help_text='Qui l’a faite, et sa licence. Il paraît sous l’image.', max_length=160, verbose_name='auteur ou crédit de l’image'),
        ),
        migrations.AlterField(
            model_name='themepage',
            name='picture',
            field=models.ForeignKey(blank=True, help_text='Facultative : elle paraît en tête de la page et dans la liste. Sans elle, c’est la première carte ou le premier graphique.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='image'),
        ),
        migrations.AlterField(
            model_name='themepage',
            name='picture_alt',
            field=models.CharField(blank=True, help_text='Pour qui ne la voit pas : ce qu’on y voit, en une phrase.', max_length=200, verbose_name='ce que montre l’image'),
        ),
    ]
