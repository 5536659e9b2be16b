"""Reasons of a refusal that are those of the law."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='datarequest',
            name='ground',
            field=models.CharField(blank=True, choices=[('none', 'l’administration ne les détient pas, et les faire demanderait un travail déraisonnable (L311-1)'), ('draft', 'elles préparent une décision qui n’est pas prise (L311-2)'), ('secret', 'un secret protégé par la loi (L311-5)'), ('privacy', 'la vie privée ou le secret des affaires d’autres personnes (L311-6)'), ('rights', 'les droits d’auteur d’autres personnes (L311-4, L321-2)'), ('published', 'elles sont déjà publiées (L311-2)'), ('abuse', 'la demande est abusive, par son nombre ou sa répétition (L311-2)'), ('other', 'un autre motif de la loi, dont l’article est cité ci-dessous')], default='', editable=False, max_length=10, verbose_name='motif du refus'),
        ),
    ]
