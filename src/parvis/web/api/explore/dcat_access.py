"""How the rows of a dataset are had, in the graph: files, documents beside them, services."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from parvis.core.columns import Column, TableShape
from parvis.core.explore import EXPORT_FORMATS, ExportFormat, formats_of
from parvis.core.explore.elsewhere import FORMATS
from parvis.core.identifiers import collection_of
from parvis.web.api.explore import dcat_terms as terms
from parvis.web.api.explore.dcat import CatalogueCard, Graph
from parvis.web.api.explore.dcat_facts import File

if TYPE_CHECKING:
    from pyoxigraph import NamedNode, Triple

    from parvis.web.api.explore.dcat_dataset import DatasetEntry

API = "/api/explore/v2.1"
_FILE_TYPES = {row.extension: row.listed.file_type for row in reversed(EXPORT_FORMATS) if row.listed.file_type}
"""Extension of a file → its type in the table of Europe."""


def listed_exports(card: CatalogueCard, row: dict[str, Any]) -> list[ExportFormat]:
    """The files of a dataset that the catalogue lists; none of one whose rows the reader may not see."""
    if not row["data_visible"]:
        return []
    formats = formats_of(TableShape(tuple(Column.from_dict(field) for field in row["fields"])))
    if row.get("metas", {}).get("default", {}).get("federated"):
        formats = [export for export in formats if export.name in FORMATS]
    return [export for export in formats if not card.exports or export.name in card.exports]


def export_address(card: CatalogueCard, dataset_id: str, export: ExportFormat) -> str:
    """Where a file is; spreadsheets with their labels, as live portals write it."""
    labels = "?use_labels=true" if card.use_labels and export.listed.with_labels else ""
    return f"{card.origin}{API}/catalog/datasets/{quote(dataset_id)}/exports/{export.name}{labels}"


def media_type(export: ExportFormat, *, as_sent: bool = False) -> str:
    """The media type a catalogue states for a format: that of live portals, or the one that it is sent with."""
    return (not as_sent and export.listed.media_type) or export.media_type.partition(";")[0]


def files(entry: DatasetEntry) -> Iterator[Triple]:
    """The exports, and the file as it was received."""
    graph, card, row = entry.graph, entry.graph.card, entry.row
    node = graph.iri(entry.address)
    for export in listed_exports(card, row):
        address = file_address = export_address(card, row["dataset_id"], export)
        if entry.facts.elsewhere is not None:
            file_address = entry.facts.elsewhere(export, card.use_labels)
        if not file_address:
            continue
        code, media = export.listed.file_type, media_type(export, as_sent=card.whole)
        yield graph.triple(node, "dcat:distribution", graph.iri(address))
        yield from graph.about(
            graph.iri(address),
            "dcat:Distribution",
            ("dcterms:title", graph.text(f"{row['dataset_id']}.{export.name}")),
            ("dcterms:description", graph.text(export.advice, "fr")),
            ("dcat:accessURL", graph.iri(file_address)),
            ("dcat:downloadURL", graph.iri(file_address)),
            ("dcterms:format", graph.iri(f"{terms.AUTHORITY}file-type/{code}") if code else None),
            ("dcat:mediaType", graph.iri(terms.MEDIA_TYPES + media)),
            *_common(entry),
        )
        yield from _formats(graph, code, media)
    original = entry.facts.original
    if card.whole and original is not None and row["data_visible"]:
        address = f"{card.origin}{quote(original.path)}"
        checksum = graph.blank() if original.sha256 else None
        code = _FILE_TYPES.get(PurePath(original.title).suffix.lower()[1:], "")
        media = terms.MEDIA_TYPES + original.media_type if original.media_type else ""
        yield graph.triple(node, "dcat:distribution", graph.iri(address))
        yield from graph.about(
            graph.iri(address),
            "dcat:Distribution",
            ("dcterms:title", graph.text(f"Fichier d’origine : {original.title}", "fr")),
            ("dcterms:description", graph.text("Le fichier tel qu’il a été reçu, octet pour octet.", "fr")),
            ("dcat:accessURL", graph.iri(address)),
            ("dcat:downloadURL", graph.iri(address)),
            ("dcterms:format", graph.iri(f"{terms.AUTHORITY}file-type/{code}") if code else None),
            ("dcat:mediaType", graph.iri(media) if media else None),
            ("dcat:byteSize", graph.typed(str(original.bytes), "xsd:nonNegativeInteger")),
            ("spdx:checksum", checksum),
            *_common(entry),
        )
        yield from _formats(graph, code, original.media_type)
        yield from _checksum(graph, checksum, original)


def documents(entry: DatasetEntry) -> Iterator[Triple]:
    """The documents that go with it: pages about it, and parts that harvesters of udata take for its other resources."""
    graph, node = entry.graph, entry.graph.iri(entry.address)
    if not entry.row["data_visible"]:
        return
    for document in entry.facts.documents:
        address = graph.iri(f"{graph.card.origin}{quote(document.path)}")
        checksum = graph.blank() if document.sha256 else None
        # What its type is of has an address; its charset has none.
        media = terms.MEDIA_TYPES + quote(document.media_type.partition(";")[0].strip(), safe="/+.-")
        yield graph.triple(node, "foaf:page", address)
        yield graph.triple(node, "dcterms:hasPart", address)
        yield from graph.about(
            address,
            "foaf:Document",
            ("dcterms:title", graph.text(document.title, entry.lang)),
            ("dcat:mediaType", graph.iri(media)),
            ("dcat:byteSize", graph.typed(str(document.bytes), "xsd:nonNegativeInteger")),
            ("spdx:checksum", checksum),
        )
        yield from graph.once(media, "dcterms:MediaType")
        yield from _checksum(graph, checksum, document)


def services(entry: DatasetEntry) -> Iterator[Triple]:
    """Its doors for programs, each a service and a distribution that leads to it."""
    card, dataset_id = entry.graph.card, quote(entry.row["dataset_id"])
    if not entry.row["data_visible"]:
        return
    title = entry.default["title"]
    yield from _service(
        entry,
        "api",
        f"API de « {title} »",
        "Lignes filtrées, triées et agrégées par l’API Explore v2.1, compatible avec celle d’Opendatasoft.",
        f"{card.origin}{API}/catalog/datasets/{dataset_id}/records",
        f"{card.origin}{API}/openapi.json",
        ("JSON", "application/json"),
    )
    if entry.facts.is_mapped:
        yield from _service(
            entry,
            "ogc-api-features",
            f"OGC API Features de « {title} »",
            "Les objets géographiques, pour QGIS et tout client d’OGC API – Features.",
            f"{card.origin}/ogc/collections/{collection_of(dataset_id)}/items",
            f"{card.origin}/ogc/api",
            ("GEOJSON", "application/geo+json"),
            terms.OGC_API_FEATURES,
        )


def _service(
    entry: DatasetEntry,
    name: str,
    title: str,
    description: str,
    endpoint: str,
    documentation: str,
    answer: tuple[str, str],
    standard: str = "",
) -> Iterator[Triple]:
    graph, node = entry.graph, entry.graph.iri(entry.address)
    service, distribution = (graph.iri(f"{entry.address}#{part}") for part in (name, f"{name}-distribution"))
    manual = f"{entry.page}api/"
    code, media = answer
    file_type = graph.iri(f"{terms.AUTHORITY}file-type/{code}")
    yield graph.triple(graph.iri(graph.card.address), "dcat:service", service)
    yield from graph.about(
        service,
        "dcat:DataService",
        ("dcterms:identifier", graph.text(f"{entry.identifier}-{name}")),
        ("dcterms:title", graph.text(title, "fr")),
        ("dcterms:description", graph.text(description, "fr")),
        ("dcat:endpointURL", graph.iri(endpoint)),
        ("dcat:endpointDescription", graph.iri(documentation)),
        ("dcat:servesDataset", node),
        ("dcat:landingPage", graph.iri(entry.landing_page)),
        ("foaf:page", graph.iri(manual)),
        ("dcterms:publisher", entry.publisher),
        ("dcat:contactPoint", entry.contact),
        ("dcterms:format", file_type),
        ("dcterms:conformsTo", graph.iri(standard) if standard else None),
        ("dcterms:accessRights", graph.iri(f"{terms.AUTHORITY}access-right/{entry.dcat['accessRights']}")),
        *entry.terms_of_use,
        *entry.classes,
    )
    yield graph.triple(node, "dcat:distribution", distribution)
    yield from graph.about(
        distribution,
        "dcat:Distribution",
        ("dcterms:title", graph.text(title, "fr")),
        ("dcterms:description", graph.text(description, "fr")),
        ("dcat:accessURL", graph.iri(endpoint)),
        ("dcat:accessService", service),
        ("dcterms:format", file_type),
        ("dcat:mediaType", graph.iri(terms.MEDIA_TYPES + media)),
        *_common(entry),
    )
    yield from graph.once(manual, "foaf:Document")
    yield from _formats(graph, code, media)
    if standard:
        yield from graph.once(standard, "dcterms:Standard")


def _common(entry: DatasetEntry) -> Iterator[tuple[str, Any]]:
    """What each distribution says as its dataset does, and that it is there."""
    graph = entry.graph
    language = terms.LANGUAGES.get(entry.default["language"])
    yield "dcterms:language", graph.iri(f"{terms.AUTHORITY}language/{language}") if language else None
    yield "dcterms:issued", graph.instant(entry.dcat["issued"])
    yield "dcterms:modified", graph.instant(entry.default["data_processed"])
    yield "dcatap:availability", graph.iri(terms.AVAILABLE)
    yield from entry.terms_of_use


def _formats(graph: Graph, file_type: str, media: str) -> Iterator[Triple]:
    if media:
        yield from graph.once(terms.MEDIA_TYPES + media, "dcterms:MediaType")
    yield from graph.listed(terms.AVAILABLE, "skos:Concept", "disponible")
    if file_type:
        yield from graph.listed(f"{terms.AUTHORITY}file-type/{file_type}", "dcterms:MediaTypeOrExtent")


def _checksum(graph: Graph, node: Any, file: File) -> Iterator[Triple]:
    if node is None:
        return
    algorithm: NamedNode = graph.iri(terms.SHA256)
    value = graph.typed(file.sha256, "xsd:hexBinary")
    pairs = ("spdx:algorithm", algorithm), ("spdx:checksumValue", value)
    yield from graph.about(node, "spdx:Checksum", *pairs)
    yield from graph.once(terms.SHA256, "spdx:ChecksumAlgorithm")
