"""The services that a graph of DCAT lists beside its datasets: ``dcat:DataService``, with the datasets that each says it serves."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from parvis.core.sources.contract import Refusal, ToldService
from parvis.core.sources.rdf import DCAT, DCT, FOAF, RDF, RDFS, VCARD, Graph, Node, first_of
from parvis.core.sources.values import address, email, keywords, plain, short
from parvis.core.sources.vocabulary import licence_slug, theme_slug

MOST_SERVICES: Final = 5_000
"""Services of one page."""
MOST_SERVED: Final = 100
_STANDARDS: Final = (
    (re.compile(r"wmts", re.IGNORECASE), "wmts"),
    (re.compile(r"wms", re.IGNORECASE), "wms"),
    (re.compile(r"wfs", re.IGNORECASE), "wfs"),
    (re.compile(r"csw", re.IGNORECASE), "csw"),
    (re.compile(r"ogcapi|oapif", re.IGNORECASE), "ogc-api"),
    (re.compile(r"odata", re.IGNORECASE), "odata"),
    (re.compile(r"sparql", re.IGNORECASE), "sparql"),
    (re.compile(r"gtfs.*realtime|gtfs-rt", re.IGNORECASE), "gtfs-rt"),
    (re.compile(r"siri", re.IGNORECASE), "siri"),
    (re.compile(r"sensorthings|iot_sensing", re.IGNORECASE), "sensorthings"),
    (re.compile(r"ngsi", re.IGNORECASE), "ngsi-ld"),
    (re.compile(r"modelcontextprotocol", re.IGNORECASE), "mcp"),
)
"""Standards by what their addresses and names hold."""


def services_of(
    graph: Graph, home: str, identified: Callable[[Node], str]
) -> tuple[tuple[ToldService, ...], tuple[Refusal, ...]]:
    """Those that the catalogue lists, and those that are there in their own right; what a distribution has of its own is part of its
    dataset. ``identified`` gives the identifier of a dataset, or of a service, as items have it."""
    listed = [value for _subject, value in graph.having(DCAT + "service") if isinstance(value, Node)]
    of_distributions = {value for _subject, value in graph.having(DCAT + "accessService")}
    typed = graph.subjects(RDF + "type", DCAT + "DataService")
    services: list[ToldService] = []
    refusals: list[Refusal] = []
    nodes = [node for node in dict.fromkeys((*listed, *typed)) if node not in of_distributions]
    for node in nodes[:MOST_SERVICES]:
        identifier, title = identified(node), short(graph.text(node, DCT + "title", RDFS + "label"))
        if not title:
            continue  # an address of data, that its dataset tells
        if not identifier:
            refusals.append(Refusal("", f"Service sans identifiant ni adresse : {title}"))
            continue
        services.append(_service(graph, node, home, identifier, title, identified))
    return tuple(services), tuple(refusals)


def _service(
    graph: Graph, node: Node, home: str, identifier: str, title: str, identified: Callable[[Node], str]
) -> ToldService:
    publisher = next(
        (term for term in graph.objects(node, DCT + "publisher", DCT + "creator") if graph.label(term)), None
    )
    endpoints = [address(_address(term), home) for term in graph.objects(node, DCAT + "endpointURL")]
    standards = [f"{_address(term)} {graph.label(term)}" for term in graph.objects(node, DCT + "conformsTo")]
    standards += [graph.value(node, DCT + "type")]
    served = (identified(term) for term in graph.nodes(node, DCAT + "servesDataset"))
    contact_name, contact_email = _contact(graph, node)
    landing_page = address(graph.value(node, DCAT + "landingPage"), home)
    pages = [address(_address(term), home) for term in graph.objects(node, FOAF + "page")]
    return ToldService(
        identifier=identifier,
        title=title,
        description=plain(graph.text(node, DCT + "description", DCT + "abstract")),
        landing_page=first_of([landing_page, address(node.address)]),
        publisher=short(graph.label(publisher)) if publisher is not None else "",
        kind=first_of(slug for words in standards for pattern, slug in _STANDARDS if pattern.search(words[:500])),
        endpoints=tuple(dict.fromkeys(filter(None, endpoints)))[:10],
        description_address=address(graph.value(node, DCAT + "endpointDescription"), home),
        documentation=first_of(page for page in pages if page != landing_page),
        version=short(graph.value(node, DCAT + "version"), 40),
        licence=_licence(graph, node),
        access=_access(graph, node),
        contact_name=contact_name,
        contact_email=contact_email,
        keywords=keywords(graph.texts(node, DCAT + "keyword")),
        themes=tuple(
            dict.fromkeys(
                slug
                for term in graph.objects(node, DCAT + "theme")
                if (slug := theme_slug(_address(term)) or theme_slug(graph.label(term)))
            )
        ),
        serves=tuple(dict.fromkeys(filter(None, served)))[:MOST_SERVED],
    )


def _address(term: object) -> str:
    return term.address if isinstance(term, Node) else str(term)


def _licence(graph: Graph, node: Node) -> str:
    words = [word for term in graph.objects(node, DCT + "license") for word in (_address(term), graph.label(term))]
    return licence_slug(*words) or short(first_of(words), 300)


def _access(graph: Graph, node: Node) -> str:
    """Only what is told closed is kept: an account that anybody may open is public in the table of Europe."""
    words = " ".join(f"{_address(term)} {graph.label(term)}" for term in graph.objects(node, DCT + "accessRights"))
    return "restricted" if re.search(r"RESTRICTED|NON_PUBLIC|restreint", words[:2_000], re.IGNORECASE) else ""


def _contact(graph: Graph, node: Node) -> tuple[str, str]:
    for contact in graph.nodes(node, DCAT + "contactPoint"):
        name = short(graph.text(contact, VCARD + "fn", VCARD + "organization-name", FOAF + "name"))
        emails = (email(_address(term)) for term in graph.objects(contact, VCARD + "hasEmail", VCARD + "email"))
        return name, first_of(emails)
    return "", ""
