"""The words of the spreadsheet to fill, in French and English."""

from __future__ import annotations

from parvis.core.schemas.model import Field

WORDS: dict[str, tuple[str, str]] = {
    "data": ("Données", "Data"),
    "example": ("Exemple", "Example"),
    "explanation": ("Explications", "Explanations"),
    "lists": ("Listes", "Lists"),
    "column": ("Colonne", "Column"),
    "title": ("Titre", "Title"),
    "required": ("Obligatoire", "Required"),
    "yes": ("oui", "yes"),
    "no": ("non", "no"),
    "type": ("Ce qu’il faut écrire", "What to write"),
    "values": ("Valeurs possibles", "Possible values"),
    "sample": ("Exemple", "Example"),
    "description": ("Description", "Description"),
    "required_note": ("Obligatoire.", "Required."),
    "optional_note": ("Facultatif.", "Optional."),
    "choose": ("Choisissez une valeur de la liste.", "Choose a value of the list."),
    "not_listed": ("Valeur hors de la liste", "Value outside the list"),
    "not_date": ("Ce n’est pas une date", "This is not a date"),
    "not_number": ("Ce n’est pas un nombre permis", "This is not a number allowed"),
    "check": ("Vérifiez la valeur : le schéma attend {expected}.", "Check the value: the schema expects {expected}."),
    "intro": (
        "Remplissez la feuille « Données », une ligne par enregistrement. Les colonnes en couleur sont obligatoires. Ne changez pas les noms des colonnes : posez la souris sur un nom pour lire son explication.",
        "Fill the sheet “Data”, one row a record. Coloured columns are required. Do not change the names of columns: rest the mouse on a name to read its explanation.",
    ),
    "schema": ("Schéma", "Schema"),
    "version": ("version", "version"),
}

TYPES: dict[str, tuple[str, str]] = {
    "string": ("un texte", "a text"),
    "string:email": ("une adresse électronique", "an e-mail address"),
    "string:uri": ("une adresse web, avec https://", "a web address, with https://"),
    "string:uuid": ("un identifiant UUID", "a UUID"),
    "integer": ("un nombre entier", "a whole number"),
    "number": ("un nombre", "a number"),
    "boolean": ("oui ou non", "yes or no"),
    "date": ("une date AAAA-MM-JJ", "a date YYYY-MM-DD"),
    "datetime": ("une date et son heure, AAAA-MM-JJTHH:MM:SS", "a date and its time, YYYY-MM-DDTHH:MM:SS"),
    "time": ("une heure HH:MM:SS", "a time HH:MM:SS"),
    "year": ("une année sur quatre chiffres", "a year of four digits"),
    "yearmonth": ("un mois AAAA-MM", "a month YYYY-MM"),
    "geopoint": ("longitude,latitude, en degrés", "longitude,latitude, in degrees"),
    "geopoint:array": ("[longitude,latitude], en degrés", "[longitude,latitude], in degrees"),
    "geojson": ("une géométrie GeoJSON", "a GeoJSON geometry"),
    "array": ("une liste JSON", "a JSON list"),
    "object": ("un objet JSON", "a JSON object"),
    "any": ("ce que vous voulez", "anything"),
}

CONSTRAINTS: dict[str, tuple[str, str]] = {
    "minLength": ("au moins {limit} caractères", "at least {limit} characters"),
    "maxLength": ("au plus {limit} caractères", "at most {limit} characters"),
    "minimum": ("au moins {limit}", "at least {limit}"),
    "maximum": ("au plus {limit}", "at most {limit}"),
    "unique": ("une valeur différente à chaque ligne", "a different value in each row"),
}


def word(name: str, language: str) -> str:
    """A word of the spreadsheet in the language."""
    return WORDS[name][0 if language.startswith("fr") else 1]


def expected(item: Field, language: str) -> str:
    """What a field wants, in a few words: its type, then its limits."""
    rank = 0 if language.startswith("fr") else 1
    kind = TYPES.get(f"{item.type}:{item.format}") or TYPES.get(item.type) or TYPES["string"]
    if item.type == "date" and item.format == "%Y":
        kind = TYPES["year"]
    parts = [kind[rank]]
    for name, texts in CONSTRAINTS.items():
        if item.constraints.get(name) not in (None, False):
            parts.append(texts[rank].format(limit=item.constraints[name]))
    return ", ".join(parts)
