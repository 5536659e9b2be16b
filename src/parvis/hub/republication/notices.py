"""The mail to who administers an organisation whose datasets do not arrive any more."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.errors import stored_error
from parvis.core.translation import SOURCE
from parvis.hub.addresses import canonical
from parvis.hub.notifications.models import Outgoing
from parvis.hub.notifications.rules import Message, NoticeKind
from parvis.hub.republication.kinds import STOPPED
from parvis.hub.republication.models import Portal


def stopped(mail: Outgoing) -> Message | None:
    """Why, and what to do; None when it goes again, or is stopped or removed meanwhile."""
    portals = Portal.objects.select_related("organisation").filter(active=True, error__isnull=False)
    portal = portals.filter(pk=mail.facts["portal"]).first()
    if portal is None:
        return None
    message, remedy = stored_error(portal.error, get_language() or SOURCE)
    facts = {
        "organisation": portal.organisation.name,
        "problem": message,
        "remedy": remedy,
        "address": canonical(reverse("republication:portal", args=[portal.organisation.slug])),
    }
    return Message(_("L’envoi vers data.gouv.fr ne passe plus : %s") % portal.organisation.name, facts)


NOTICES = (NoticeKind(slug=STOPPED, message=stopped, template="republication/mails/stopped"),)
