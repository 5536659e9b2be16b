"""The addresses of the Explore API, one row each, and its whole description."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from parvis.core.explore import EXPORT_FORMATS
from parvis.core.explore.formats import ExportFormat
from parvis.hub.api.errors import ALWAYS
from parvis.hub.api.openapi import JSON, Document, openapi, ref, refused, translated
from parvis.web.api.description.parameters import PARAMETERS
from parvis.web.api.description.schemas import HEADERS, REFUSALS, SCHEMAS
from parvis.web.api.explore import catalogue_files
from parvis.web.api.explore.endpoint import PREFIX

type Operation = dict[str, Any]
_DATASET, _TEMPLATES = "/catalog/datasets/{dataset_id}", "/catalog/metadata_templates"
_FILTERS = ("where", "refine", "exclude")
_SELECTION = ("select", *_FILTERS, "group_by", "order_by", "limit", "offset", "lang", "timezone")
_LINKED = ("lang", "timezone", "include_links", "include_app_metas")
_PAGE = (*_SELECTION, "include_links", "include_app_metas")
_FACETS = ("facet", *_FILTERS, "lang", "timezone")
_RECORDS, _RECORD, _COUNTS = (*_PAGE, "after", "version"), ("select", *_LINKED, "version"), (*_FACETS, "version")
_FILE = (*_SELECTION, "use_labels", "compressed")
_CARDS = (*_FILTERS, "order_by", "limit", "offset", "lang", "timezone", "include_exports", "use_labels_in_exports")
_DOCUMENT = {"type": "object", "required": ["openapi", "info", "paths"]}
_OTHERS = {
    301: _("Le jeu a changé d’identifiant : l’adresse est dans Location."),
    302: _("Le document est à une autre adresse, dans Location."),
    304: _("Rien n’a changé depuis la réponse que vous avez."),
}
_UNCHANGED, _ELSEWHERE = (304,), (302,)
_OPEN_CARD = "getDataset"
"""The only address of a dataset that answers anyone who may not read its rows."""


def _operation(
    name: str, path: str, words: Any, query: tuple[str, ...], answer: Any, others: tuple[int, ...] = ()
) -> tuple[str, Operation]:
    """A row of the description; ``answer`` is the name of a schema, a schema, or media types with theirs.

    Statuses follow from the address: anyone who takes parameters may be told 400, whatever is named may be absent.
    """
    in_path, of_dataset = re.findall(r"\{(\w+)\}", path), path.startswith(_DATASET)
    reasons = {400: bool(query), 403: of_dataset and name != _OPEN_CARD, 404: bool(in_path)}
    # Rows, facets and files may be asked of another portal.
    reasons |= dict.fromkeys((409, 502, 504), of_dataset and bool(re.search(r"/(?:records|facets|exports/)", path)))
    content = {JSON: {"schema": ref("schemas", answer)}} if isinstance(answer, str) else answer
    headers = {header: ref("headers", header) for header in HEADERS}
    moved = (301, *others) if of_dataset else others
    return path, {
        "operationId": name,
        "summary": words,
        "tags": ["exports" if name.startswith("export") else "dataset" if of_dataset else "catalog"],
        "parameters": [ref("parameters", parameter) for parameter in (*in_path, *query)],
        "responses": {
            "200": {"description": words, "headers": headers, "content": content},
            **{str(status): {"description": _OTHERS[status]} for status in moved},
            **refused(*ALWAYS, *(status for status, holds in reasons.items() if holds)),
        },
    }


def _media(media_type: str, schema: str) -> dict[str, Any]:
    return {
        media_type.partition(";")[0]: {"schema": ref("schemas", schema)} if schema else {},
        "application/gzip": {},
    }


def _camel(prefix: str, name: str) -> str:
    return prefix + "".join(part.capitalize() for part in re.split(r"[._]", name))


def _export(row: ExportFormat) -> tuple[str, Operation]:
    words = format_lazy(_("Tout le jeu en {label}. {advice}"), label=row.label, advice=_(row.advice))
    query = (*_FILE, *row.parameters, "version")
    media = _media(row.media_type, row.document)
    return _operation(
        _camel("exportRecords", row.name), f"{_DATASET}/exports/{row.name}", words, query, media, _UNCHANGED
    )


def _catalogue_export(row: catalogue_files.CatalogueFormat) -> tuple[str, Operation]:
    query = (*_FILE, *row.export.options) if row.export else _CARDS
    words = format_lazy(_("Tout le catalogue en {name}."), name=row.name)
    media = _media(row.media_type, "DatasetsOrRows" if row.export and row.export.document else "")
    return _operation(_camel("exportCatalog", row.name), f"/catalog/exports/{row.name}", words, query, media)


_DESCRIPTION = {JSON: {"schema": _DOCUMENT}}
_ANY_FILE: dict[str, Any] = {"*/*": {}}
_ROWS: tuple[tuple[Any, ...], ...] = (
    ("getRoot", "/", _("Le début de l’API."), (), "Links", _UNCHANGED),
    ("getCatalog", "/catalog", _("Ce que le catalogue offre."), (), "Links", _UNCHANGED),
    ("getDatasets", "/catalog/datasets", _("Les jeux de données."), _PAGE, "Datasets", _UNCHANGED),
    ("getDatasetsFacets", "/catalog/facets", _("Les facettes du catalogue."), _FACETS, "Facets", _UNCHANGED),
    ("listDatasetsExportFormats", "/catalog/exports", _("Les formats du catalogue."), (), "Links", _UNCHANGED),
    ("getTemplates", _TEMPLATES, _("Les modèles de métadonnées."), (), "Templates", _UNCHANGED),
    ("getTemplatesOfKind", f"{_TEMPLATES}/{{kind}}", _("Les modèles d’une sorte."), (), "Templates", _UNCHANGED),
    ("getTemplate", f"{_TEMPLATES}/{{kind}}/{{name}}", _("Un modèle et ses noms."), (), "Template", _UNCHANGED),
    (_OPEN_CARD, _DATASET, _("La fiche d’un jeu et ses colonnes."), _LINKED, "Dataset", _UNCHANGED),
    ("getRecords", f"{_DATASET}/records", _("Les lignes d’un jeu, ou des groupes."), _RECORDS, "Records", _UNCHANGED),
    (
        "getRecord",
        f"{_DATASET}/records/{{record_id}}",
        _("Une ligne par son identifiant."),
        _RECORD,
        "Record",
        _UNCHANGED,
    ),
    ("getRecordsFacets", f"{_DATASET}/facets", _("Les valeurs des facettes d’un jeu."), _COUNTS, "Facets", _UNCHANGED),
    ("listDatasetExportFormats", f"{_DATASET}/exports", _("Les formats d’un jeu."), (), "Links"),
    ("getDatasetAttachments", f"{_DATASET}/attachments", _("Les documents joints à un jeu."), (), "Attachments"),
    ("getDescription", "/openapi.json", _("Cette description."), ("lang",), _DESCRIPTION),
    ("getFormerDescription", "/swagger.json", _("La même, à l’adresse d’avant."), ("lang",), _DESCRIPTION),
    ("getDatasetAttachment", f"{_DATASET}/attachments/{{slug}}", _("Un document joint."), (), _ANY_FILE),
    ("getFieldFile", f"{_DATASET}/files/{{file_id}}", _("Le fichier d’une ligne."), (), _ANY_FILE, _ELSEWHERE),
)
_PATHS = dict(
    (
        *(_operation(*row) for row in _ROWS),
        *map(_export, EXPORT_FORMATS),
        *(_catalogue_export(row) for row in catalogue_files.FORMATS if row.listed),
    )
)
EXPLORE: Document = openapi(
    _("API Explore v2.1 du portail"),
    _(
        "Le catalogue et les données du portail, dans la langue ODSQL. Les paramètres marqués x-parvis-extension sont propres à "
        "Parvis."
    ),
    {"catalog": _("Le catalogue"), "dataset": _("Un jeu de données"), "exports": _("Des fichiers entiers")},
    {path: {"get": operation} for path, operation in _PATHS.items()},
    {"parameters": PARAMETERS, "schemas": SCHEMAS, "responses": REFUSALS, "headers": HEADERS},
)
"""The Explore API v2.1, its sentences lazy translations."""


@lru_cache(maxsize=8)
def document(origin: str, language: str) -> Document:
    """The description for a portal at ``origin``, in French, or in English."""
    return translated(EXPLORE, language, origin + PREFIX)
