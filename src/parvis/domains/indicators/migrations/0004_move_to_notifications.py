"""Addresses, what they asked for, mails that wait and what owners were told go to the tables that every subject shares."""

from django.db import migrations

KINDS = {
    "confirm": "confirm",
    "alert": "indicator-alert",
    "digest": "indicator-digest",
    "source": "indicator-source",
}
SIDES = {True: "beyond", False: "within", None: ""}


def move(apps, schema_editor):
    """Copy every row; keys, dates and attempts stay what they were, so that links of mails already sent still lead somewhere."""
    subscriptions = _move_subscriptions(apps)
    _move_mails(apps, subscriptions)
    _move_counts(apps)
    # Jobs that wait have the name of their kind.
    apps.get_model("jobs", "Job").objects.filter(kind="indicators.post").update(kind="notifications.post")


def _move_subscriptions(apps):
    former = apps.get_model("indicators", "Recipient")
    Recipient = apps.get_model("notifications", "Recipient")
    Subscription = apps.get_model("notifications", "Subscription")
    moved = {}
    for row in former.objects.order_by("pk").iterator():
        recipient, _made = Recipient.objects.get_or_create(email=row.email, defaults={"created": row.created})
        for former_row in row.subscriptions.order_by("pk"):
            is_alert = former_row.indicator_id is not None
            details = {"slugs": former_row.slugs, "territory": former_row.territory}
            if is_alert:
                details = {"side": former_row.side, "number": former_row.number, "territory": former_row.territory}
            elif former_row.board_id is not None:
                details = {}
            moved[former_row.pk] = Subscription.objects.create(
                key=former_row.key,
                recipient=recipient,
                kind=KINDS["alert" if is_alert else "digest"],
                target=str(former_row.indicator_id or former_row.board_id or ""),
                details=details,
                mark=SIDES[former_row.is_beyond] if is_alert else former_row.last_week,
                site_id=former_row.site_id,
                created=former_row.created,
                confirmed=former_row.confirmed,
            ).pk
    return moved


def _move_mails(apps, subscriptions):
    Outgoing = apps.get_model("notifications", "Outgoing")
    for mail in apps.get_model("indicators", "Outgoing").objects.order_by("pk").iterator():
        Outgoing.objects.create(
            kind=KINDS[mail.kind],
            subscription_id=subscriptions.get(mail.subscription_id),
            person_id=mail.person_id,
            facts=mail.facts,
            attempts=mail.attempts,
            due=mail.due,
        )


def _move_counts(apps):
    ConfirmationRequest = apps.get_model("notifications", "ConfirmationRequest")
    for row in apps.get_model("indicators", "Asking").objects.iterator():
        ConfirmationRequest.objects.create(mark=row.mark, at=row.at)
    ToldOnce = apps.get_model("notifications", "ToldOnce")
    for row in apps.get_model("indicators", "SourceNotice").objects.iterator():
        facts = {"person_id": row.person_id, "kind": KINDS["source"], "target": str(row.indicator_id)}
        ToldOnce.objects.create(**facts, mark=row.mark, at=row.at)


class Migration(migrations.Migration):
    """Apart from the one that drops the former tables: rows and tables are not changed in one transaction of PostgreSQL."""

    dependencies = [
        ("indicators", "0003_subscription_site"),
        ("jobs", "0004_once_by_key"),
        ("notifications", "0001_initial"),
    ]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
