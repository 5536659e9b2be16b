"""One service of the catalogue in the graph: what its card says. Those that each dataset has of itself are in ``dcat_access``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from parvis.core import hvd
from parvis.hub.dataservices.rules import ACCESS_RIGHTS
from parvis.web.api.explore import dcat_terms as terms
from parvis.web.api.explore.dcat_facts import place_of

if TYPE_CHECKING:
    from pyoxigraph import NamedNode, Triple

    from parvis.hub.dataservices.cards import ServiceCard
    from parvis.web.api.explore.dcat import Graph


def service_triples(graph: Graph, card: ServiceCard) -> Iterator[Triple]:
    """All that is said of it."""
    graph.begin(service_address(graph, card.identifier))
    node, publisher = (
        graph.iri(service_address(graph, card.identifier)),
        graph.iri(graph.card.agent_of(card.organisation)),
    )
    page = f"{graph.card.origin}/services/{quote(card.slug)}/"
    contact, access = graph.blank(), f"{terms.AUTHORITY}access-right/{ACCESS_RIGHTS[card.access]}"
    high_value = [hvd.CATEGORY_BY_SLUG[slug] for slug in card.high_value if slug in hvd.CATEGORY_BY_SLUG]
    standard = card.kind.standard
    # High value asks for a page of documentation: at worst, that of the service here.
    manual = graph.address(card.documentation) or graph.iri(page)
    yield graph.triple(graph.iri(graph.card.address), "dcat:service", node)
    yield from graph.about(
        node,
        "dcat:DataService",
        ("dcterms:identifier", graph.text(card.identifier)),
        ("dcterms:title", graph.text(card.title, "fr")),
        ("dcterms:description", graph.text(card.text or card.title, "fr")),
        *_addresses(graph, "dcat:endpointURL", card.endpoints),
        ("dcat:endpointDescription", graph.address(card.description_address)),
        ("dcat:landingPage", graph.iri(page)),
        ("foaf:page", manual),
        ("dcterms:publisher", publisher),
        ("dcat:contactPoint", contact),
        ("dcterms:conformsTo", graph.iri(standard) if standard else None),
        ("dcterms:license", graph.iri(card.licence.url) if card.licence and card.licence.url else None),
        ("dcterms:accessRights", graph.iri(access)),
        ("dcterms:issued", graph.instant(card.issued.isoformat() if card.issued else None)),
        ("dcterms:modified", graph.instant(card.modified.isoformat() if card.modified else None)),
        ("dcat:version", graph.words(card.version)),
        # Harvesters of udata look for the categories of high value among themes.
        *(("dcat:theme", graph.iri(term.uri)) for term in (*card.themes, *high_value)),
        *(("dcat:keyword", graph.text(word, "fr")) for word in card.keywords),
        *(("dcatap:hvdCategory", graph.iri(term.uri)) for term in high_value),
        *([("dcatap:applicableLegislation", graph.iri(hvd.LEGISLATION))] if high_value else []),
    )
    yield from graph.agent(card.organisation, card.organisation_name, card.organisation_kind)
    yield from _contact(graph, card, contact, publisher)
    yield from _terms(graph, card, access)
    for term in high_value:
        label, scheme = graph.text(term.label, "fr"), graph.iri(terms.HIGH_VALUE_TABLE)
        yield from graph.once(term.uri, "skos:Concept", ("skos:prefLabel", label), ("skos:inScheme", scheme))
    for document in dict.fromkeys((page, manual.value)):
        yield from graph.once(document, "foaf:Document")
    if standard:
        yield from graph.once(standard, "dcterms:Standard")
    yield from _served(graph, card, node)
    yield from _coverage(graph, card, node)


def service_address(graph: Graph, identifier: str) -> str:
    """What names a service, whatever the address of its page is since."""
    return f"{graph.card.origin}/services/{quote(identifier)}/"


def _addresses(graph: Graph, name: str, texts: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for text in texts:
        yield name, graph.address(text)


def _contact(graph: Graph, card: ServiceCard, contact: Any, publisher: NamedNode) -> Iterator[Triple]:
    """Whom to ask: somebody always answers for it, at worst by the page of the organisation."""
    email = graph.mailbox(card.contact_email or graph.card.contact_email)
    yield from graph.about(
        contact,
        "vcard:Kind",
        ("vcard:fn", graph.text(card.contact_name or card.organisation_name)),
        ("vcard:hasEmail", email),
        ("vcard:hasURL", None if email else publisher),
    )


def _terms(graph: Graph, card: ServiceCard, access: str) -> Iterator[Triple]:
    """Licence, access and themes."""
    node = graph.iri(service_address(graph, card.identifier))
    yield from graph.listed(access, "dcterms:RightsStatement")
    if card.terms:
        statement, words = graph.blank(), graph.text(card.terms, "fr")
        yield graph.triple(node, "dcterms:rights", statement)
        yield from graph.about(statement, "dcterms:RightsStatement", ("skos:prefLabel", words), ("rdfs:label", words))
    if card.licence and card.licence.url:
        code = terms.LICENCE_TYPES.get(card.licence.slug)
        kind = f"{terms.LICENCE_TYPE}/{code[0]}" if code else ""
        yield from graph.once(
            card.licence.url,
            "dcterms:LicenseDocument",
            ("rdfs:label", graph.text(card.licence.name, "fr")),
            ("dcterms:type", graph.iri(kind) if kind else None),
        )
        if code:
            yield from graph.listed(kind, "skos:Concept", code[1])
    for term in card.themes:
        yield from graph.listed(term.uri, "skos:Concept", term.label)
    if card.high_value:
        yield from graph.once(hvd.LEGISLATION, "eli:LegalResource")


def _served(graph: Graph, card: ServiceCard, node: NamedNode) -> Iterator[Triple]:
    """The datasets that it serves. One that is told on another page of the catalogue is known here by its identifier alone:
    harvesters take what has a title for the whole of its card."""
    for dataset in card.served:
        address = graph.iri(f"{graph.card.origin}/explore/dataset/{quote(dataset.permanent_id)}/")
        yield graph.triple(node, "dcat:servesDataset", address)
        if address.value not in graph.datasets:
            yield graph.triple(address, "dcterms:identifier", graph.text(dataset.permanent_id))


def _coverage(graph: Graph, card: ServiceCard, node: NamedNode) -> Iterator[Triple]:
    if card.territory is None:
        return
    place = place_of(card.territory, card.box)
    yield graph.triple(node, "dcterms:spatial", graph.iri(place.address))
    yield from graph.once(
        place.address,
        "dcterms:Location",
        ("dcterms:identifier", graph.text(place.code)),
        ("skos:prefLabel", graph.text(place.name, "fr")),
        *graph.middle_of(place.box),
    )
