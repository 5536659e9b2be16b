"""The parameters of the Explore API, one row each: the readers of ``ExploreRequest`` with what they are for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from parvis.core.explore import EXPORT_FORMATS
from parvis.core.explore.request import (
    LARGEST_GROUPS,
    LARGEST_PAGE,
    LAST_ROW,
    PAGE_ROWS,
    READERS,
    REPEATED,
    Among,
    Whole,
    read_boolean,
    read_epsg,
    read_names,
    read_text,
    read_timezone,
)
from parvis.web.openapi import Parameter, Schema, Told

_TEXT: Schema = {"type": "string"}
_BOOLEAN: Schema = {"type": "boolean", "default": False}
_OF_READERS: dict[Callable[[str, str], Any], Schema] = {
    read_text: _TEXT,
    read_boolean: _BOOLEAN,
    read_names: _TEXT,
    read_epsg: {"type": "string", "pattern": "^([Ee][Pp][Ss][Gg]:)?[0-9]{1,6}$", "default": "4326"},
    read_timezone: {"type": "string", "default": "UTC"},
}

WORDS: dict[str, Told] = {
    "select": Told(
        "Les colonnes et calculs voulus, séparés par des virgules ; tout par défaut.",
        "The fields and expressions wanted, separated by commas; all of them by default.",
    ),
    "where": Told(
        "Une condition en ODSQL ; répété, toutes doivent être vraies.",
        "A condition in ODSQL; when repeated, all must hold.",
    ),
    "group_by": Told("Ce qui fait un groupe ; une ligne par groupe.", "What makes a group; one row a group."),
    "order_by": Told("L’ordre des lignes : un nom, puis asc ou desc.", "The order of rows: a name, then asc or desc."),
    "limit": Told(
        f"Le nombre de lignes : {PAGE_ROWS} par défaut, {LARGEST_PAGE} au plus par page, {LARGEST_GROUPS} groupes ; "
        "-1 veut dire le plus possible. Un export donne tout par défaut.",
        f"How many rows: {PAGE_ROWS} by default, {LARGEST_PAGE} at most in a page, {LARGEST_GROUPS} groups; "
        "-1 means as many as possible. An export gives everything by default.",
    ),
    "offset": Told(
        f"Les lignes à sauter ; offset + limit ne dépasse pas {LAST_ROW} ({LARGEST_GROUPS} groupes).",
        f"Rows to skip; offset + limit stays within {LAST_ROW} ({LARGEST_GROUPS} groups).",
    ),
    "refine": Told("Garder une valeur d’une facette : nom:valeur.", "Keep one value of a facet: name:value."),
    "exclude": Told("Écarter une valeur d’une facette : nom:valeur.", "Leave one value of a facet out: name:value."),
    "facet": Told(
        'Une facette à compter : son nom, ou facet(name="…", sort="-count", limit=20).',
        'A facet to count: its name, or facet(name="…", sort="-count", limit=20).',
    ),
    "lang": Told("La langue des mots de la réponse.", "The language of the words of the answer."),
    "timezone": Told(
        "Le fuseau des dates et heures : Europe/Paris, UTC…", "The time zone of instants: Europe/Paris, UTC…"
    ),
    "include_links": Told("Ajouter les liens (_links).", "Add links (_links)."),
    "include_app_metas": Told(
        "Ajouter _id, _timestamp et _size aux lignes, les métadonnées d’usage aux jeux.",
        "Add _id, _timestamp and _size to records, metadata of usage to datasets.",
    ),
    "use_labels": Told("Nommer les colonnes par leurs titres.", "Name columns by their labels."),
    "compressed": Told("Rendre le fichier compressé par gzip.", "Give the file compressed by gzip."),
    "delimiter": Told("Le séparateur des colonnes du CSV.", "What separates the columns of the CSV."),
    "list_separator": Told("Le séparateur des valeurs multiples.", "What separates several values in a cell."),
    "quote_all": Told("Mettre chaque cellule entre guillemets.", "Quote every cell."),
    "with_bom": Told("Commencer le CSV par la marque UTF-8.", "Begin the CSV with the UTF-8 mark."),
    "parquet_compression": Told("La compression du Parquet.", "The compression of the Parquet file."),
    "epsg": Told(
        "Le système de coordonnées, par son code EPSG : 2154 pour le Lambert 93.",
        "The coordinate system, by its EPSG code: 2154 for Lambert 93.",
    ),
    "name_field": Told("La colonne qui nomme chaque point.", "The field that names each point."),
    "description_field_list": Told("Les colonnes qui décrivent chaque point.", "The fields that describe each point."),
    "use_extension": Told("Écrire les autres colonnes dans les extensions.", "Write the other fields as extensions."),
    "after": Told(
        "Parcourir toutes les lignes page par page : * pour la première, puis le jeton « after » de chaque réponse.",
        "Walk all rows page by page: * for the first one, then the token “after” of each answer.",
    ),
    "version": Told("Interroger une version ancienne, par son nom.", "Ask an older version, by its name."),
}
"""What each parameter of ``ExploreRequest`` is for."""

EXTENSIONS = frozenset({"after", "version"})
_CHANGED: dict[str, Schema] = {
    "lang": {"default": "fr"},
    "delimiter": {"default": ";"},
    "with_bom": {"default": True},
    "use_extension": {"default": True},
    "parquet_compression": {"default": "snappy"},
    "limit": {"default": PAGE_ROWS},
    "offset": {"default": 0},
    "list_separator": {"default": ","},
}
"""What a schema says besides what its reader takes."""


def schema_of(name: str) -> Schema:
    """The schema of a parameter of ``ExploreRequest``, from its reader."""
    reader = READERS[name]
    if isinstance(reader, Whole):
        base: Schema = {"type": "integer", "minimum": reader.least}
    elif isinstance(reader, Among):
        base = {"type": "string", "enum": list(reader.allowed)}
    else:
        base = _OF_READERS[reader]
    return {**base, **_CHANGED.get(name, {})}


def _path(name: str, fr: str, en: str, schema: Schema | None = None) -> Parameter:
    return Parameter(name, schema or {"type": "string", "minLength": 1}, Told(fr, en), place="path")


_ASKED = tuple(
    Parameter(name, schema_of(name), words, many=name in REPEATED, extension=name in EXTENSIONS)
    for name, words in WORDS.items()
)
PARAMETERS = (
    *_ASKED,
    Parameter(
        "include_exports",
        {"type": "string"},
        Told(
            f"Les formats à lister pour chaque jeu, séparés par des virgules ({', '.join(r.name for r in EXPORT_FORMATS)}).",
            f"The formats to list for each dataset, separated by commas ({', '.join(r.name for r in EXPORT_FORMATS)}).",
        ),
    ),
    Parameter(
        "use_labels_in_exports",
        {"type": "boolean", "default": True},
        Told("Lister des CSV à titres de colonnes.", "List CSV files with labels of columns."),
    ),
    _path("dataset_id", "L’identifiant du jeu de données.", "The identifier of the dataset."),
    _path("record_id", "L’identifiant de la ligne (_id).", "The identifier of the record (_id)."),
    _path("slug", "L’identifiant du document joint.", "The identifier of the attachment."),
    _path("file_id", "L’identifiant du fichier, dans la ligne.", "The identifier of the file, in the record."),
    _path(
        "kind",
        "La sorte de métadonnées.",
        "The kind of metadata.",
        {"type": "string", "enum": ["basic", "interop", "custom", "application"]},
    ),
    _path("name", "Le nom du modèle de métadonnées.", "The name of the metadata template."),
)
"""Every parameter of the description."""
