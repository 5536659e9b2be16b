"""The readings there are: one row for each way in which a cell may have to be put right."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.readings.codes import read_code, read_phone
from parvis.core.readings.dates import read_date, read_period, read_year
from parvis.core.readings.model import Read
from parvis.core.readings.numbers import read_number
from parvis.core.readings.places import read_point
from parvis.core.readings.text_values import (
    read_boolean,
    read_case,
    read_choice,
    read_email,
    read_missing,
    read_slash,
    read_trimmed,
    read_web,
)
from parvis.core.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class Reading:
    """One row: a stable name, what it does, and the function that does it."""

    name: str
    label: str
    read: Read


READINGS: dict[str, Reading] = {
    row.name: row
    for row in (
        Reading("date", gettext_noop("Écrire les dates comme le schéma les veut"), read_date),
        Reading("year", gettext_noop("Écrire l’année sur quatre chiffres"), read_year),
        Reading("period", gettext_noop("Écrire les périodes avec des dates AAAA-MM-JJ"), read_period),
        Reading("number", gettext_noop("Écrire les nombres sans espace et avec la bonne décimale"), read_number),
        Reading("code", gettext_noop("Rendre aux codes leurs zéros et leurs chiffres"), read_code),
        Reading("phone", gettext_noop("Écrire les numéros de téléphone en entier"), read_phone),
        Reading("boolean", gettext_noop("Écrire oui et non comme le schéma les veut"), read_boolean),
        Reading("choice", gettext_noop("Remplacer par la valeur de la liste"), read_choice),
        Reading("case", gettext_noop("Mettre les majuscules où le schéma les veut"), read_case),
        Reading("trim", gettext_noop("Retirer les espaces autour des valeurs"), read_trimmed),
        Reading("slash", gettext_noop("Retirer les espaces autour des barres"), read_slash),
        Reading("missing", gettext_noop("Vider les cellules qui disent « rien »"), read_missing),
        Reading("web", gettext_noop("Ajouter https:// aux adresses web"), read_web),
        Reading("email", gettext_noop("Ne garder que l’adresse électronique"), read_email),
        Reading("point", gettext_noop("Écrire les coordonnées dans l’ordre et la forme voulus"), read_point),
    )
}  # fmt: skip
"""Every reading by its name."""
