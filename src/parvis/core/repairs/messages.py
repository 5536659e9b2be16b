"""What a proposal does: one row a code and variant."""

from __future__ import annotations

from parvis.core.profiling.territory import PROJECTIONS
from parvis.core.readings.model import Certainty
from parvis.core.readings.table import READINGS
from parvis.core.repairs.model import Proposal
from parvis.core.translation import gettext_noop, typeset

VARIANTS: dict[str, str] = {
    "date|day-month-year": gettext_noop("Dates « jour/mois/année »"),
    "date|month-day-year": gettext_noop("Dates « mois/jour/année », à l’américaine"),
    "date|year-month-day": gettext_noop("Dates « année/mois/jour » à compléter"),
    "date|year-day-month": gettext_noop("Dates « année-jour-mois »"),
    "date|day-month-short-year": gettext_noop("Dates dont l’année n’a que deux chiffres"),
    "date|month-day-short-year": gettext_noop("Dates à l’américaine dont l’année n’a que deux chiffres"),
    "date|words": gettext_noop("Dates en toutes lettres"),
    "date|compact": gettext_noop("Dates sans séparateur"),
    "date|spreadsheet-number": gettext_noop("Nombres qui sont des dates pour un tableur"),
    "date|date-and-time": gettext_noop("Dates suivies d’une heure, qui serait retirée"),
    "date|day-first|month-first": gettext_noop("Dates ambiguës : le jour ou le mois d’abord ?"),
    "date|day-first": gettext_noop("Dates ambiguës, le jour d’abord"),
    "date|month-first": gettext_noop("Dates ambiguës, le mois d’abord"),
    "year|year": gettext_noop("Années suivies de « ,0 »"),
    "year|year-of-date": gettext_noop("Dates dont seule l’année est demandée"),
    "period|period": gettext_noop("Périodes à écrire date/date"),
    "number|decimal-comma": gettext_noop("Nombres à virgule"),
    "number|blanks": gettext_noop("Nombres avec des espaces entre les milliers"),
    "number|dots": gettext_noop("Nombres avec des points entre les milliers"),
    "number|english": gettext_noop("Nombres à l’anglaise"),
    "number|plain": gettext_noop("Nombres à mettre au propre"),
    "number|unit": gettext_noop("Nombres suivis d’une unité"),
    "number|percent": gettext_noop("Pourcentages à écrire entre 0 et 1"),
    "number|decimal-comma|thousands": gettext_noop("Virgule décimale, ou milliers ?"),
    "code|leading-zero": gettext_noop("Codes qui ont perdu leur zéro"),
    "code|blanks": gettext_noop("Codes coupés par des espaces ou des signes"),
    "code|number": gettext_noop("Codes devenus des nombres (« ,0 »)"),
    "code|rounded": gettext_noop("Numéros arrondis par un tableur : perdus"),
    "phone|leading-zero": gettext_noop("Téléphones qui ont perdu leur zéro"),
    "phone|blanks": gettext_noop("Téléphones à mettre au propre"),
    "boolean|word": gettext_noop("Oui et non en toutes lettres"),
    "choice|spelling": gettext_noop("Valeurs de la liste, mal orthographiées"),
    "choice|close": gettext_noop("Valeurs proches d’une valeur de la liste"),
    "case|capitals": gettext_noop("Majuscules à remettre au début des mots"),
    "case|small": gettext_noop("Majuscules à retirer"),
    "case|large": gettext_noop("Valeurs à mettre en majuscules"),
    "trim|blanks": gettext_noop("Espaces autour des valeurs"),
    "trim|quotes": gettext_noop("Guillemets restés autour des valeurs"),
    "slash|blanks": gettext_noop("Espaces ou apostrophes autour des barres"),
    "missing|mark": gettext_noop("Marques qui veulent dire « rien »"),
    "web|scheme": gettext_noop("Adresses web sans https://"),
    "email|bare": gettext_noop("Adresses électroniques à mettre au propre"),
    "point|swapped": gettext_noop("Longitude et latitude échangées"),
    "point|form": gettext_noop("Coordonnées à écrire autrement"),
    "point|longitude-first|latitude-first": gettext_noop("Longitude ou latitude d’abord ?"),
    "swap|swapped": gettext_noop("Longitude et latitude échangées"),
    "headers|signs": gettext_noop("Nom de colonne, aux majuscules et aux signes près"),
    "headers|close": gettext_noop("Nom de colonne proche d’un champ du schéma"),
    "empty_rows|empty": gettext_noop("Lignes vides"),
    "empty_columns|empty": gettext_noop("Colonnes vides et sans nom"),
    "identical_rows|identical": gettext_noop("Lignes répétées à l’identique"),
}  # fmt: skip

CERTAINTIES: dict[Certainty, str] = {
    Certainty.SURE: gettext_noop("sûr"),
    Certainty.LIKELY: gettext_noop("à vérifier"),
    Certainty.CHOICE: gettext_noop("à vous de choisir"),
    Certainty.LOST: gettext_noop("perdu"),
}

CHOICES: dict[str, str] = {
    "day-first": gettext_noop("Le jour d’abord : jour/mois/année"),
    "month-first": gettext_noop("Le mois d’abord : mois/jour/année"),
    "decimal-comma": gettext_noop("La virgule sépare les décimales"),
    "thousands": gettext_noop("La virgule sépare les milliers"),
    "longitude-first": gettext_noop("La longitude d’abord"),
    "latitude-first": gettext_noop("La latitude d’abord"),
}  # fmt: skip

_METRES = gettext_noop("Coordonnées en mètres ({system}), à mettre en degrés")


def proposal_text(proposal: Proposal, language: str = "fr") -> str:
    """A few words that say what the proposal is about."""
    if proposal.code in ("project", "project_point"):
        label = next((p.label for p in PROJECTIONS if p.name == proposal.variant), proposal.variant)
        return typeset(_METRES, language).format(system=label)
    row = VARIANTS.get(f"{proposal.code}|{proposal.variant}")
    if row is None:
        reading = READINGS.get(proposal.code)
        row = reading.label if reading else proposal.code
    return typeset(row, language)


def choice_text(variant: str, language: str = "fr") -> str:
    """One of the meanings to choose from, in words; a value of a list is itself."""
    return typeset(CHOICES[variant], language) if variant in CHOICES else variant


def certainty_text(certainty: Certainty, language: str = "fr") -> str:
    """How sure a proposal is, in words."""
    return typeset(CERTAINTIES[certainty], language)
