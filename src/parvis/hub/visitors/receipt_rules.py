"""What somebody without an account is shown of what they sent: pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.rules import Actor
from parvis.hub.registry import modules

if TYPE_CHECKING:
    from django.db.models import Model

VISITOR = Actor("visiteur", everything=True)
"""In whose name the journal notes what people without an account send; services check what it is before."""


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What the page of a receipt says: what was sent, where it is in its life, and what was answered."""

    title: str
    state: str
    address: str = ""
    """Where anybody reads it; empty while nobody does."""
    lines: tuple[str, ...] = ()
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptKind:
    """A kind of thing that people without an account send; every function is given the row."""

    slug: str
    """Unique, 40 signs at most; the kind of mails that tell of it has the same."""
    about: type[Model]
    label: Any
    """In words that follow « votre »: « demande de données »."""
    facts: Callable[[Any], ReceiptFacts]
    receive: Callable[[Any], None]
    """Called once: when it is sent, or when who sent it without JavaScript confirmed their address."""
    erase: Callable[[Any], None]
    """Leave nothing of what was written."""
    sign_off: Callable[[Any], None] | None = None
    """Leave nothing of who signed it."""


def receipt_kinds() -> dict[str, ReceiptKind]:
    """Those of every module, by slug."""
    return {kind.slug: kind for module in modules() for kind in module.receipts}


class SignatureRefused(RequestError):
    """A signature that is an address or a number."""

    code: ClassVar[str] = "visitor-signature"
    sentence: ClassVar[str] = gettext_noop(
        "La signature est montrée à tous : elle ne contient ni adresse, ni téléphone, ni lien."
    )
    advice: ClassVar[str] = gettext_noop("Écrivez un prénom, un pseudonyme ou le nom de votre association.")


class DecidedMeanwhile(RequestError):
    """Two moderators at once."""

    code: ClassVar[str] = "visitor-decided"
    sentence: ClassVar[str] = gettext_noop("« {title} » a changé pendant que vous le lisiez : {state}.")
    advice: ClassVar[str] = gettext_noop("Rien de ce que l’autre personne a fait n’est perdu ; relisez, puis décidez.")


class ReasonNeeded(RequestError):
    """What is refused or hidden is so for a reason, which is shown."""

    code: ClassVar[str] = "visitor-reason"
    sentence: ClassVar[str] = gettext_noop("Dites pourquoi : la raison est montrée à la personne qui a écrit.")
    advice: ClassVar[str] = gettext_noop("Par exemple : « ce message nomme une personne ».")
