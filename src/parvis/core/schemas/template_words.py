"""The words of the spreadsheet to fill."""

from __future__ import annotations

from parvis.core.schemas.model import Field
from parvis.core.translation import gettext_noop, translate

WORDS: dict[str, str] = {
    "data": gettext_noop("Données"),
    "example": gettext_noop("Exemple"),
    "explanation": gettext_noop("Explications"),
    "lists": gettext_noop("Listes"),
    "column": gettext_noop("Colonne"),
    "title": gettext_noop("Titre"),
    "required": gettext_noop("Obligatoire"),
    "yes": gettext_noop("oui"),
    "no": gettext_noop("non"),
    "type": gettext_noop("Ce qu’il faut écrire"),
    "values": gettext_noop("Valeurs possibles"),
    "sample": gettext_noop("Exemple\u00a0: {sample}"),
    "description": gettext_noop("Description"),
    "required_note": gettext_noop("Obligatoire."),
    "optional_note": gettext_noop("Facultatif."),
    "choose": gettext_noop("Choisissez une valeur de la liste."),
    "not_listed": gettext_noop("Valeur hors de la liste"),
    "not_date": gettext_noop("Ce n’est pas une date"),
    "not_number": gettext_noop("Ce n’est pas un nombre permis"),
    "check": gettext_noop("Vérifiez la valeur : le schéma attend {expected}."),
    "intro": gettext_noop(
        "Remplissez la feuille « Données », une ligne par enregistrement. Les colonnes en couleur sont obligatoires. Ne changez pas les noms des colonnes : posez la souris sur un nom pour lire son explication."
    ),
    "schema": gettext_noop("Schéma"),
    "version": gettext_noop("version"),
}

TYPES: dict[str, str] = {
    "string": gettext_noop("un texte"),
    "string:email": gettext_noop("une adresse électronique"),
    "string:uri": gettext_noop("une adresse web, avec https://"),
    "string:uuid": gettext_noop("un identifiant UUID"),
    "integer": gettext_noop("un nombre entier"),
    "number": gettext_noop("un nombre"),
    "boolean": gettext_noop("oui ou non"),
    "date": gettext_noop("une date AAAA-MM-JJ"),
    "datetime": gettext_noop("une date et son heure, AAAA-MM-JJTHH:MM:SS"),
    "time": gettext_noop("une heure HH:MM:SS"),
    "year": gettext_noop("une année sur quatre chiffres"),
    "yearmonth": gettext_noop("un mois AAAA-MM"),
    "geopoint": gettext_noop("longitude,latitude, en degrés"),
    "geopoint:array": gettext_noop("[longitude,latitude], en degrés"),
    "geojson": gettext_noop("une géométrie GeoJSON"),
    "array": gettext_noop("une liste JSON"),
    "object": gettext_noop("un objet JSON"),
    "any": gettext_noop("ce que vous voulez"),
}

CONSTRAINTS: dict[str, str] = {
    "minLength": gettext_noop("au moins {limit} caractères"),
    "maxLength": gettext_noop("au plus {limit} caractères"),
    "minimum": gettext_noop("au moins {limit}"),
    "maximum": gettext_noop("au plus {limit}"),
    "unique": gettext_noop("une valeur différente à chaque ligne"),
}


def word(name: str, language: str) -> str:
    """A word of the spreadsheet in the language."""
    return translate(WORDS[name], language)


def expected(item: Field, language: str) -> str:
    """What a field wants, in a few words: its type, then its limits."""
    kind = TYPES.get(f"{item.type}:{item.format}") or TYPES.get(item.type) or TYPES["string"]
    if item.type == "date" and item.format == "%Y":
        kind = TYPES["year"]
    parts = [translate(kind, language)]
    for name, limit in CONSTRAINTS.items():
        if item.constraints.get(name) not in (None, False):
            parts.append(translate(limit, language, limit=item.constraints[name]))
    return ", ".join(parts)
