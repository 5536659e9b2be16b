import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_organisations"),
        ("charts", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="chart",
            name="created",
            field=models.DateTimeField(auto_now_add=True, verbose_name="créé le"),
        ),
        migrations.AlterField(
            model_name="chart",
            name="modified",
            field=models.DateTimeField(auto_now=True, verbose_name="modifié le"),
        ),
        migrations.AlterField(
            model_name="chart",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
                verbose_name="organisation",
            ),
        ),
        migrations.AlterField(
            model_name="chart",
            name="status",
            field=models.CharField(
                choices=[("draft", "brouillon"), ("published", "en ligne")],
                db_index=True,
                default="draft",
                max_length=12,
                verbose_name="état",
            ),
        ),
    ]
