"""The sentences of what readers and the profiler notice, by code; placeholders are filled from the details of the note."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.staging import Note

SHOWN = 10
"""Values of a list shown in a sentence."""


@dataclass(frozen=True, slots=True)
class NoteWords:
    """What a note says, in French and English."""

    fr: str
    en: str


NOTES: dict[str, NoteWords] = {
    "preamble": NoteWords(
        "Des lignes au-dessus de l’en-tête ont été laissées de côté : {content}.",
        "Lines above the header were set aside: {content}.",
    ),
    "second-header": NoteWords(
        "La ligne {line} est un second en-tête : {names}. Elle a été laissée de côté.",
        "Line {line} is a second header: {names}. It was set aside.",
    ),
    "no-header": NoteWords(
        "Aucun en-tête reconnu : les colonnes sont numérotées.",
        "No header was recognised: the columns are numbered.",
    ),
    "other-sheets": NoteWords(
        "Feuille lue : « {read} ». Autres feuilles : {others}.", "Sheet read: “{read}”. Other sheets: {others}."
    ),
    "merged-cells": NoteWords(
        "{count} plages de cellules fusionnées : seule leur première cellule porte la valeur.",
        "{count} ranges of merged cells: only their first cell bears the value.",
    ),
    "error-cells": NoteWords(
        "{count} cellules contiennent une erreur de tableur : {cells}.",
        "{count} cells hold a spreadsheet error: {cells}.",
    ),
    "encoding-mixed": NoteWords(
        "Le fichier mélange deux encodages ; chaque ligne a été lue dans le sien.",
        "The file mixes two encodings; each line was read in its own.",
    ),
    "empty-columns-dropped": NoteWords(
        "{count} colonnes entièrement vides et sans nom ont été laissées de côté.",
        "{count} columns, wholly empty and without a name, were set aside.",
    ),
    "duplicate-keys": NoteWords(
        "{count} objets répètent une clé : la dernière valeur est gardée.",
        "{count} objects repeat a key: the last value is kept.",
    ),
    "not-a-number": NoteWords(
        "{count} valeurs NaN ou infinies ont été lues comme vides.",
        "{count} values that are NaN or infinite were read as empty.",
    ),
    "envelope-dropped": NoteWords(
        "Ce qui entoure la liste dans le fichier a été laissé de côté.",
        "What surrounds the list in the file was set aside.",
    ),
    "geometry-unreadable": NoteWords("{count} géométries sont illisibles.", "{count} geometries cannot be read."),
    "geometry-empty": NoteWords("{count} géométries sont vides.", "{count} geometries are empty."),
    "geometry-invalid": NoteWords(
        "{count} géométries sont mal formées ; elles sont gardées telles quelles.",
        "{count} geometries are malformed; they are kept as they are.",
    ),
    "projection-guessed": NoteWords(
        "Le fichier ne dit pas sa projection ; lue comme {crs}.",
        "The file does not say its projection; read as {crs}.",
    ),
    "short-lines": NoteWords(
        "{count} lignes ont moins de cellules que l’en-tête ; les dernières sont vides (lignes {lines}).",
        "{count} lines have fewer cells than the header; the last ones are empty (lines {lines}).",
    ),
    "empty-lines": NoteWords(
        "{count} lignes vides ont été passées (lignes {lines}).",
        "{count} empty lines were passed over (lines {lines}).",
    ),
    "quotes-mended": NoteWords(
        "{count} lignes ont des guillemets mal placés, qui ont pu être compris (lignes {lines}).",
        "{count} lines have misplaced quotes, which could be understood (lines {lines}).",
    ),
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
    details = {name: _listed(value) for name, value in note.details.items()}
    return (words.fr if language.startswith("fr") else words.en).format_map(_Details(details))


def _listed(value: object) -> object:
    """A list as its first values, in one line."""
    if not isinstance(value, list | tuple):
        return value
    shown = [", ".join(map(str, part)) if isinstance(part, list | tuple) else str(part) for part in value[:SHOWN]]
    return ", ".join(shown) + ("…" if len(value) > SHOWN else "")


class _Details(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"
