"""The catalogue as an RDF graph in DCAT-AP 3, dataset by dataset (specification, section 10.3)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from parvis.core.columns import Column, TableShape
from parvis.core.explore import ExportFormat, formats_of
from parvis.core.explore.elsewhere import FORMATS
from parvis.core.metadata import FREQUENCY_BY_SLUG, THEME_BY_SLUG, frequency_slug, theme_slug
from parvis.web.api.explore import dcat_terms as terms

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, Triple

_CHUNK = 50


@dataclass(frozen=True, slots=True)
class CatalogueCard:
    """What is said of the catalogue itself: origin of its addresses, name, sentence, contact, and the files listed."""

    origin: str
    name: str
    sentence: str
    contact_email: str = ""
    exports: tuple[str, ...] = ()
    """Formats listed as distributions; empty: all."""
    use_labels: bool = True


@dataclass(frozen=True, slots=True)
class GraphPage:
    """A page of a long graph: its address, those of the first, previous, next and last ones, and how many datasets in all."""

    self: str
    first: str
    last: str
    total: int
    previous: str = ""
    next: str = ""


@dataclass(slots=True)
class Graph:
    """Triples about the catalogue; what is said of shared things (a licence, an organisation) is said once."""

    card: CatalogueCard
    rdf: ModuleType
    said: set[str] = field(default_factory=set)
    nodes: int = 0

    def chunks(self, objects: Iterable[dict[str, Any]], page: GraphPage | None) -> Iterator[list[Triple]]:
        triples = list(self.catalogue(page))
        for rank, row in enumerate(objects, 1):
            triples.extend(self.dataset(row))
            if rank % _CHUNK == 0:
                yield _by_subject(triples)
                triples = []
        if triples:
            yield _by_subject(triples)

    # -- terms

    def iri(self, address: str) -> NamedNode:
        return self.rdf.NamedNode(address)

    def term(self, name: str) -> NamedNode:
        prefix, _colon, local = name.partition(":")
        return self.iri(terms.PREFIXES[prefix] + local)

    def text(self, value: str, lang: str = "") -> Literal:
        return self.rdf.Literal(value, language=lang) if lang else self.rdf.Literal(value)

    def typed(self, value: str, kind: str) -> Literal:
        return self.rdf.Literal(value, datatype=self.iri(kind) if kind.startswith("http") else self.term(kind))

    def blank(self) -> BlankNode:
        self.nodes += 1
        return self.rdf.BlankNode(f"n{self.nodes}")

    def triple(self, subject: Any, name: str, value: Any) -> Triple:
        return self.rdf.Triple(subject, self.term(name), value)

    def about(self, subject: Any, kind: str, *pairs: tuple[str, Any]) -> Iterator[Triple]:
        """A thing of class ``kind`` and what is known of it; what is None is left out."""
        yield self.triple(subject, "rdf:type", self.term(kind))
        for name, value in pairs:
            if value is not None:
                yield self.triple(subject, name, value)

    def once(self, address: str, kind: str, *pairs: tuple[str, Any]) -> Iterator[Triple]:
        """The same for a thing that many datasets share."""
        if address not in self.said:
            self.said.add(address)
            yield from self.about(self.iri(address), kind, *pairs)

    # -- things

    def catalogue(self, page: GraphPage | None) -> Iterator[Triple]:
        card, home = self.card, f"{self.card.origin}/"
        node = self.iri(f"{card.origin}/explore/")
        language = f"{terms.AUTHORITY}language/FRA"
        yield from self.about(
            node,
            "dcat:Catalog",
            ("dcterms:title", self.text(card.name, "fr")),
            ("dcterms:description", self.text(card.sentence, "fr")),
            ("dcterms:publisher", self.iri(f"{home}#publisher")),
            ("dcterms:language", self.iri(language)),
            ("dcat:themeTaxonomy", self.iri(terms.THEME_TABLE)),
            ("foaf:homepage", self.iri(home)),
        )
        mailbox = self.mailbox(card.contact_email)
        yield from self.once(
            f"{home}#publisher", "foaf:Agent", ("foaf:name", self.text(card.name)), ("foaf:mbox", mailbox)
        )
        yield from self.once(language, "dcterms:LinguisticSystem")
        yield from self.once(home, "foaf:Document")
        yield from self.once(terms.THEME_TABLE, "skos:ConceptScheme", ("dcterms:title", self.text("Data theme", "en")))
        if page is not None:
            yield from self.paging(node, page)

    def paging(self, node: NamedNode, page: GraphPage) -> Iterator[Triple]:
        links = (("first", page.first), ("previous", page.previous), ("next", page.next), ("last", page.last))
        total = self.typed(str(page.total), "xsd:integer")
        yield from self.about(
            node, "hydra:Collection", ("hydra:totalItems", total), ("hydra:view", self.iri(page.self))
        )
        pairs = [(f"hydra:{name}", self.iri(address) if address else None) for name, address in links]
        yield from self.about(self.iri(page.self), "hydra:PartialCollectionView", *pairs)

    def dataset(self, row: dict[str, Any]) -> Iterator[Triple]:
        node = self.iri(self.page_of(row))
        default, dcat = row["metas"]["default"], row["metas"]["dcat"]
        lang = default["language"] or "fr"
        yield self.triple(self.iri(f"{self.card.origin}/explore/"), "dcat:dataset", node)
        yield from self.about(
            node,
            "dcat:Dataset",
            ("dcterms:identifier", self.text(row["dataset_id"])),
            ("dcterms:title", self.text(default["title"], lang)),
            ("dcterms:description", self.text(default["description"] or default["title"], lang)),
            ("dcterms:issued", self.instant(dcat["issued"])),
            ("dcterms:date", self.instant(default["modified"])),
            ("dcterms:modified", self.instant(default["modified"])),
            ("dcterms:created", self.instant(dcat["created"])),
            ("dcterms:contributor", self.words(dcat["contributor"])),
            ("dcterms:source", self.address(default["references"])),
            ("dcterms:conformsTo", self.address(dcat["conforms_to"])),
            ("dcat:landingPage", node),
            *(("dcat:keyword", self.text(word, lang)) for word in default["keyword"] or ()),
            *(("dcterms:subject", self.words(word)) for word in default["theme"] or ()),
        )
        yield from self.once(self.page_of(row), "foaf:Document")
        if self.address(dcat["conforms_to"]):
            yield from self.once(dcat["conforms_to"], "dcterms:Standard")
        for part in (self.people, self.licence, self.classification, self.coverage):
            yield from part(node, row)
        for export in self.exports_of(row):
            yield from self.distribution(node, row, export)

    def people(self, node: NamedNode, row: dict[str, Any]) -> Iterator[Triple]:
        default, dcat, own = (row["metas"][name] for name in ("default", "dcat", "parvis"))
        agent = f"{self.card.origin}/organisations/{quote(own['organisation'])}/"
        kind = terms.PUBLISHER_TYPES.get(own["organisation_kind"])
        kind_node = f"http://purl.org/adms/publishertype/{kind}" if kind else ""
        yield self.triple(node, "dcterms:publisher", self.iri(agent))
        yield self.triple(node, "dcterms:creator", self.iri(agent))
        yield from self.once(
            agent,
            "foaf:Agent",
            ("foaf:name", self.text(default["publisher"])),
            ("dcterms:type", self.iri(kind_node) if kind_node else None),
        )
        if kind_node:
            yield from self.once(kind_node, "skos:Concept", ("skos:prefLabel", self.text(dcat["publisher_type"], "fr")))
        email = dcat["contact_email"] or self.card.contact_email
        if not email and not dcat["contact_name"]:
            return
        contact = self.blank()
        yield self.triple(node, "dcat:contactPoint", contact)
        name = self.text(dcat["contact_name"] or default["publisher"])
        yield from self.about(contact, "vcard:Kind", ("vcard:fn", name), ("vcard:hasEmail", self.mailbox(email)))

    def licence(self, node: NamedNode, row: dict[str, Any]) -> Iterator[Triple]:
        default, dcat = row["metas"]["default"], row["metas"]["dcat"]
        if address := self.address(default["license_url"]):
            yield self.triple(node, "dcterms:license", address)
            yield from self.once(default["license_url"], "dcterms:LicenseDocument")
        if default["license"]:
            statement = self.blank()
            yield self.triple(node, "dcterms:rights", statement)
            label = ("skos:prefLabel", self.text(default["license"], "fr"))
            yield from self.about(statement, "dcterms:RightsStatement", label)
        rights = f"{terms.AUTHORITY}access-right/{dcat['accessRights']}"
        yield self.triple(node, "dcterms:accessRights", self.iri(rights))
        yield from self.once(rights, "dcterms:RightsStatement")

    def classification(self, node: NamedNode, row: dict[str, Any]) -> Iterator[Triple]:
        default, dcat = row["metas"]["default"], row["metas"]["dcat"]
        for word in default["theme"] or ():
            if term := THEME_BY_SLUG.get(theme_slug(word)):
                yield self.triple(node, "dcat:theme", self.iri(term.uri))
                label, scheme = self.text(term.label, "fr"), self.iri(terms.THEME_TABLE)
                yield from self.once(term.uri, "skos:Concept", ("skos:prefLabel", label), ("skos:inScheme", scheme))
        if code := terms.LANGUAGES.get(default["language"]):
            language = f"{terms.AUTHORITY}language/{code}"
            yield self.triple(node, "dcterms:language", self.iri(language))
            yield from self.once(language, "dcterms:LinguisticSystem")
        # A card may tell it in words of its own; the graph needs a term of the authority table.
        if term := FREQUENCY_BY_SLUG.get(frequency_slug(dcat["accrualperiodicity"] or "")):
            yield self.triple(node, "dcterms:accrualPeriodicity", self.iri(term.uri))
            yield from self.once(term.uri, "dcterms:Frequency")

    def coverage(self, node: NamedNode, row: dict[str, Any]) -> Iterator[Triple]:
        default, dcat = row["metas"]["default"], row["metas"]["dcat"]
        box = default["bbox"]
        if box or dcat["spatial"]:
            place = self.blank()
            yield self.triple(node, "dcterms:spatial", place)
            yield from self.about(
                place,
                "dcterms:Location",
                ("skos:prefLabel", self.text(dcat["spatial"], "fr") if dcat["spatial"] else None),
                ("dcat:bbox", self.typed(_wkt(box), "gsp:wktLiteral") if box else None),
                ("locn:geometry", self.typed(json.dumps(box["geometry"]), terms.GEOJSON) if box else None),
            )
        start, end = dcat["temporal_coverage_start"], dcat["temporal_coverage_end"]
        if start or end:
            period = self.blank()
            yield self.triple(node, "dcterms:temporal", period)
            yield from self.about(
                period,
                "dcterms:PeriodOfTime",
                ("dcat:startDate", self.typed(start, "xsd:date") if start else None),
                ("dcat:endDate", self.typed(end, "xsd:date") if end else None),
            )

    def distribution(self, node: NamedNode, row: dict[str, Any], export: ExportFormat) -> Iterator[Triple]:
        default, dcat = row["metas"]["default"], row["metas"]["dcat"]
        address = export_address(self.card, row["dataset_id"], export)
        media = terms.MEDIA_TYPES + media_type(export)
        code = export.listed.file_type
        file_type = f"{terms.AUTHORITY}file-type/{code}" if code else ""
        yield self.triple(node, "dcat:distribution", self.iri(address))
        language = terms.LANGUAGES.get(default["language"])
        yield from self.about(
            self.iri(address),
            "dcat:Distribution",
            ("dcterms:title", self.text(f"{row['dataset_id']}.{export.name}")),
            ("dcterms:description", self.text(export.advice, "fr")),
            ("dcat:accessURL", self.iri(address)),
            ("dcat:downloadURL", self.iri(address)),
            ("dcterms:format", self.iri(file_type) if file_type else None),
            ("dcat:mediaType", self.iri(media)),
            ("dcterms:license", self.address(default["license_url"])),
            ("dcterms:language", self.iri(f"{terms.AUTHORITY}language/{language}") if language else None),
            ("dcterms:issued", self.instant(dcat["issued"])),
            ("dcterms:modified", self.instant(default["data_processed"])),
            ("dcatap:availability", self.iri(terms.AVAILABLE)),
        )
        yield from self.once(terms.AVAILABLE, "skos:Concept", ("skos:prefLabel", self.text("available", "en")))
        yield from self.once(media, "dcterms:MediaType")
        if file_type:
            yield from self.once(file_type, "dcterms:MediaTypeOrExtent")

    # -- values

    def page_of(self, row: dict[str, Any]) -> str:
        return f"{self.card.origin}/explore/dataset/{quote(row['dataset_id'])}/"

    def exports_of(self, row: dict[str, Any]) -> list[ExportFormat]:
        return listed_exports(self.card, row)

    def instant(self, text: str | None) -> Literal | None:
        return self.typed(text, "xsd:dateTime") if text else None

    def words(self, text: str | None) -> Literal | None:
        return self.text(text) if text else None

    def address(self, text: str | None) -> NamedNode | None:
        if not text or urlsplit(text).scheme not in ("http", "https"):
            return None
        return self.iri(quote(text, safe="%/:=&?~#+!$,;'@()*[]"))

    def mailbox(self, email: str | None) -> NamedNode | None:
        return self.iri(f"mailto:{quote(email, safe='@')}") if email else None


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
    return f"{card.origin}/api/explore/v2.1/catalog/datasets/{quote(dataset_id)}/exports/{export.name}{labels}"


def media_type(export: ExportFormat) -> str:
    """The media type a catalogue states for a format."""
    return export.listed.media_type or export.media_type.partition(";")[0]


def _by_subject(triples: Iterable[Triple]) -> list[Triple]:
    """The same triples, all that is said of a thing together: harvesters that read the XML as a tree expect it."""
    things: dict[Any, list[Triple]] = {}
    for triple in triples:
        things.setdefault(triple.subject, []).append(triple)
    return [triple for said in things.values() for triple in said]


def _wkt(box: dict[str, Any]) -> str:
    (ring,) = box["geometry"]["coordinates"]
    return "POLYGON((" + ", ".join(f"{x} {y}" for x, y in ring) + "))"
