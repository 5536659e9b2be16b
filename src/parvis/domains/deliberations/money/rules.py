"""Amounts as people write them, what a link and a step must be: pure decisions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.privacy.names import names_a_person
from parvis.core.translation import gettext_noop

MOST_AMOUNTS = 50
MOST_LINKS = 200
MOST_STEPS = 100
LARGEST_CENTS = 10**14
_UNIT = re.compile(r"(?i)\s*(?:€|euros?|eur)\s*$")
_SPACES = re.compile(r"[\s\u00a0\u202f']+")
_THOUSANDS = re.compile(r"^-?\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?$", re.ASCII)
_NUMBER = re.compile(r"^-?\d+(?:\.\d{1,2})?$", re.ASCII)


class BadAmount(RequestError):
    """What was typed is no amount in euros."""

    code: ClassVar[str] = "act-amount"
    sentence: ClassVar[str] = gettext_noop("« {text} » n’est pas un montant en euros.")
    advice: ClassVar[str] = gettext_noop("Écrivez-le ainsi : 12 500 ou 12 500,50.")


class AmountsChanged(RequestError):
    """Somebody else changed the amounts of the act meanwhile."""

    code: ClassVar[str] = "act-amounts-changed"
    sentence: ClassVar[str] = gettext_noop(
        "Une autre personne a changé les montants de cet acte entre-temps. Rien n’a été enregistré."
    )
    advice: ClassVar[str] = gettext_noop("Comparez avec la liste à jour, puis enregistrez de nouveau.")


class SaysHidden(RequestError):
    """What is written beside an act is read by all, and says what the act hides."""

    code: ClassVar[str] = "act-says-hidden"
    sentence: ClassVar[str] = gettext_noop("« {word} » est occulté dans l’acte : cela ne s’écrit pas non plus à côté.")
    advice: ClassVar[str] = gettext_noop("Écrivez-le autrement, sans nommer la personne.")


class TooMuch(RequestError):
    """More amounts, links or steps than an act may have."""

    code: ClassVar[str] = "act-money-too-much"
    sentence: ClassVar[str] = gettext_noop("« {title} » en a déjà {limit}, le plus qu’un acte puisse avoir.")


class BadStep(RequestError):
    """A step that cannot be: before the act, or in the future."""

    code: ClassVar[str] = "act-step"
    sentence: ClassVar[str] = gettext_noop("Une suite date d’après l’acte, et d’aujourd’hui au plus tard.")


class LinksItself(RequestError):
    """An act linked to itself."""

    code: ClassVar[str] = "act-link-self"
    sentence: ClassVar[str] = gettext_noop("Un acte ne se lie pas à lui-même.")


@dataclass(frozen=True, slots=True)
class AmountFacts:
    """An amount as it is typed: cents, one of ``Amount.Purpose``, and texts."""

    cents: int
    purpose: str
    words: str = ""
    chapter: str = ""
    beneficiary: str = ""


def cents_of(text: str) -> int:
    """The cents of « 12 500,50 € », « 12.500 », « 12500.5 »; BadAmount.

    >>> cents_of("12 500,50 €")
    1250050
    """
    bare = _SPACES.sub("", _UNIT.sub("", text.strip())).replace("\u2212", "-")
    if _THOUSANDS.match(bare):
        bare = bare.replace(".", "")
    bare = bare.replace(",", ".")
    try:
        if not _NUMBER.match(bare):
            raise InvalidOperation
        cents = int(Decimal(bare) * 100)
    except InvalidOperation as error:
        raise BadAmount(text=text[:80]) from error
    if abs(cents) > LARGEST_CENTS:
        raise BadAmount(text=text[:80])
    return cents


def euros_text(cents: int) -> str:
    """« 12500,50 », as a form gives it back; the way to it is ``cents_of``."""
    euros, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{euros}{f',{rest:02d}' if rest else ''}"


def mark_of(amounts: Iterable[AmountFacts]) -> str:
    """Another once any of the amounts is."""
    return hashlib.sha256(repr([astuple(row) for row in amounts]).encode()).hexdigest()[:16]


def seems_a_person(text: str) -> bool:
    """Whether a beneficiary looks like the name of somebody: persons are not named."""
    return bool(text.strip()) and names_a_person(text)


def check_step(day: date, decided: date | None, today: date) -> None:
    """BadStep for a day before that of the act or after today."""
    if day > today or (decided is not None and day < decided):
        raise BadStep
