"""The addresses of the Explore API, one row each, and its whole description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parvis.core.explore import EXPORT_FORMATS
from parvis.web.api.description.parameters import PARAMETERS
from parvis.web.api.description.schemas import HEADERS, REFUSALS, SCHEMAS
from parvis.web.api.explore import catalogue_files
from parvis.web.api.explore.door import PREFIX
from parvis.web.openapi import Description, Operation, Schema, Told, ref

JSON = "application/json"
_DATASET = "/catalog/datasets/{dataset_id}"
_FILTERS = ("where", "refine", "exclude")
_ROWS = ("select", *_FILTERS, "group_by", "order_by", "limit", "offset", "lang", "timezone")
_PAGE = (*_ROWS, "include_links", "include_app_metas")
_FACETS = ("facet", *_FILTERS, "lang", "timezone")
_OPEN = (401, 405, 429, 503)
_ASKED = (400, *_OPEN)
_OF_ROWS = (400, 401, 403, 404, 405, 429, 503)

CATALOG = "catalog"
DATASET = "dataset"


def _get(name: str, path: str, fr: str, en: str, parameters: tuple[str, ...], schema: str, **more: object) -> Operation:
    tag = DATASET if path.startswith(_DATASET) else CATALOG
    refusals = _OF_ROWS if tag == DATASET else _ASKED
    options: dict[str, Any] = {"refusals": refusals, "tag": tag, **more}
    return Operation(name, path, Told(fr, en), parameters, {JSON: ref(schema)}, **options)


ENDPOINTS = (
    _get("getRoot", "/", "Le début de l’API.", "Where the API begins.", (), "Links", refusals=_OPEN),
    _get(
        "getCatalog",
        "/catalog",
        "Ce que le catalogue offre.",
        "What the catalogue offers.",
        (),
        "Links",
        refusals=_OPEN,
    ),
    _get("getDatasets", "/catalog/datasets", "Les jeux de données.", "The datasets.", _PAGE, "Datasets"),
    _get(
        "getDatasetsFacets",
        "/catalog/facets",
        "Les facettes du catalogue.",
        "The catalogue’s facets.",
        _FACETS,
        "Facets",
    ),
    _get(
        "listDatasetsExportFormats",
        "/catalog/exports",
        "Les formats du catalogue.",
        "The formats of the catalogue.",
        (),
        "Links",
        refusals=_OPEN,
    ),
    _get(
        "getTemplates",
        "/catalog/metadata_templates",
        "Les modèles de métadonnées.",
        "The metadata templates.",
        (),
        "Templates",
        refusals=_OPEN,
    ),
    _get(
        "getTemplatesOfKind",
        "/catalog/metadata_templates/{kind}",
        "Les modèles d’une sorte.",
        "The templates of one kind.",
        ("kind",),
        "Templates",
        refusals=(404, *_OPEN),
    ),
    _get(
        "getTemplate",
        "/catalog/metadata_templates/{kind}/{name}",
        "Un modèle et ses noms.",
        "One template and its names.",
        ("kind", "name"),
        "Template",
        refusals=(404, *_OPEN),
    ),
    _get(
        "getDataset",
        _DATASET,
        "La fiche d’un jeu et ses colonnes.",
        "One dataset and its fields.",
        ("dataset_id", "lang", "timezone", "include_links", "include_app_metas"),
        "Dataset",
        refusals=(400, 401, 404, 405, 429, 503),
        others=(301, 304),
    ),
    _get(
        "getRecords",
        f"{_DATASET}/records",
        "Les lignes d’un jeu, ou des groupes.",
        "The records of a dataset, or groups.",
        ("dataset_id", *_PAGE, "after", "version"),
        "Records",
        others=(301, 304),
    ),
    _get(
        "getRecord",
        f"{_DATASET}/records/{{record_id}}",
        "Une ligne par son identifiant.",
        "One record by its identifier.",
        ("dataset_id", "record_id", "select", "lang", "timezone", "include_links", "include_app_metas", "version"),
        "Record",
        others=(301, 304),
    ),
    _get(
        "getRecordsFacets",
        f"{_DATASET}/facets",
        "Les valeurs des facettes d’un jeu.",
        "The values of a dataset’s facets.",
        ("dataset_id", *_FACETS, "version"),
        "Facets",
        others=(301, 304),
    ),
    _get(
        "listDatasetExportFormats",
        f"{_DATASET}/exports",
        "Les formats d’un jeu.",
        "The formats of a dataset.",
        ("dataset_id",),
        "Links",
        others=(301,),
        refusals=(401, 403, 404, 405, 429, 503),
    ),
    _get(
        "getDatasetAttachments",
        f"{_DATASET}/attachments",
        "Les documents joints à un jeu.",
        "The attachments of a dataset.",
        ("dataset_id",),
        "Attachments",
        others=(301,),
        refusals=(401, 403, 404, 405, 429, 503),
    ),
)
_DESCRIPTIONS = tuple(
    Operation(
        name,
        path,
        words,
        ("lang",),
        {JSON: {"type": "object", "required": ["openapi", "info", "paths"]}},
        _ASKED,
        others=(),
        tag=CATALOG,
    )
    for name, path, words in (
        ("getDescription", "/openapi.json", Told("Cette description.", "This description.")),
        (
            "getFormerDescription",
            "/swagger.json",
            Told("La même, à l’adresse d’avant.", "The same, at its former address."),
        ),
    )
)
_FILES = (
    Operation(
        "getDatasetAttachment",
        f"{_DATASET}/attachments/{{slug}}",
        Told("Un document joint.", "One attachment."),
        ("dataset_id", "slug"),
        {"*/*": None},
        (401, 403, 404, 405, 429, 503),
        others=(301,),
        tag=DATASET,
    ),
    Operation(
        "getFieldFile",
        f"{_DATASET}/files/{{file_id}}",
        Told("Le fichier d’une ligne.", "The file of a record."),
        ("dataset_id", "file_id"),
        {"*/*": None},
        (401, 403, 404, 405, 429, 503),
        others=(301, 302),
        tag=DATASET,
    ),
)

_BODIES: dict[str, Schema] = {
    "json": ref("Rows"),
    "geojson": ref("FeatureCollection"),
}
"""Formats whose answer is one JSON document of a known form; the others are files."""
_OPTIONS: dict[str, tuple[str, ...]] = {
    "csv": ("delimiter", "list_separator", "quote_all", "with_bom"),
    "xlsx": ("list_separator",),
    "ods": ("list_separator",),
    "parquet": ("parquet_compression",),
    "kml": ("name_field",),
    "ov2": ("name_field",),
    "gpx": ("name_field", "description_field_list", "use_extension"),
}
"""Parameters of one format alone."""
_LABELLED = (*_ROWS, "use_labels", "compressed")
_CARDS = ("include_exports", "use_labels_in_exports")
_CATALOGUE_FORMATS = tuple(row for row in catalogue_files.FORMATS if row.listed)


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One format of an export: its name and the operation that gives it."""

    format: str
    operation: Operation


def _operation_name(prefix: str, name: str) -> str:
    return prefix + "".join(part.capitalize() for part in name.replace(".", "_").split("_"))


def _exports() -> tuple[ExportRow, ...]:
    rows = []
    for row in EXPORT_FORMATS:
        projected = ("epsg",) if row.projects else ()
        media = row.media_type.partition(";")[0]
        operation = Operation(
            _operation_name("exportRecords", row.name),
            f"{_DATASET}/exports/{row.name}",
            Told(f"Tout le jeu en {row.label}. {row.advice.fr}", f"The whole dataset as {row.label}. {row.advice.en}"),
            ("dataset_id", *_LABELLED, *_OPTIONS.get(row.name, ()), *projected, "version"),
            {media: _BODIES.get(row.name), "application/gzip": None},
            _OF_ROWS,
            others=(301, 304),
            tag="exports",
        )
        rows.append(ExportRow(row.name, operation))
    return tuple(rows)


def _catalogue_exports() -> tuple[ExportRow, ...]:
    rows = []
    for row in _CATALOGUE_FORMATS:
        tabular = row.name in ("csv", "json", "xlsx")
        cards = () if tabular else _CARDS
        options = _OPTIONS.get(row.name, ())
        media = row.media_type.partition(";")[0]
        operation = Operation(
            _operation_name("exportCatalog", row.name),
            f"/catalog/exports/{row.name}",
            Told(f"Tout le catalogue en {row.name}.", f"The whole catalogue as {row.name}."),
            (
                *(_LABELLED if tabular else (*_FILTERS, "order_by", "limit", "offset", "lang", "timezone")),
                *options,
                *cards,
            ),
            {media: ref("DatasetsOrRows") if row.name == "json" else None, "application/gzip": None},
            (400, 401, 405, 429, 503),
            others=(),
            tag="exports",
        )
        rows.append(ExportRow(row.name, operation))
    return tuple(rows)


EXPORTS = _exports()
CATALOGUE_EXPORTS = _catalogue_exports()
EXPLORE = Description(
    title=Told("API Explore v2.1 du portail", "Explore API v2.1 of the portal"),
    words=Told(
        "Le catalogue et les données du portail, dans la langue ODSQL. Les paramètres marqués x-parvis-extension sont "
        "propres à Parvis.",
        "The catalogue and the data of the portal, in the ODSQL language. Parameters marked x-parvis-extension are "
        "Parvis’s own.",
    ),
    path=PREFIX,
    parameters=PARAMETERS,
    operations=(
        *ENDPOINTS,
        *_DESCRIPTIONS,
        *_FILES,
        *(row.operation for row in EXPORTS),
        *(row.operation for row in CATALOGUE_EXPORTS),
    ),
    schemas={**SCHEMAS, "DatasetsOrRows": {"type": "array", "items": ref("DatasetOrRow")}},
    refusals=REFUSALS,
    tags={
        CATALOG: Told("Le catalogue", "The catalogue"),
        DATASET: Told("Un jeu de données", "One dataset"),
        "exports": Told("Des fichiers entiers", "Whole files"),
    },
    headers=HEADERS,
)
"""The Explore API v2.1."""
