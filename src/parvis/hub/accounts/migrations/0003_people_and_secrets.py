import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def find_inviters(apps, schema_editor):
    """Who invited whom, from the journal; people whom nobody is known to have invited are nobody's."""
    Person = apps.get_model("accounts", "Person")
    Organisation = apps.get_model("accounts", "Organisation")
    Entry = apps.get_model("audit", "Entry")
    slugs = dict(Organisation.objects.values_list("slug", "pk"))
    for entry in Entry.objects.filter(action="person.add", target_kind="person").order_by("pk"):
        key = slugs.get(entry.details.get("organisation"))
        if key is not None:
            Person.objects.filter(email=entry.target, invited_by=None).update(invited_by=key)


def encrypt_factors(apps, schema_editor):
    """Secrets of second factors stood in clear before 0.1.1."""
    from parvis.hub.accounts.encryption import current_keys, encrypted_data

    for row in apps.get_model("mfa", "Authenticator").objects.exclude(type="webauthn"):
        row.data = encrypted_data(row.data, current_keys())
        row.save(update_fields=["data"])


def end_sessions(apps, schema_editor):
    """Sessions of an older release have neither beginning nor list."""
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0002_organisations"),
        ("audit", "0001_initial"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="invited_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Seule l’organisation qui a invité la personne peut lui faire envoyer un lien.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.organisation",
                verbose_name="invitée par",
            ),
        ),
        migrations.RunPython(find_inviters, migrations.RunPython.noop),
        migrations.RunPython(encrypt_factors, migrations.RunPython.noop),
        migrations.RunPython(end_sessions, migrations.RunPython.noop),
    ]
