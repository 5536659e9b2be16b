"""The readings there are: one row for each way in which a cell may have to be put right."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.readings.codes import read_code, read_phone
from parvis.core.readings.dates import read_date, read_period, read_year
from parvis.core.readings.model import Read
from parvis.core.readings.numbers import read_number
from parvis.core.readings.places import read_point
from parvis.core.readings.words import (
    read_boolean,
    read_case,
    read_choice,
    read_email,
    read_missing,
    read_slash,
    read_trimmed,
    read_web,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One row: a stable name, what it does in French and English, and the function that does it."""

    name: str
    fr: str
    en: str
    read: Read


READINGS: dict[str, Reading] = {
    row.name: row
    for row in (
        Reading("date", "Écrire les dates comme le schéma les veut", "Write dates as the schema wants them", read_date),
        Reading("year", "Écrire l’année sur quatre chiffres", "Write the year in four digits", read_year),
        Reading("period", "Écrire les périodes avec des dates AAAA-MM-JJ", "Write periods with YYYY-MM-DD dates", read_period),
        Reading("number", "Écrire les nombres sans espace et avec la bonne décimale", "Write numbers without blanks and with the right decimal sign", read_number),
        Reading("code", "Rendre aux codes leurs zéros et leurs chiffres", "Give codes their zeros and digits back", read_code),
        Reading("phone", "Écrire les numéros de téléphone en entier", "Write telephone numbers in full", read_phone),
        Reading("boolean", "Écrire oui et non comme le schéma les veut", "Write yes and no as the schema wants them", read_boolean),
        Reading("choice", "Remplacer par la valeur de la liste", "Replace by the value of the list", read_choice),
        Reading("case", "Mettre les majuscules où le schéma les veut", "Put capitals where the schema wants them", read_case),
        Reading("trim", "Retirer les espaces autour des valeurs", "Remove blanks around values", read_trimmed),
        Reading("slash", "Retirer les espaces autour des barres", "Remove blanks around slashes", read_slash),
        Reading("missing", "Vider les cellules qui disent « rien »", "Empty the cells that say “nothing”", read_missing),
        Reading("web", "Ajouter https:// aux adresses web", "Add https:// to web addresses", read_web),
        Reading("email", "Ne garder que l’adresse électronique", "Keep the e-mail address only", read_email),
        Reading("point", "Écrire les coordonnées dans l’ordre et la forme voulus", "Write coordinates in the order and form wanted", read_point),
    )
}  # fmt: skip
"""Every reading by its name."""
