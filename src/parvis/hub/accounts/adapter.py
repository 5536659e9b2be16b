"""How allauth behaves here: no open sign-up, the back office after sign-in, mails under the portal's own address."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from parvis.hub.accounts.events import Event, note
from parvis.hub.accounts.mails import deliver, in_background, mail_is_configured
from parvis.hub.accounts.models import Person
from parvis.hub.addresses import canonical
from parvis.hub.callers import caller_address, parsed_address


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators."""

    def is_open_for_signup(self, request) -> bool:
        """Nobody signs up alone: reading needs no account."""
        return False

    def get_client_ip(self, request) -> str:
        """The caller's own address behind a trusted proxy: allauth's throttles would take everybody for one."""
        address = caller_address(request.META)
        # Behind a Unix socket nobody has an address; sessions are kept with one, in a column that takes nothing else.
        return address if parsed_address(address) else "0.0.0.0"  # noqa: S104 - nothing listens there

    def pre_authenticate(self, request, **credentials: Any) -> None:
        """Count the attempt; what is refused for having tried too often is noted."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            address = str(credentials.get("email") or "").lower()
            note(Event.THROTTLED, Person.objects.filter(email=address).first(), request=request)
            raise

    def format_email_subject(self, subject: str) -> str:
        """Begin with the name of the portal as it is set: allauth takes the host name of the request, which anyone writes."""
        return f"[{urlsplit(settings.PARVIS['PARVIS_BASE_URL']).hostname}] {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send in the background; ``portal`` is the public address, ``current_site`` the same for allauth's own texts."""
        portal = canonical("/")
        site = {"name": urlsplit(portal).hostname, "domain": portal}
        request = self.request
        message = self.render_mail(
            template_prefix, email, {"request": request, "portal": portal, "current_site": site, **context}
        )
        in_background(deliver, message)

    def confirm_email(self, request, email_address) -> bool:
        """Take the address, unless somebody was invited there since it was asked for."""
        others = Person.objects.filter(email=email_address.email.lower()).exclude(pk=email_address.user_id)
        return not others.exists() and super().confirm_email(request, email_address)

    def get_email_confirmation_url(self, request, emailconfirmation) -> str:
        """Where an address is confirmed, under the public address of the portal."""
        return canonical(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def send_account_already_exists_mail(self, email: str) -> None:
        """Nothing: strangers do not have mails sent to people, and anyone who asked learns nothing."""

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        """Tell the owner of an account that its password, its address or its second factor changed."""
        if not mail_is_configured():
            return
        facts = {"timestamp": timezone.localtime(), "ip": self.get_client_ip(self.request), **(context or {})}
        self.send_mail(template_prefix, email or user.email, facts)
