"""The sentences of what the profiler notices, by code; placeholders are filled from the details of the note."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.staging import Note


@dataclass(frozen=True, slots=True)
class NoteWords:
    """What a note says, in French and English."""

    fr: str
    en: str


NOTES: dict[str, NoteWords] = {
    "mostly": NoteWords(
        "{misfits} valeurs sur {filled} ne suivent pas la lecture « {parser} » : la colonne reste du texte.",
        "{misfits} of {filled} values do not follow the reading “{parser}”: the column stays text.",
    ),
    "swapped-coordinates": NoteWords(
        "Latitude et longitude semblent inversées : les points tombent hors de France. Lecture proposée : « {proposed} ».",
        "Latitude and longitude seem swapped: the points fall outside France. Proposed reading: “{proposed}”.",
    ),
    "coordinate-order": NoteWords(
        "L’ordre des coordonnées est incertain ; lecture retenue : « {taken} ». Vérifiez la carte.",
        "The order of the coordinates is uncertain; reading taken: “{taken}”. Check the map.",
    ),
    "projected-coordinates": NoteWords(
        "Coordonnées lues en {system} (EPSG:{epsg}) et converties en WGS 84.",
        "Coordinates read as {system} (EPSG:{epsg}) and converted to WGS 84.",
    ),
    "points-missing": NoteWords(
        "{count} lignes n’ont pas de point : coordonnées absentes ou hors limites.",
        "{count} rows have no point: coordinates absent or out of bounds.",
    ),
    "naive-datetime": NoteWords(
        "Ces heures ne disent pas leur fuseau : elles sont prises en temps universel (UTC).",
        "These times do not say their zone: they are taken as UTC.",
    ),
    "two-digit-years": NoteWords(
        "Années sur deux chiffres : 69 à 99 sont lues 1969 à 1999, 00 à 68 sont lues 2000 à 2068.",
        "Two-digit years: 69 to 99 are read as 1969 to 1999, 00 to 68 as 2000 to 2068.",
    ),
    "month-first-dates": NoteWords(
        "Dates lues à l’américaine, mois d’abord : aucune autre lecture ne convient à toute la colonne.",
        "Dates read month first: no other reading fits the whole column.",
    ),
    "siret-rounded": NoteWords(
        "Des identifiants ont été arrondis par un tableur (« {example} ») : leurs derniers chiffres sont perdus. Le texte est gardé.",
        "Identifiers were rounded by a spreadsheet (“{example}”): their last digits are lost. The text is kept.",
    ),
    "identifiers-invalid": NoteWords(
        "{count} valeurs ne sont pas des identifiants valides ({kind}), par exemple « {example} ».",
        "{count} values are not valid identifiers ({kind}), such as “{example}”.",
    ),
    "leading-zeros-lost": NoteWords(
        "Des codes ont perdu leur zéro initial, par exemple « {example} ». Le texte est gardé tel quel.",
        "Codes have lost their leading zero, such as “{example}”. The text is kept as it is.",
    ),
    "personal-nir": NoteWords(
        "Cette colonne ressemble à des numéros de sécurité sociale : une donnée personnelle, à ne pas publier.",
        "This column looks like social security numbers: personal data, not to be published.",
    ),
    "override-unknown": NoteWords(
        "Une correction vise la colonne « {column} », absente de ce fichier.",
        "A correction is about column “{column}”, absent from this file.",
    ),
    "kept-as-text": NoteWords(
        "{count} valeurs ne convenaient pas : la colonne est gardée en texte, comme demandé.",
        "{count} values did not fit: the column is kept as text, as asked.",
    ),
    "cells-nulled": NoteWords(
        "{count} cellules ont été vidées, comme demandé ; leur contenu d’origine est conservé à part.",
        "{count} cells were emptied, as asked; what they held is kept aside.",
    ),
}


def sentence(note: Note, language: str = "fr") -> str:
    """The note in words; its code when it is not one of ours."""
    words = NOTES.get(note.code)
    if words is None:
        return note.code
    return (words.fr if language.startswith("fr") else words.en).format_map(_Details(note.details))


class _Details(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"
