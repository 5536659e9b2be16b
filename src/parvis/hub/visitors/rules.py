"""Who writes without an account, what they may send, and the errors of it: pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop

MOST_PER_CALLER = 40
"""Messages of all kinds that one address sends in a day: a walk through a street makes some thirty."""
MOST_PER_PERSON = 1_000
"""Of somebody with an account, by hand or by an application."""
MOST_IN_ALL = 2_000
"""Messages of people without an account in a day, in the whole portal: beyond it nobody could read them."""
KEPT_DAYS = 2
"""How long it is known, under a digest, that an address sent something."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sends a form: ``caller`` is a name that says nothing of them, ``email`` an address that they gave, or nothing.

    ``proven``: their browser did the work asked, or they have an account. Who did not must confirm by mail.
    """

    caller: str
    email: str = ""
    proven: bool = False
    person_id: int | None = None


class ProofMissing(RequestError):
    """Neither the browser's work nor a mail address."""

    code: ClassVar[str] = "visitor-proof"
    sentence: ClassVar[str] = gettext_noop("Votre navigateur n’a pas fait le petit calcul qui écarte les robots.")
    advice: ClassVar[str] = gettext_noop(
        "Renvoyez le formulaire, rien n’est perdu. Sans JavaScript, indiquez votre adresse électronique : un lien à ouvrir suffit."
    )


class TooManySent(RequestError):
    """Too many messages in a day."""

    code: ClassVar[str] = "visitor-limit"
    sentence: ClassVar[str] = gettext_noop("Trop de messages ont été envoyés aujourd’hui depuis votre connexion.")
    advice: ClassVar[str] = gettext_noop("Revenez demain. Pour un envoi en nombre, demandez une clé de l’API.")


class LooksAutomatic(RequestError):
    """A field that nobody sees was filled."""

    code: ClassVar[str] = "visitor-robot"
    sentence: ClassVar[str] = gettext_noop("Ce message ressemble à celui d’un robot : il n’a pas été envoyé.")
    advice: ClassVar[str] = gettext_noop("Laissez vide le champ « Ne pas remplir ».")
