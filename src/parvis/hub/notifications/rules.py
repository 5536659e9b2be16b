"""What a message is, and the errors of subscribing: pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.registry import modules

if TYPE_CHECKING:
    from django.db.models import Model

    from parvis.hub.notifications.models import Outgoing, Subscription

UNCONFIRMED_HOURS = 48
MOST_PER_ADDRESS, MOST_PER_CALLER, MOST_IN_ALL = 3, 10, 500
"""Confirmation mails in a day for one address, asked by one caller, and for the whole portal: nobody's mailbox is filled by
others, and the portal is no mail gun."""
MOST_FOLLOWED = 50
"""Things that one address may follow."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a mail says: its subject, and what its templates need."""

    subject: str
    facts: dict[str, Any] = field(default_factory=dict)
    reply_to: str = ""
    """Who is answered by « répondre »; nobody without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeKind:
    """A kind of mail that a module sends; everything is read when the mail leaves, not when it was caused.

    ``message`` gives None when there is nothing to say any more (closed, withdrawn meanwhile): no mail leaves then. Of what is
    subscribed to, it is asked once somebody said yes and, as ``wish``, while the row that is followed is there.
    ``template`` is a path without its ending: ``.txt`` and ``.html`` are beside each other.
    """

    slug: str
    """Unique among modules, 40 signs at most: rows have it."""
    message: Callable[[Outgoing], Message | None]
    template: str
    wish: Callable[[Subscription], str] | None = None
    """What somebody asked for, in words that follow « vous recevrez »; None for kinds that nobody subscribes to."""
    about: type[Model] | None = None
    """The kind of rows that are followed: ``target`` of a subscription is the key of one, or empty. See ``services.stopping``."""
    first_mark: Callable[[Subscription], str] | None = None
    """From where a subscription watches, once it is confirmed; the empty mark without."""
    confirmed: Callable[[Subscription], None] | None = None
    """Called when somebody said yes, in the transaction that notes it: what waited for that may be received."""
    weekly: bool = False
    """Each subscription is sent one a week, from its Monday on."""
    ended: Callable[[Outgoing, bool], None] | None = None
    """Called when a mail is over: whether a mail server took it, or it was given up."""


def notice_kinds() -> dict[str, NoticeKind]:
    """Every kind of mail that modules have, by slug."""
    return {kind.slug: kind for module in modules() for kind in module.notices}


def week_of(day: date) -> str:
    """``2026-W48``: the ISO week."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


class MailClosed(RequestError):
    """The portal has no mail server."""

    code: ClassVar[str] = "mail-closed"
    sentence: ClassVar[str] = gettext_noop("Ce portail n’envoie pas de courriels.")
    advice: ClassVar[str] = gettext_noop("Suivez plutôt le flux Atom : il dit la même chose, sans adresse.")


class TooManyConfirmations(RequestError):
    """Too many confirmation mails were asked for."""

    code: ClassVar[str] = "mail-limit"
    sentence: ClassVar[str] = gettext_noop("Trop de courriels de confirmation ont été demandés aujourd’hui.")
    advice: ClassVar[str] = gettext_noop(
        "Cherchez le premier parmi vos courriels, y compris les indésirables, ou revenez demain."
    )


class TooManyFollowed(RequestError):
    """One address follows very much."""

    code: ClassVar[str] = "mail-followed"
    sentence: ClassVar[str] = gettext_noop("Cette adresse reçoit déjà {most} sortes de courriels.")
    advice: ClassVar[str] = gettext_noop("Arrêtez-en une par le lien au bas de ses courriels.")


class BadAddress(RequestError):
    """That is no mail address."""

    code: ClassVar[str] = "mail-address"
    sentence: ClassVar[str] = gettext_noop("« {email} » n’est pas une adresse électronique.")
    advice: ClassVar[str] = gettext_noop("Écrivez-la comme prenom.nom@exemple.fr.")
