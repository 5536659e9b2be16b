"""What this room itself writes: the mail that asks for a yes, and the one about a webhook that was stopped."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.hub.addresses import canonical
from parvis.hub.notifications.kinds import CONFIRMATION, DISABLED_WEBHOOK
from parvis.hub.notifications.mails import confirmation
from parvis.hub.notifications.models import Outgoing, Webhook
from parvis.hub.notifications.rules import Message, NoticeKind


def disabled_webhook(mail: Outgoing) -> Message | None:
    """To those who administer the organisation; None when it is in service again, or gone."""
    webhook = Webhook.objects.filter(pk=mail.facts["webhook"], active=False).select_related("organisation").first()
    if webhook is None:
        return None
    address = canonical(reverse("webhooks_admin:edit", args=[webhook.pk]))
    return Message(_("Webhook arrêté : %s") % webhook.name, {"webhook": webhook, "address": address})


NOTICES = (
    NoticeKind(slug=CONFIRMATION, message=confirmation, template="notifications/mails/confirm"),
    NoticeKind(slug=DISABLED_WEBHOOK, message=disabled_webhook, template="notifications/mails/webhook_disabled"),
)
