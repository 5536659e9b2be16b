"""DCAT and DCAT-AP (its French use included): a catalogue in RDF, page after page by Hydra."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from parvis.core.hvd import CATEGORIES
from parvis.core.sources.contract import Item, Page, Refusal, Request, Resource, Settings
from parvis.core.sources.dcat_services import services_of
from parvis.core.sources.origins import first_page
from parvis.core.sources.paging import base_url, page_of
from parvis.core.sources.rdf import (
    ADMS,
    DCAT,
    DCATAP,
    DCT,
    FOAF,
    HYDRA,
    LOCN,
    ORG,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    SPDX,
    TIME,
    VCARD,
    Graph,
    Literal,
    Node,
    Term,
    first_of,
    read_graph,
)
from parvis.core.sources.translations import code_of, translations_extra
from parvis.core.sources.values import (
    Box,
    address,
    box_of_text,
    digest,
    email,
    keywords,
    moment,
    period,
    plain,
    resource,
    resources,
    short,
    size,
    stable,
)
from parvis.core.sources.vocabulary import frequency_of, language_of, licence_slug, plain_theme, service_of, theme_slug
from parvis.core.translation import SOURCE, gettext_noop

MOST_ITEMS: Final = 20_000
ACCEPT: Final = "application/rdf+xml, text/turtle;q=0.9, application/ld+json;q=0.8, application/trig;q=0.7"
_CRS = re.compile(r"/def/crs/|epsg", re.IGNORECASE)
_HIGH_VALUE = frozenset(category.uri for category in CATEGORIES)
_INSEE = re.compile(r"(?:id|rdf)\.insee\.fr/geo/.*?(?:[A-Z]{3}_|/)(\d[0-9AB]\d{0,3}|\d{9})$")


class Dcat:
    """DCAT: RDF/XML, Turtle, TriG, N-Triples or JSON-LD, pages linked by ``hydra:next`` or ``hydra:nextPage``."""

    slug = "dcat"
    label = gettext_noop("Un catalogue DCAT (RDF)")
    options: tuple[str, ...] = ()
    incremental = False

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """The address of the source itself."""
        return (Request(base_url(settings.url), headers={"Accept": ACCEPT}),)

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """The datasets that a page describes; those that it only mentions are described on another."""
        graph = read_graph(answer, request.url)
        items: list[Item] = []
        refusals: list[Refusal] = []
        nodes = _datasets(graph)
        for node in nodes[:MOST_ITEMS]:
            reading = _Reading(graph, node, settings.url)
            identifier, title = reading.identifier(), short(graph.text(node, DCT + "title", RDFS + "label"))
            if not identifier:
                refusals.append(Refusal("", f"Sans identifiant ni adresse : {title}"))
            elif not title:
                refusals.append(Refusal(identifier, "Sans titre."))
            else:
                items.append(reading.item(identifier, title))
        if len(nodes) > MOST_ITEMS:
            refusals.append(
                Refusal("", f"Plus de {MOST_ITEMS} jeux de données sur une page : les suivants ne sont pas lus.")
            )
        services, others = services_of(
            graph, settings.url, lambda node: _Reading(graph, node, settings.url).identifier()
        )
        page = Page(tuple(items), (*refusals, *others), (), _total(graph), services)
        return page_of(page, request, _next(graph, request.url))


def _datasets(graph: Graph) -> list[Node]:
    """Nodes typed as datasets and series, and what a catalogue lists and that has a title."""
    taken: dict[Node, None] = {}
    for kind in ("Dataset", "DatasetSeries"):
        for node in graph.subjects(RDF + "type", DCAT + kind):
            if graph.objects(node, DCT + "title", DCT + "identifier", DCT + "description", DCAT + "distribution"):
                taken[node] = None
    for _, value in graph.having(DCAT + "dataset"):
        if isinstance(value, Node) and graph.objects(value, DCT + "title"):
            taken[value] = None
    return list(taken)


def _total(graph: Graph) -> int | None:
    for _, value in graph.having(HYDRA + "totalItems"):
        if re.fullmatch(r"\d{1,9}", value):
            return int(value)
    return None


def _next(graph: Graph, url: str) -> str:
    """The next page, by the node of this page when several have one."""
    pairs = [pair for name in ("next", "nextPage") for pair in graph.having(HYDRA + name)]
    own = [value for subject, value in pairs if subject.address == url] or [value for _, value in pairs]
    return str(own[0]) if own else ""


class _Reading:
    """One dataset of a graph."""

    def __init__(self, graph: Graph, node: Node, home: str) -> None:
        self.graph, self.node, self.home = graph, node, home
        self.records = [
            *graph.nodes(node, FOAF + "isPrimaryTopicOf"),
            *graph.subjects(FOAF + "primaryTopic", node),
        ]

    def identifier(self) -> str:
        """Its identifier, or that of its record, where these are no addresses; else the address without what a move would change."""
        graph, own = self.graph, DCT + "identifier"
        declared = [text for node in (self.node, *self.records) for text in map(str, graph.texts(node, own))]
        declared += [graph.text(node, SKOS + "notation") for node in graph.nodes(self.node, ADMS + "identifier")]
        addresses = [*graph.nodes(self.node, own), self.node]
        words = [text.strip() for text in declared if text.strip() and "://" not in text]
        rest = [text for text in (*declared, *(node.address for node in addresses)) if "://" in text]
        return stable(first_of([*words, *rest]), self.home)

    def item(self, identifier: str, title: str) -> Item:
        """All that the card has a place for."""
        graph, node = self.graph, self.node
        publisher = self._agent()
        contact_name, contact_email = self._contact()
        distributions = graph.nodes(node, DCAT + "distribution", ADMS + "sample")
        start, end = self._period()
        labels, rectangle = self._places()
        themes, other_words = self._themes()
        standards = [self._named(term) for term in graph.objects(node, DCT + "conformsTo")]
        issued = first_of(moment(graph.value(node, DCT + name)) for name in ("issued", "created"))
        own, translations = self._languages()
        return Item(
            identifier=identifier,
            title=title,
            description=plain(graph.text(node, DCT + "description", DCT + "abstract")),
            landing_page=first_of(
                [address(graph.value(node, DCAT + "landingPage", FOAF + "page")), address(node.address)]
            ),
            publisher=short(graph.label(publisher)) if publisher is not None else "",
            publisher_id=self._agent_id(publisher),
            contact_name=contact_name,
            contact_email=contact_email,
            licence=self._licence(distributions),
            frequency=frequency_of(
                graph.value(node, DCT + "accrualPeriodicity") or self._label(DCT + "accrualPeriodicity")
            ),
            keywords=keywords([*self._own_keywords(own if translations else ""), *other_words]),
            themes=keywords(themes),
            spatial=keywords(labels),
            bbox=rectangle,
            temporal_start=start,
            temporal_end=end,
            issued=issued,
            modified=first_of(moment(graph.value(node, DCT + name)) for name in ("modified", "date")),
            language=first_of(language_of(self._named(term)) for term in graph.objects(node, DCT + "language")),
            conforms_to=keywords(word for word in standards if word and not _CRS.search(word)),
            resources=resources([*map(self._distribution, distributions), *self._services()]),
            extras={**self._extras(standards), **translations},
        )

    def _languages(self) -> tuple[str, dict[str, str]]:
        """The language in which it is read, and what it says in others, as an extra."""
        graph, node = self.graph, self.node
        titles = graph.texts(node, DCT + "title")
        own = code_of(titles[0].language) if titles else ""
        own = own or SOURCE
        pairs = (
            [(text.language, clean(str(text))) for text in graph.texts(node, *names)]
            for names, clean in (
                ((DCT + "title",), short),
                ((DCT + "description", DCT + "abstract"), plain),
                ((DCAT + "keyword",), short),
            )
        )
        return own, translations_extra(own, *pairs)

    def _own_keywords(self, own: str) -> list[Literal]:
        """Its keywords; those of the language in which it is read, or of none, when it says them in others too."""
        words = self.graph.texts(self.node, DCAT + "keyword")
        mine = [word for word in words if code_of(word.language) in ("", own)]
        return mine if own and mine else words

    def _named(self, term: Term) -> str:
        return term.address or self.graph.label(term) if isinstance(term, Node) else str(term)

    def _label(self, predicate: str) -> str:
        return first_of(self.graph.label(term) for term in self.graph.objects(self.node, predicate))

    def _agent(self) -> Term | None:
        """Who publishes, else who made it or holds its rights."""
        graph = self.graph
        agents = graph.objects(self.node, DCT + "publisher", DCT + "creator", DCT + "rightsHolder")
        for attribution in graph.nodes(self.node, PROV + "qualifiedAttribution"):
            agents += graph.objects(attribution, PROV + "agent")
        agents = [
            place for agent in agents for place in (*graph.nodes(agent, ORG + "memberOf"), agent)
        ]  # a person's first
        return next((agent for agent in agents if graph.label(agent).strip()), None)

    def _agent_id(self, agent: Term | None) -> str:
        if not isinstance(agent, Node):
            return ""
        identifier = self.graph.text(agent, DCT + "identifier", ORG + "identifier")
        return short(identifier, 300) or stable(agent.address, self.home)

    def _contact(self) -> tuple[str, str]:
        graph = self.graph
        for node in graph.nodes(self.node, DCAT + "contactPoint", ADMS + "contactPoint"):
            name = short(graph.text(node, VCARD + "fn", VCARD + "organization-name", FOAF + "name"))
            for value in graph.objects(node, VCARD + "hasEmail", VCARD + "email", FOAF + "mbox"):
                text = (
                    graph.value(value, VCARD + "value") if isinstance(value, Node) and not value.address else str(value)
                )
                if written := email(text):
                    return name, written
            if name:
                return name, ""
        return "", ""

    def _licence(self, distributions: Iterable[Node]) -> str:
        """The licence of the dataset, else the rights it declares, else that of its distributions; its words when it is none of ours."""
        graph = self.graph
        words: list[str] = []
        for node, predicate in (
            (self.node, DCT + "license"),
            (self.node, DCT + "rights"),
            *((part, DCT + name) for part in distributions for name in ("license", "rights")),
        ):
            for term in graph.objects(node, predicate):
                labels = [self._named(term), graph.label(term), graph.text(term, RDFS + "label", DCT + "description")]
                labels += [
                    same.address
                    for same in graph.nodes(term, "http://www.w3.org/2002/07/owl#sameAs", SKOS + "exactMatch")
                ]
                if slug := licence_slug(*labels):
                    return slug
                if predicate.endswith("license"):
                    words += labels
        return short(first_of(words), 300)

    def _themes(self) -> tuple[list[str], list[str]]:
        """Themes, and the words of vocabularies of their own (regions, species) that GeoNetwork writes as themes too."""
        themes: list[str] = []
        words: list[str] = []
        for term in self.graph.objects(self.node, DCAT + "theme", DCT + "subject"):
            if isinstance(term, Node) and term.address in _HIGH_VALUE:
                continue  # read as ``hvd_category``: harvesters that know no other property find it among themes
            label = self.graph.label(term)
            slug = first_of(theme_slug(word) for word in (term, label))
            if slug:
                themes.append(slug)
            elif self.graph.objects(term, SKOS + "inScheme"):
                words.append(label)
            else:
                themes.append(plain_theme(label))
        return themes, words

    def _places(self) -> tuple[list[str], Box | None]:
        graph = self.graph
        labels: list[str] = []
        rectangle: Box | None = None
        for term in graph.objects(self.node, DCT + "spatial"):
            code = _INSEE.search(term[:300]) if isinstance(term, Node) else None
            label = graph.label(term) if isinstance(term, Node) else str(term)
            geometries = graph.texts(term, DCAT + "bbox", LOCN + "geometry")
            rectangle = rectangle or next((read for literal in geometries if (read := box_of_text(literal))), None)
            if isinstance(term, Literal) and (read := box_of_text(term)):
                rectangle = rectangle or read
                continue
            labels.append(code[1] if code else label)
        return labels, rectangle

    def _period(self) -> tuple[str, str]:
        graph = self.graph
        for term in graph.objects(self.node, DCT + "temporal"):
            if isinstance(term, Literal):
                start, end = period(str(term))
            else:
                start = moment(graph.value(term, DCAT + "startDate", *(s + "startDate" for s in SCHEMA)), 1000, 2500)
                end = moment(graph.value(term, DCAT + "endDate", *(s + "endDate" for s in SCHEMA)), 1000, 2500)
                start = start or self._edge(term, TIME + "hasBeginning")
                end = end or self._edge(term, TIME + "hasEnd")
            if start or end:
                return start, end
        return "", ""

    def _edge(self, term: Node, predicate: str) -> str:
        names = ("inXSDDateTimeStamp", "inXSDDateTime", "inXSDDate", "inXSDgYear")
        return first_of(
            moment(self.graph.text(node, *(TIME + name for name in names)), 1000, 2500)
            for node in self.graph.nodes(term, predicate)
        )

    def _distribution(self, node: Node) -> Resource:
        graph = self.graph
        title = short(graph.text(node, DCT + "title", RDFS + "label"))
        checksum = next(iter(graph.nodes(node, SPDX + "checksum")), None)
        kinds = [self._named(term) for term in graph.objects(node, DCT + "format", DCAT + "mediaType")]
        labels = [graph.label(term) for term in graph.objects(node, DCT + "format")]
        services = graph.nodes(node, DCAT + "accessService")
        standards = [self._named(term) for term in graph.objects(node, DCT + "conformsTo")]
        standards += [self._named(term) for service in services for term in graph.objects(service, DCT + "conformsTo")]
        media = re.search(r"media-types/([\w.+-]+/[\w.+-]+)$", graph.value(node, DCAT + "mediaType")[:300])
        return resource(
            first_of(
                [
                    address(graph.value(node, DCAT + "downloadURL"), self.home),
                    address(graph.value(node, DCAT + "accessURL"), self.home),
                    *(address(graph.value(service, DCAT + "endpointURL"), self.home) for service in services),
                ]
            ),
            title=title,
            formats=[*kinds, *labels],
            media_type=media[1] if media else short(graph.text(node, DCAT + "mediaType"), 100),
            bytes=size(graph.text(node, DCAT + "byteSize")),
            modified=moment(graph.value(node, DCT + "modified", DCT + "issued")),
            digest=digest(graph.value(checksum, SPDX + "algorithm"), graph.text(checksum, SPDX + "checksumValue")),
            dialect=service_of(*labels, *kinds, *standards),
        )

    def _services(self) -> list[Resource]:
        """Services that say that they serve this dataset."""
        graph = self.graph
        return [
            resource(
                address(graph.value(node, DCAT + "endpointURL"), self.home),
                title=short(graph.text(node, DCT + "title")),
                dialect=service_of(*(self._named(term) for term in graph.objects(node, DCT + "conformsTo"))),
            )
            for node in graph.subjects(DCAT + "servesDataset", self.node)
        ]

    def _extras(self, standards: list[str]) -> dict[str, str]:
        graph = self.graph
        rows = {
            "access_rights": short(self._word(DCT + "accessRights"), 500),
            "provenance": short(self._label(DCT + "provenance"), 1_000),
            "hvd_category": "\n".join(
                self._named(term) for term in graph.objects(self.node, DCATAP + "hvdCategory")[:10]
            ),
            "legislation": "\n".join(
                self._named(term) for term in graph.objects(self.node, DCATAP + "applicableLegislation")[:10]
            ),
            "crs": first_of(word for word in standards if _CRS.search(word))[:300],
            "acronym": short(graph.text(self.node, SKOS + "altLabel"), 100),
            "origin": first_page(self._other_names()),
            "in_series": self._word(DCAT + "inSeries")[:500],
        }
        return {name: value for name, value in rows.items() if value}

    def _other_names(self) -> list[str]:
        """What it is called elsewhere."""
        graph, own = self.graph, ADMS + "identifier"
        # Catalogues that pass it on make of its node an address, or a text.
        notations = [graph.text(node, SKOS + "notation") for node in graph.nodes(self.node, own)]
        return [*notations, *map(self._named, graph.objects(self.node, own))]

    def _word(self, predicate: str) -> str:
        return first_of(
            self.graph.label(term) or self._named(term) for term in self.graph.objects(self.node, predicate)
        )


DIALECT = Dcat()
