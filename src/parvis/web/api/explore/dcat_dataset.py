"""One dataset of the graph: what its card says."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import batched
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from parvis.core import hvd
from parvis.core.closures import CLOSURE_BY_SLUG, Closure
from parvis.core.metadata import FREQUENCY_BY_SLUG, LICENCES, THEME_BY_SLUG, frequency_slug, theme_slug
from parvis.core.sources.origins import origin_page, statement_of
from parvis.hub.addresses import page_elsewhere
from parvis.web.api.explore import dcat_terms as terms
from parvis.web.api.explore.dcat import Graph, GraphPage
from parvis.web.api.explore.dcat_access import documents, files, services
from parvis.web.api.explore.dcat_facts import NOTHING, Box, Facts
from parvis.web.api.explore.dcat_inspire import inspire
from parvis.web.api.explore.dcat_service import service_triples

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, NamedNode, Triple

    from parvis.hub.dataservices.cards import ServiceCard

    type Node = NamedNode | BlankNode

_CHUNK = 50
_LICENCE_OF_ADDRESS = {licence.url.rstrip("/"): licence.slug for licence in LICENCES if licence.url}


def chunks(
    graph: Graph,
    objects: Iterable[dict[str, Any]],
    page: GraphPage | None,
    service_cards: Iterable[ServiceCard] = (),
) -> Iterator[list[Triple]]:
    """The triples of the catalogue, a few datasets at a time, then its services; all that is said of a thing together."""
    triples = list(graph.catalogue(page))
    for rows in batched(objects, _CHUNK, strict=False):
        facts = graph.card.facts([row["dataset_id"] for row in rows if row["data_visible"]])
        for row in rows:
            triples.extend(DatasetEntry(graph, row, facts.get(row["dataset_id"], NOTHING)).triples())
        yield _by_subject(triples)
        triples = []
    for card in service_cards:
        triples.extend(service_triples(graph, card))
    if triples:
        yield _by_subject(triples)


@dataclass(slots=True)
class DatasetEntry:
    """A dataset (its object, with application metadata) that is being told in a graph."""

    graph: Graph
    row: dict[str, Any]
    facts: Facts
    terms_of_use: list[tuple[str, Any]] = field(default_factory=list)
    """Licence and law, as they are said of the dataset, of each of its files and services."""
    contact: Node | None = None

    @property
    def default(self) -> dict[str, Any]:
        """The basic metadata."""
        values: dict[str, Any] = self.row["metas"]["default"]
        return values

    @property
    def dcat(self) -> dict[str, Any]:
        """The metadata for other catalogues."""
        values: dict[str, Any] = self.row["metas"]["dcat"]
        return values

    @property
    def own(self) -> dict[str, Any]:
        """What Parvis alone tells."""
        values: dict[str, Any] = self.row["metas"]["parvis"]
        return values

    @property
    def identifier(self) -> str:
        """What it is known by, whatever it is called since."""
        return self.own.get("identifier") or self.row["dataset_id"]

    @property
    def address(self) -> str:
        """What names it."""
        return f"{self.graph.card.origin}/explore/dataset/{quote(self.identifier)}/"

    @property
    def page(self) -> str:
        """Its page for people."""
        return f"{self.graph.card.origin}/explore/dataset/{quote(self.row['dataset_id'])}/"

    @property
    def landing_page(self) -> str:
        """The same without a redirection; what Opendatasoft's exports say there is the address of the dataset."""
        return f"{self.page}information/" if self.graph.card.whole else self.page

    @property
    def publisher(self) -> NamedNode:
        """Who publishes it."""
        return self.graph.iri(self.graph.card.agent_of(self.own["organisation"]))

    @property
    def lang(self) -> str:
        """The language of its card."""
        return self.default["language"] or "fr"

    @property
    def words(self) -> dict[str, dict[str, Any]]:
        """Title, description and keywords in each language of the card, its own first: harvesters that take one literal take that."""
        default = self.default
        own = {"title": default["title"], "description": default["description"], "keywords": default["keyword"]}
        return self.own.get("translations") or {self.lang: own}

    @property
    def classes(self) -> list[tuple[str, Any]]:
        """Themes and keywords, as they are said of the dataset and of its services."""
        graph, default = self.graph, self.default
        slugs = [theme_slug(word) for word in default["theme"] or ()]
        addresses = [THEME_BY_SLUG[slug].uri for slug in slugs if slug in THEME_BY_SLUG]
        # Harvesters of udata look for the categories of high value among themes.
        return [
            *(("dcat:theme", graph.iri(address)) for address in (*addresses, *(term.uri for term in self.high_value))),
            *(
                ("dcat:keyword", graph.text(word, lang))
                for lang, words in self.words.items()
                for word in words.get("keywords") or ()
            ),
            *(("dcatap:hvdCategory", graph.iri(term.uri)) for term in self.high_value),
        ]

    @property
    def high_value(self) -> list[Any]:
        """Its categories of high value."""
        return [hvd.CATEGORY_BY_SLUG[slug] for slug in self.own.get("hvd") or () if slug in hvd.CATEGORY_BY_SLUG]

    @property
    def closures(self) -> list[Closure]:
        """Why it is not open to all."""
        return [CLOSURE_BY_SLUG[slug] for slug in self.own.get("closure") or () if slug in CLOSURE_BY_SLUG]

    def triples(self) -> Iterator[Triple]:
        """All that is said of it, its files and its services."""
        graph, default, dcat = self.graph, self.default, self.dcat
        node = graph.iri(self.address)
        graph.begin(self.address)
        graph.datasets.add(self.address)
        licence = yield from self._licence()
        self.terms_of_use.append(("dcterms:license", licence))
        if self.high_value:
            self.terms_of_use.append(("dcatap:applicableLegislation", graph.iri(hvd.LEGISLATION)))
        self.contact = yield from self._contact()
        standard = graph.address(dcat["conforms_to"])
        yield graph.triple(graph.iri(graph.card.address), "dcat:dataset", node)
        yield from graph.about(
            node,
            "dcat:Dataset",
            ("dcterms:identifier", graph.text(self.identifier)),
            *(
                ("dcterms:title", graph.text(words["title"], lang))
                for lang, words in self.words.items()
                if "title" in words
            ),
            *(
                ("dcterms:description", graph.text(text, lang))
                for lang, words in self.words.items()
                if (text := words.get("description") or words.get("title"))
            ),
            ("dcterms:issued", graph.instant(dcat["issued"])),
            ("dcterms:date", graph.instant(default["modified"])),
            ("dcterms:modified", graph.instant(default["modified"])),
            ("dcterms:created", graph.instant(dcat["created"])),
            ("dcterms:contributor", graph.words(dcat["contributor"])),
            ("dcterms:conformsTo", standard),
            ("dcat:version", graph.words(self.own.get("version"))),
            ("dcat:landingPage", graph.iri(self.landing_page)),
            ("dcterms:publisher", self.publisher),
            ("dcat:contactPoint", self.contact),
            *self.terms_of_use,
            *self.classes,
            *(("dcterms:subject", graph.words(word)) for word in default["theme"] or ()),
        )
        yield from graph.once(self.landing_page, "foaf:Document")
        if standard is not None:
            yield from graph.once(standard.value, "dcterms:Standard")
        for part in (self._people, self._rights, self._vocabulary, self._coverage, self._origin):
            yield from part(node)
        if graph.card.whole:
            yield from inspire(self, node)
        yield from files(self)
        if graph.card.whole:
            yield from documents(self)
            yield from services(self)

    def _people(self, node: NamedNode) -> Iterator[Triple]:
        graph, own = self.graph, self.own
        yield from graph.agent(own["organisation"], self.default["publisher"], own["organisation_kind"])
        creator = self.dcat["creator"]
        if not graph.card.whole:
            yield graph.triple(node, "dcterms:creator", self.publisher)
        elif creator and creator != self.default["publisher"]:
            agent = graph.blank()
            yield graph.triple(node, "dcterms:creator", agent)
            yield from graph.about(agent, "foaf:Agent", ("foaf:name", graph.text(creator)))

    def _contact(self) -> Generator[Triple, None, BlankNode]:
        """Whom to ask: somebody always answers for the data, at worst by the page of the organisation."""
        graph, dcat = self.graph, self.dcat
        email = graph.mailbox(dcat["contact_email"] or graph.card.contact_email)
        contact = graph.blank()
        yield from graph.about(
            contact,
            "vcard:Kind",
            ("vcard:fn", graph.text(dcat["contact_name"] or self.default["publisher"])),
            ("vcard:hasEmail", email),
            ("vcard:hasURL", None if email else self.publisher),
        )
        return contact

    def _licence(self) -> Generator[Triple, None, Node | None]:
        """The licence, by its address; one that has none, by its words."""
        graph, default = self.graph, self.default
        address = graph.address(default["license_url"])
        if address is None:
            if not default["license"]:
                return None
            words = graph.blank()
            yield from graph.about(
                words, "dcterms:LicenseDocument", ("rdfs:label", graph.text(default["license"], "fr"))
            )
            return words
        code = terms.LICENCE_TYPES.get(_LICENCE_OF_ADDRESS.get(address.value.rstrip("/"), ""))
        kind = f"{terms.LICENCE_TYPE}/{code[0]}" if code else ""
        yield from graph.once(
            address.value,
            "dcterms:LicenseDocument",
            ("rdfs:label", graph.text(default["license"], "fr") if default["license"] else None),
            ("dcterms:type", graph.iri(kind) if kind else None),
        )
        if code:
            yield from graph.listed(kind, "skos:Concept", code[1])
        return address

    def _rights(self, node: NamedNode) -> Iterator[Triple]:
        graph, default, dcat = self.graph, self.default, self.dcat
        if default["license"]:
            statement, label = graph.blank(), graph.text(default["license"], "fr")
            yield graph.triple(node, "dcterms:rights", statement)
            # Harvesters that find no label take the name of the node for it.
            pairs = ("skos:prefLabel", label), ("rdfs:label", label)
            yield from graph.about(statement, "dcterms:RightsStatement", *pairs)
        if not self.row["data_visible"]:
            statement = graph.blank()
            yield graph.triple(node, "dcterms:rights", statement)
            words = graph.text(f"Données sur demande à {default['publisher']}.", "fr")
            yield from graph.about(statement, "dcterms:RightsStatement", ("rdfs:label", words))
        for closure in self.closures:
            statement = graph.blank()
            yield graph.triple(node, "dcterms:rights", statement)
            label = graph.text(f"{closure.label} ({closure.article})", "fr")
            yield from graph.about(statement, "dcterms:RightsStatement", ("rdfs:label", label))
        if note := self.own.get("closure_note"):
            statement = graph.blank()
            yield graph.triple(node, "dcterms:rights", statement)
            yield from graph.about(statement, "dcterms:RightsStatement", ("rdfs:label", graph.text(note, self.lang)))
        rights = f"{terms.AUTHORITY}access-right/{dcat['accessRights']}"
        yield graph.triple(node, "dcterms:accessRights", graph.iri(rights))
        yield from graph.listed(rights, "dcterms:RightsStatement")
        if self.high_value:
            yield from graph.once(hvd.LEGISLATION, "eli:LegalResource")

    def _vocabulary(self, node: NamedNode) -> Iterator[Triple]:
        """The terms that it is described with."""
        graph, default, dcat = self.graph, self.default, self.dcat
        for slug in map(theme_slug, default["theme"] or ()):
            if term := THEME_BY_SLUG.get(slug):
                yield from graph.listed(term.uri, "skos:Concept", term.label)
        for term in self.high_value:
            label, scheme = graph.text(term.label, "fr"), graph.iri(terms.HIGH_VALUE_TABLE)
            yield from graph.once(term.uri, "skos:Concept", ("skos:prefLabel", label), ("skos:inScheme", scheme))
        if code := terms.LANGUAGES.get(default["language"]):
            language = f"{terms.AUTHORITY}language/{code}"
            yield graph.triple(node, "dcterms:language", graph.iri(language))
            yield from graph.listed(language, "dcterms:LinguisticSystem")
        # A card may tell it in words of its own; the graph needs a term of the authority table.
        if frequency := FREQUENCY_BY_SLUG.get(frequency_slug(dcat["accrualperiodicity"] or "")):
            yield graph.triple(node, "dcterms:accrualPeriodicity", graph.iri(frequency.uri))
            yield from graph.listed(frequency.uri, "dcterms:Frequency")

    def _coverage(self, node: NamedNode) -> Iterator[Triple]:
        graph, dcat, places = self.graph, self.dcat, self.facts.places
        for place in places:
            yield graph.triple(node, "dcterms:spatial", graph.iri(place.address))
            label = graph.text(place.name, "fr")
            code = ("dcterms:identifier", graph.text(place.code))
            yield from graph.once(
                place.address, "dcterms:Location", code, ("skos:prefLabel", label), *graph.middle_of(place.box)
            )
        words = dcat["spatial"]
        if words == ", ".join(place.name for place in places):
            words = None  # the territories say it themselves
        box = _box(self.default["bbox"]) or _around(place.box for place in places)
        if words or box:
            spot = graph.blank()
            yield graph.triple(node, "dcterms:spatial", spot)
            label_pair = ("skos:prefLabel", graph.text(words, "fr") if words else None)
            yield from graph.about(spot, "dcterms:Location", label_pair, *graph.middle_of(box), *graph.extent_of(box))
        start, end = dcat["temporal_coverage_start"], dcat["temporal_coverage_end"]
        if start or end:
            period = graph.blank()
            yield graph.triple(node, "dcterms:temporal", period)
            yield from graph.about(
                period,
                "dcterms:PeriodOfTime",
                ("dcat:startDate", graph.typed(start, "xsd:date") if start else None),
                ("dcat:endDate", graph.typed(end, "xsd:date") if end else None),
            )

    def _origin(self, node: NamedNode) -> Iterator[Triple]:
        """Where the data come from: in words, and the page of the source, which nothing says to be a dataset."""
        graph, default = self.graph, self.default
        source = graph.address(default["references"])
        if source is not None:
            yield graph.triple(node, "dcterms:relation" if graph.card.whole else "dcterms:source", source)
        elsewhere = page_elsewhere(
            graph.card.origin, self.row["dataset_id"], self.row["metas"]["parvis"].get("identifier", "")
        )
        if origin := origin_page(default) or elsewhere:  # what the same dataset is called where it was first taken from
            name = (
                graph.address(f"{origin}#identifier") or graph.blank()
            )  # an address is kept by who keeps no nodes (CKAN)
            yield graph.triple(node, "adms:identifier", name)
            yield from graph.about(name, "adms:Identifier", ("skos:notation", graph.typed(origin, "xsd:anyURI")))
            statement = graph.blank()  # what udata keeps of it
            yield graph.triple(node, "dcterms:provenance", statement)
            label = ("rdfs:label", graph.text(statement_of(origin), "fr"))
            yield from graph.about(statement, "dcterms:ProvenanceStatement", label)
        words = "; ".join(default["attributions"] or ())
        portal = default["source_domain_title"] or default["source_domain"] or default["source_domain_address"]
        if default["federated"]:
            words = f"{words} (données lues à chaque question sur le portail d’origine{f' {portal}' if portal else ''})"
        if words.strip():
            statement = graph.blank()
            yield graph.triple(node, "dcterms:provenance", statement)
            label = ("rdfs:label", graph.text(words.strip(), "fr"))
            yield from graph.about(statement, "dcterms:ProvenanceStatement", label)


def _box(feature: dict[str, Any] | None) -> Box | None:
    if feature is None:
        return None
    (ring,) = feature["geometry"]["coordinates"]
    (west, south), (east, north) = ring[0], ring[2]
    return west, south, east, north


def _around(boxes: Iterable[Box | None]) -> Box | None:
    drawn = [box for box in boxes if box is not None]
    if not drawn:
        return None
    wests, souths, easts, norths = zip(*drawn, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def _by_subject(triples: Iterable[Triple]) -> list[Triple]:
    """The same triples, all that is said of a thing together: harvesters that read the XML as a tree expect it."""
    things: dict[Any, list[Triple]] = {}
    for triple in triples:
        things.setdefault(triple.subject, []).append(triple)
    return [triple for rows in things.values() for triple in rows]
