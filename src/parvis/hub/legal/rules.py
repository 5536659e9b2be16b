"""What a site must say by law, and what its accessibility may be called: pure decisions.

- Legal notice: loi n° 2004-575 (LCEN), article 1-1, as loi n° 2024-449 wrote it: name and seat of the body that publishes, a
  telephone number, who directs the publication (loi n° 82-652, article 93-2), name, address and telephone of the host.
- Accessibility: loi n° 2005-102, article 47, and décret n° 2019-768: a statement and its state told from the home page, what is
  not accessible, a contact, the Défenseur des droits; an audit is worth three years.
- Personal data: RGPD, article 13: who is responsible, the delegate, purposes, durations, rights, the CNIL.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

CRITERIA = 106
"""Criteria of the RGAA 4.1."""

AUDIT_YEARS = 3


class State(StrEnum):
    """What a statement calls a site, in the words of the RGAA."""

    NONE = "none"
    PARTIAL = "partial"
    TOTAL = "total"

    @property
    def words(self) -> Any:
        """As the law writes it."""
        return _STATES[self]


_STATES = {
    State.NONE: _("non conforme"),
    State.PARTIAL: _("partiellement conforme"),
    State.TOTAL: _("totalement conforme"),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """Something the law asks for: the field that holds it, what it is called, whether it can be missing, by which text."""

    field: str
    label: Any
    required: bool
    law: str


MENTIONS = (
    Mention("publisher", _("Éditeur"), True, "LCEN, art. 1-1"),
    Mention("siren", _("SIREN"), False, "LCEN, art. 1-1"),
    Mention("address", _("Adresse du siège"), True, "LCEN, art. 1-1"),
    Mention("phone", _("Téléphone"), True, "LCEN, art. 1-1"),
    Mention("email", _("Adresse électronique"), True, "décret 2019-768, art. 5"),
    Mention("director", _("Directeur ou directrice de la publication"), True, "loi 82-652, art. 93-2"),
    Mention("editor", _("Responsable de la rédaction"), False, "loi 82-652, art. 93-2"),
    Mention("host_name", _("Hébergeur"), True, "LCEN, art. 1-1"),
    Mention("host_address", _("Adresse de l’hébergeur"), True, "LCEN, art. 1-1"),
    Mention("host_phone", _("Téléphone de l’hébergeur"), True, "LCEN, art. 1-1"),
    Mention("dpo", _("Délégué à la protection des données"), True, "RGPD, art. 13 et 37"),
    Mention("accessibility_plan", _("Schéma pluriannuel d’accessibilité"), True, "loi 2005-102, art. 47"),
)
"""A row adds a mention; each is a field of the notice."""


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit by somebody: who, when, the share of the applicable criteria that are met, in percent."""

    by: str
    day: date
    rate: int

    def is_valid_on(self, today: date) -> bool:
        """Whether it is not older than three years."""
        limit = self.day.replace(year=self.day.year + AUDIT_YEARS, day=min(self.day.day, 28))
        return self.day <= today <= limit


def state_of(audit: Audit | None, today: date) -> State:
    """What a site is called: without a valid audit of the whole, « non conforme », whatever tools have found."""
    if audit is None or not audit.is_valid_on(today) or audit.rate < 50:
        return State.NONE
    return State.TOTAL if audit.rate == 100 else State.PARTIAL
