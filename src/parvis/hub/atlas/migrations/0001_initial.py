import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_organisations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Map",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=88, unique=True, verbose_name="adresse")),
                ("title", models.CharField(max_length=200, verbose_name="titre")),
                ("description", models.JSONField()),
                ("datasets", models.JSONField(default=list)),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "brouillon"), ("published", "en ligne")],
                        db_index=True,
                        default="draft",
                        max_length=12,
                        verbose_name="état",
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("created", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("modified", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                (
                    "author",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "carte",
                "verbose_name_plural": "cartes",
                "ordering": ["title", "id"],
                "abstract": False,
            },
        ),
    ]
