"""What INSPIRE wants said of a dataset, why one is not open to all, and that somebody found it of no high value."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0015_catalogue_out"),
    ]

    operations = [
        migrations.AddField(
            model_name="dataset",
            name="closure",
            field=models.JSONField(blank=True, default=list, verbose_name="motif de l’accès réservé"),
        ),
        migrations.AddField(
            model_name="dataset",
            name="closure_note",
            field=models.TextField(blank=True, verbose_name="précisions sur l’accès réservé"),
        ),
        migrations.AddField(
            model_name="dataset",
            name="hvd_refused",
            field=models.BooleanField(default=False, verbose_name="pas de forte valeur"),
        ),
        migrations.AddField(
            model_name="dataset",
            name="inspire",
            field=models.JSONField(blank=True, default=dict, verbose_name="INSPIRE"),
        ),
    ]
