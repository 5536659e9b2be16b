"""How a mail is made: in French, as text and as HTML, with the name, the colours and the addresses of the site where it was asked."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from email.policy import EmailPolicy, Policy, default
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from parvis.hub.addresses import absolute_path, canonical, current_site
from parvis.hub.notifications.kinds import CONFIRMATION
from parvis.hub.notifications.models import Outgoing, Subscription
from parvis.hub.notifications.rules import Message, notice_kinds
from parvis.hub.notifications.selectors import follows_something, is_awaited
from parvis.hub.sites.models import SiteFace
from parvis.hub.sites.origins import place_at
from parvis.hub.sites.rules import DEFAULT_COLOURS, nearest_readable

CHOICES = "/admin/avis/"
"""Where people who have an account choose what they receive."""
SUBJECT_LENGTH = 80
"""Characters that the subject of a mail keeps of what was asked, which it says whole."""
KEPT_WHOLE = frozenset({"list-unsubscribe"})
DARK_SHEET = "#1c222c"
"""The background of mails where the reader's program is dark."""


class _Whole(EmailPolicy):
    """Leaves the addresses of some headers in one piece: longer than a line, the library writes them as encoded words, which no
    mail program takes for an address."""

    def fold(self, name: str, value: Any) -> str:
        """A header as text."""
        return f"{name}: {value}{self.linesep}" if name.lower() in KEPT_WHOLE else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """A header as it leaves."""
        return self.fold(name, value).encode() if name.lower() in KEPT_WHOLE else super().fold_binary(name, value)


class Letter(EmailMultiAlternatives):
    """A mail whose programs find where to stop it."""

    def message(self, *, policy: Policy = default) -> Any:
        """What leaves."""
        return super().message(policy=_Whole() + policy)


def send(mail: Outgoing) -> None:
    """Send one mail; whatever the mail server raises. Nothing leaves when what it tells of is closed or gone meanwhile."""
    kind = notice_kinds().get(mail.kind)
    if kind is None:  # of a module that is no more installed
        return
    if mail.subscription is not None and not (kind.slug == CONFIRMATION or is_awaited(mail.subscription)):
        return
    site = mail.subscription.site if mail.subscription else None
    with translation.override(settings.LANGUAGE_CODE), _at(site):
        message = kind.message(mail)
        if message is None:
            return
        facts = {**_look(site), "subject": message.subject, **_ways_out(mail), **message.facts}
        text = render_to_string(f"{kind.template}.txt", facts)
        html = render_to_string(f"{kind.template}.html", facts)
        headers = _headers(mail)
    reply_to = [message.reply_to] if message.reply_to else None
    letter = Letter(" ".join(message.subject.split()), text, to=[_receiver(mail)], reply_to=reply_to, headers=headers)
    letter.attach_alternative(html, "text/html")
    letter.send()


def _receiver(mail: Outgoing) -> str:
    if mail.person is not None:
        return mail.person.email
    return mail.subscription.recipient.email if mail.subscription is not None else mail.address


def _at(site: Any) -> AbstractContextManager[None]:
    """The addresses of a mail are those of the site where it was asked."""
    if site is None:
        return nullcontext()
    place = place_at(site)
    return current_site(place.origin, place.prefix)


def face_at(site: Any = None) -> SiteFace:
    """The face of a site, of the main one without; with the house's own colours when nothing was set."""
    faces = SiteFace.objects.filter(site=site) if site else SiteFace.objects.filter(site__is_default_site=True)
    return faces.first() or SiteFace()


def site_name(site: Any = None) -> str:
    """The name of a site, of the main one without."""
    return face_at(site).name or "Parvis"


def _look(site: Any) -> dict[str, Any]:
    face = face_at(site)
    colours = {name: getattr(face, name) for name in DEFAULT_COLOURS}
    dark = nearest_readable(face.accent, DARK_SHEET)
    return {
        "portal": face.name or "Parvis",
        "home": canonical(absolute_path("/")),
        "colours": {**colours, "dark_accent": dark},
    }


def _ways_out(mail: Outgoing) -> dict[str, str]:
    """``stop`` for what was asked without an account, ``choices`` for who has one, nothing for an organisation."""
    if mail.subscription is not None:
        return {"stop": stop_address(mail.subscription)}
    if mail.person is None:  # the address that an organisation shows: its own card changes it
        return {}
    return {"choices": canonical(absolute_path(CHOICES))}


def _headers(mail: Outgoing) -> dict[str, str]:
    """RFC 8058: one click stops it, without opening anything; people who have an account choose theirs on its page."""
    headers = {"Auto-Submitted": "auto-generated"}
    ways = _ways_out(mail)
    if ways:
        headers["List-Unsubscribe"] = f"<{ways.get('stop') or ways['choices']}>"
    if "stop" in ways:
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def stop_address(subscription: Subscription) -> str:
    """Where it is stopped: a page with a button, or at once when a mail program posts to it."""
    return canonical(reverse("subscription_stop", args=[subscription.key]))


def confirm_address(subscription: Subscription) -> str:
    """Where it is confirmed: a page with a button, since some mailboxes open every link."""
    return canonical(reverse("subscription_confirm", args=[subscription.key]))


def wish_words(subscription: Subscription) -> str:
    """What was asked, in the words of its module."""
    kind = notice_kinds().get(subscription.kind)
    if kind is None or kind.wish is None or not follows_something(subscription):
        return _("un courriel")
    return kind.wish(subscription)


def confirmation(mail: Outgoing) -> Message | None:
    """The mail that asks for a yes; None once it was given."""
    subscription = mail.subscription
    if subscription is None or subscription.confirmed:
        return None
    words = wish_words(subscription)
    subject = _("Confirmez : %s") % Truncator(words).chars(SUBJECT_LENGTH)
    return Message(subject, {"asked": words, "confirm": confirm_address(subscription)})
