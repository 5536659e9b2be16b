"""What names an act for ever, what the law asks and when, who is in office: pure decisions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from parvis.core.errors import NotFound, RequestError
from parvis.core.text import fold
from parvis.core.translation import gettext_noop

LIST_WITHIN = timedelta(days=7)
"""From the sitting to the list of the deliberations examined (CGCT L2121-25)."""
MINUTES_WITHIN = timedelta(days=7)
"""From the approval of the minutes to their publication (CGCT L2121-15)."""
ONLINE_AT_LEAST = timedelta(days=61)
"""An act stays online at least two months (CGCT R2131-1); here it is not taken away, but for a withdrawal that leaves its trace."""
LONGEST_ADDRESS = 80
NATURE_OF_KIND = {"deliberation": "DE", "decision": "AU", "order": "AR", "agreement": "CC", "budget": "BF"}
"""The nature of @ctes that a kind usually has."""
STATED = frozenset({"deliberation", "decision", "order", "agreement", "budget"})
"""Kinds that decide something: they have a number, a signatory and a nature; the others tell of sittings."""


class NotReady(RequestError):
    """Something is missing before an act goes online."""

    code: ClassVar[str] = "act-not-ready"
    sentence: ClassVar[str] = gettext_noop("« {title} » ne peut pas encore être mis en ligne : {missing}.")
    advice: ClassVar[str] = gettext_noop("Complétez-le, confirmez-le, puis mettez-le en ligne.")


class ActIsSealed(RequestError):
    """What an act that is online states does not change."""

    code: ClassVar[str] = "act-sealed"
    sentence: ClassVar[str] = gettext_noop("« {title} » est en ligne : ce qu’il dit ne change plus.")
    advice: ClassVar[str] = gettext_noop("Déposez un acte rectificatif, qui le nommera.")


class NotWithdrawn(RequestError):
    """An act that was online does not vanish: its withdrawal is said."""

    code: ClassVar[str] = "act-vanishes"
    sentence: ClassVar[str] = gettext_noop("« {title} » a été publié : il ne peut pas disparaître sans trace.")
    advice: ClassVar[str] = gettext_noop("Retirez-le par « Retirer l’acte », en disant pourquoi ; sa page le dira.")


class NotOnline(RequestError):
    """Only what was online is withdrawn."""

    code: ClassVar[str] = "act-not-online"
    sentence: ClassVar[str] = gettext_noop("« {title} » n’est pas en ligne : il n’y a rien à retirer.")
    advice: ClassVar[str] = gettext_noop("Un brouillon se supprime ; un acte retiré l’est pour toujours.")


class SameAct(RequestError):
    """Two acts would have the same permanent address."""

    code: ClassVar[str] = "act-same"
    sentence: ClassVar[str] = gettext_noop(
        "« {title} » a la date, le numéro et la nature de « {other} », qui est déjà en ligne."
    )
    advice: ClassVar[str] = gettext_noop(
        "Corrigez son numéro ; ou choisissez « Corrige l’acte », si c’est un rectificatif."
    )


class ActDoubtful(RequestError):
    """What is said of an act does not hold together."""

    code: ClassVar[str] = "act-doubtful"
    sentence: ClassVar[str] = gettext_noop("« {title} » : {problems}")
    advice: ClassVar[str] = gettext_noop("Corrigez, ou cochez « Je confirme malgré tout » si l’acte le dit ainsi.")


class ActWithdrawn(NotFound):
    """What was online and is no longer: its page says when it was and why it went, and nothing of what it said."""

    code: ClassVar[str] = "act-withdrawn"
    status: ClassVar[int] = 410
    sentence: ClassVar[str] = gettext_noop(
        "Un acte de « {organisation} » daté du {day} a été retiré le {withdrawn} {reason}."
    )
    advice: ClassVar[str] = gettext_noop(
        "Demandez-le à l’organisation qui l’a pris : elle dira ce qui peut vous en être communiqué."
    )


@dataclass(frozen=True, slots=True)
class Identity:
    """What names an act: the SIREN of who decides (or its slug), its day, its number, its nature."""

    authority: str
    day: date
    number: str
    nature: str


def address_of(identity: Identity) -> str:
    """The last part of its permanent address, in the manner of ELI: ``219102281-20260115-2026-014-de``.

    It is what a télétransmission stamp says, less the department; numbers are folded to letters, digits and hyphens.
    """
    number = re.sub(r"[^a-z0-9]+", "-", fold(identity.number)).strip("-")
    parts = [identity.authority, identity.day.strftime("%Y%m%d"), number, identity.nature.lower()]
    return "-".join(part for part in parts if part)[:LONGEST_ADDRESS].strip("-")


COUNCILS = {
    "commune": "Conseil municipal",
    "epci": "Conseil communautaire",
    "departement": "Conseil départemental",
    "region": "Conseil régional",
}


def council_name(kind: str) -> str:
    """What the assembly of a kind of organisation is called."""
    return COUNCILS.get(kind, "Assemblée délibérante")


def is_in_office(since: date | None, until: date | None, day: date) -> bool:
    """Whether a mandate runs on a day; open ends run for ever."""
    return (since is None or since <= day) and (until is None or day <= until)


def list_is_late(held_on: date, published_on: date | None, today: date) -> bool:
    """Whether the list of the deliberations examined was, or is, late."""
    return (published_on or today) > held_on + LIST_WITHIN


def amount_words(cents: int) -> str:
    """« 1 234,50 € », in French: narrow no-break spaces between thousands, no cents when there are none."""
    euros, rest = divmod(abs(cents), 100)
    whole = f"{euros:,}".replace(",", "\u202f")
    return f"{'-' if cents < 0 else ''}{whole}{f',{rest:02d}' if rest else ''}\u00a0€"
