"""What a proposal does, in French and English: one row a code and variant."""

from __future__ import annotations

from parvis.core.mending.model import Proposal
from parvis.core.profiling.territory import PROJECTIONS
from parvis.core.readings.model import Certainty
from parvis.core.readings.table import READINGS

VARIANTS: dict[str, tuple[str, str]] = {
    "date|day-month-year": ("Dates « jour/mois/année »", "Dates “day/month/year”"),
    "date|month-day-year": ("Dates « mois/jour/année », à l’américaine", "Dates “month/day/year”"),
    "date|year-month-day": ("Dates « année/mois/jour » à compléter", "Dates “year/month/day” to complete"),
    "date|year-day-month": ("Dates « année-jour-mois »", "Dates “year-day-month”"),
    "date|day-month-short-year": ("Dates dont l’année n’a que deux chiffres", "Dates whose year has only two digits"),
    "date|month-day-short-year": ("Dates à l’américaine dont l’année n’a que deux chiffres", "American dates whose year has only two digits"),
    "date|words": ("Dates en toutes lettres", "Dates in words"),
    "date|compact": ("Dates sans séparateur", "Dates without separator"),
    "date|spreadsheet-number": ("Nombres qui sont des dates pour un tableur", "Numbers that are dates for a spreadsheet"),
    "date|date-and-time": ("Dates suivies d’une heure, qui serait retirée", "Dates followed by a time, which would be removed"),
    "date|day-first|month-first": ("Dates ambiguës : le jour ou le mois d’abord ?", "Ambiguous dates: day or month first?"),
    "date|day-first": ("Dates ambiguës, le jour d’abord", "Ambiguous dates, day first"),
    "date|month-first": ("Dates ambiguës, le mois d’abord", "Ambiguous dates, month first"),
    "year|year": ("Années suivies de « ,0 »", "Years followed by “.0”"),
    "year|year-of-date": ("Dates dont seule l’année est demandée", "Dates of which only the year is wanted"),
    "period|period": ("Périodes à écrire date/date", "Periods to write date/date"),
    "number|decimal-comma": ("Nombres à virgule", "Numbers with a comma"),
    "number|blanks": ("Nombres avec des espaces entre les milliers", "Numbers with blanks between thousands"),
    "number|dots": ("Nombres avec des points entre les milliers", "Numbers with dots between thousands"),
    "number|english": ("Nombres à l’anglaise", "Numbers as English writes them"),
    "number|plain": ("Nombres à mettre au propre", "Numbers to tidy"),
    "number|unit": ("Nombres suivis d’une unité", "Numbers followed by a unit"),
    "number|percent": ("Pourcentages à écrire entre 0 et 1", "Percentages to write between 0 and 1"),
    "number|decimal-comma|thousands": ("Virgule décimale, ou milliers ?", "Decimal comma, or thousands?"),
    "code|leading-zero": ("Codes qui ont perdu leur zéro", "Codes that lost their zero"),
    "code|blanks": ("Codes coupés par des espaces ou des signes", "Codes cut by blanks or signs"),
    "code|number": ("Codes devenus des nombres (« ,0 »)", "Codes that became numbers (“.0”)"),
    "code|rounded": ("Numéros arrondis par un tableur : perdus", "Numbers rounded by a spreadsheet: lost"),
    "phone|leading-zero": ("Téléphones qui ont perdu leur zéro", "Telephone numbers that lost their zero"),
    "phone|blanks": ("Téléphones à mettre au propre", "Telephone numbers to tidy"),
    "boolean|word": ("Oui et non en toutes lettres", "Yes and no in words"),
    "choice|spelling": ("Valeurs de la liste, mal orthographiées", "Values of the list, spelt otherwise"),
    "choice|close": ("Valeurs proches d’une valeur de la liste", "Values close to a value of the list"),
    "case|capitals": ("Majuscules à remettre au début des mots", "Capitals to put at the beginning of words"),
    "case|small": ("Majuscules à retirer", "Capitals to remove"),
    "case|large": ("Valeurs à mettre en majuscules", "Values to put in capitals"),
    "trim|blanks": ("Espaces autour des valeurs", "Blanks around values"),
    "trim|quotes": ("Guillemets restés autour des valeurs", "Quotes left around values"),
    "slash|blanks": ("Espaces ou apostrophes autour des barres", "Blanks or quotes around slashes"),
    "missing|mark": ("Marques qui veulent dire « rien »", "Marks that mean “nothing”"),
    "web|scheme": ("Adresses web sans https://", "Web addresses without https://"),
    "email|bare": ("Adresses électroniques à mettre au propre", "E-mail addresses to tidy"),
    "point|swapped": ("Longitude et latitude échangées", "Longitude and latitude exchanged"),
    "point|form": ("Coordonnées à écrire autrement", "Coordinates to write otherwise"),
    "point|longitude-first|latitude-first": ("Longitude ou latitude d’abord ?", "Longitude or latitude first?"),
    "swap|swapped": ("Longitude et latitude échangées", "Longitude and latitude exchanged"),
    "headers|signs": ("Nom de colonne, aux majuscules et aux signes près", "Column name, but for case and signs"),
    "headers|close": ("Nom de colonne proche d’un champ du schéma", "Column name close to a field of the schema"),
    "empty_rows|empty": ("Lignes vides", "Empty rows"),
    "empty_columns|empty": ("Colonnes vides et sans nom", "Empty columns without a name"),
    "identical_rows|identical": ("Lignes répétées à l’identique", "Rows repeated word for word"),
}  # fmt: skip

CERTAINTIES: dict[Certainty, tuple[str, str]] = {
    Certainty.SURE: ("sûr", "sure"),
    Certainty.LIKELY: ("à vérifier", "to check"),
    Certainty.CHOICE: ("à vous de choisir", "yours to choose"),
    Certainty.LOST: ("perdu", "lost"),
}

CHOICES: dict[str, tuple[str, str]] = {
    "day-first": ("Le jour d’abord : jour/mois/année", "Day first: day/month/year"),
    "month-first": ("Le mois d’abord : mois/jour/année", "Month first: month/day/year"),
    "decimal-comma": ("La virgule sépare les décimales", "The comma stands before decimals"),
    "thousands": ("La virgule sépare les milliers", "The comma stands between thousands"),
    "longitude-first": ("La longitude d’abord", "Longitude first"),
    "latitude-first": ("La latitude d’abord", "Latitude first"),
}  # fmt: skip

_METRES = (
    "Coordonnées en mètres ({system}), à mettre en degrés",
    "Coordinates in metres ({system}), to bring to degrees",
)


def _said(pair: tuple[str, str], language: str) -> str:
    if not language.startswith("fr"):
        return pair[1]
    text = pair[0]
    for plain, typeset in (("« ", "«\u00a0"), (" »", "\u00a0»"), (" :", "\u00a0:"), (" ?", "\u202f?")):
        text = text.replace(plain, typeset)
    return text


def proposal_text(proposal: Proposal, language: str = "fr") -> str:
    """A few words that say what the proposal is about."""
    if proposal.code in ("project", "project_point"):
        label = next((p.label for p in PROJECTIONS if p.name == proposal.variant), proposal.variant)
        return _said(_METRES, language).format(system=label)
    row = VARIANTS.get(f"{proposal.code}|{proposal.variant}")
    if row is None:
        reading = READINGS.get(proposal.code)
        row = (reading.fr, reading.en) if reading else (proposal.code, proposal.code)
    return _said(row, language)


def choice_text(variant: str, language: str = "fr") -> str:
    """One of the meanings to choose from, in words; a value of a list is itself."""
    return _said(CHOICES.get(variant, (variant, variant)), language)


def certainty_text(certainty: Certainty, language: str = "fr") -> str:
    """How sure a proposal is, in words."""
    return _said(CERTAINTIES[certainty], language)
