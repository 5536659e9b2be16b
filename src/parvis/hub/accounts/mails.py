"""Mails about accounts: links to choose a password, invitations, notices.

They leave in the background: a request takes as long for an address that has an account as for one that has none, and a mail
server that is down breaks no page. They are not kept in a queue of the database: a link opens an account, so it is nowhere
but in the mail; when the process stops first, people ask again.
"""

from __future__ import annotations

import contextvars
import logging
import smtplib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection
from django.urls import reverse

from parvis.core.errors import OperationError
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.events import Event, note
from parvis.hub.accounts.models import Person
from parvis.hub.addresses import canonical

logger = logging.getLogger("parvis.mail")

CONSOLE = "django.core.mail.backends.console.EmailBackend"


def _new_senders() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="account-mails")


_senders = _new_senders()


class MailNotConfigured(OperationError):
    """There is no mail server, and a link must never be shown to somebody else than its owner."""

    code = "mail-not-configured"
    sentence = gettext_noop("Aucun serveur de courrier n’est réglé : le lien ne peut pas être envoyé.")
    advice = gettext_noop(
        "L’exploitant du portail l’obtient par « parvis user link ADRESSE », ou règle PARVIS_MAIL_URL."
    )


def mail_is_configured() -> bool:
    """Whether mails leave: without a server they would be written to the log, where a link must not be."""
    return settings.MAILERS["default"]["BACKEND"] != CONSOLE


def in_background(work: Callable[..., None], *arguments: Any) -> None:
    """Do that soon, in a thread, at the site and in the language of who asks."""
    _senders.submit(contextvars.copy_context().run, _run, work, *arguments)


def wait_for_mails() -> None:
    """Return once what was asked for before is sent: a command ends with its process."""
    global _senders
    former, _senders = _senders, _new_senders()
    former.shutdown(wait=True)


def _run(work: Callable[..., None], *arguments: Any) -> None:
    try:
        work(*arguments)
    except DatabaseError:
        logger.exception("account mail not sent")
    finally:
        connection.close()


def deliver(message: EmailMessage) -> None:
    """Hand a mail to the server; a failure is told in the log, without its text."""
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        logger.error("account mail not sent: %s", type(error).__name__)  # noqa: TRY400 the trace holds the mail


def reset_link(person: Person) -> str:
    """The address where this person, and nobody else, sets a password; it serves once.

    Under the public address of the settings, or that of the site that answers, never under the host name of the request.
    """
    uid, token = user_pk_to_url_str(person), default_token_generator.make_token(person)
    return canonical(reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token}))


def hold_address(person: Person) -> None:
    """Tell allauth that the address of the account is the person's: their first link was mailed there."""
    EmailAddress.objects.filter(user=person, primary=True).exclude(email=person.email).delete()
    facts = {"verified": True, "primary": True}
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults=facts)


def answer_reset(email: str) -> None:
    """Send the person of that address a link; nothing at all to an address without account."""
    person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is None:
        note(Event.RESET_ASKED, None)
        return
    note(Event.RESET_ASKED, person)
    if not mail_is_configured():
        logger.warning("no mail server is set: parvis user link %s shows the link", person.email)
        return
    context = {"user": person, "password_reset_url": reset_link(person)}
    get_adapter().send_mail("account/email/password_reset_key", person.email, context)


def send_invitation(person: Person, inviter: str) -> None:
    """Mail somebody the link to choose a password; MailNotConfigured when there is no server."""
    if not mail_is_configured():
        raise MailNotConfigured
    note(Event.LINK_SENT, person, by=inviter)
    context = {"person": person, "link": reset_link(person), "inviter": inviter}
    get_adapter().send_mail("account/email/invitation", person.email, context)
