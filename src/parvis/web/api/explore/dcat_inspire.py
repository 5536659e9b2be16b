"""What INSPIRE has in the graph, by GeoDCAT-AP: themes, topics, resolution, reference system, conformity, lineage, who answers for it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from parvis.core.closures import inspire_limits
from parvis.core.inspire.vocabulary import (
    INTEROPERABILITY,
    LIMIT_BY_SLUG,
    NO_LIMIT,
    THEME_BY_SLUG,
    THEME_REGISTER,
    TOPIC_BY_SLUG,
)

if TYPE_CHECKING:
    from pyoxigraph import NamedNode, Triple

    from parvis.web.api.explore.dcat_dataset import DatasetEntry

_ROLES = {
    **{
        role: f"geodcatap:{role}"
        for role in (
            *("custodian", "distributor", "originator", "processor", "resourceProvider", "user"),
            "principalInvestigator",
        )
    },
    "owner": "dcterms:rightsHolder",
    "author": "dcterms:creator",
}
"""Role of ISO 19115 → property; publisher and contact are told of every dataset."""


def inspire(entry: DatasetEntry, node: NamedNode) -> Iterator[Triple]:
    """What its block says, and the limitations on public access that its closed data stands under, in INSPIRE's words."""
    block: dict[str, Any] = entry.own.get("inspire") or {}
    yield from _limits(entry, node, block)
    if not block:
        return
    graph = entry.graph
    for slug in block.get("themes", ()):
        theme = THEME_BY_SLUG[slug]
        yield graph.triple(node, "dcat:theme", graph.iri(theme.uri))
        scheme = ("skos:inScheme", graph.iri(THEME_REGISTER))
        yield from graph.once(theme.uri, "skos:Concept", ("skos:prefLabel", graph.text(theme.label, "fr")), scheme)
    for slug in block.get("topics", ()):
        topic = TOPIC_BY_SLUG[slug]
        yield graph.triple(node, "dcterms:subject", graph.iri(topic.uri))
        yield from graph.once(topic.uri, "skos:Concept", ("skos:prefLabel", graph.text(topic.label, "fr")))
    if distance := block.get("distance"):
        metres = format(Decimal(repr(distance)), "f")
        yield graph.triple(node, "dcat:spatialResolutionInMeters", graph.typed(metres, "xsd:decimal"))
    if scale := block.get("scale"):
        measure = graph.blank()
        fraction = format(round(Decimal(1) / Decimal(scale), 12), "f")
        yield graph.triple(node, "dqv:hasQualityMeasurement", measure)
        yield from graph.about(
            measure,
            "dqv:QualityMeasurement",
            ("dqv:isMeasurementOf", graph.iri("http://data.europa.eu/930/spatialResolutionAsScale")),
            ("dqv:value", graph.typed(fraction, "xsd:decimal")),
        )
    yield from _standards(entry, node, block)
    if lineage := block.get("lineage"):
        statement = graph.blank()
        yield graph.triple(node, "dcterms:provenance", statement)
        label = ("rdfs:label", graph.text(lineage, entry.lang))
        yield from graph.about(statement, "dcterms:ProvenanceStatement", label)
    yield from _party(entry, node, block)


def _limits(entry: DatasetEntry, node: NamedNode, block: dict[str, Any]) -> Iterator[Triple]:
    graph = entry.graph
    limits = block.get("limits") or inspire_limits(closure.slug for closure in entry.closures)
    for slug in limits:
        limit = LIMIT_BY_SLUG[slug]
        if slug == NO_LIMIT and not block:
            continue
        yield graph.triple(node, "dcterms:rights", graph.iri(limit.uri))
        label = ("rdfs:label", graph.text(limit.label, "fr"))
        yield from graph.once(limit.uri, "dcterms:RightsStatement", label)


def _standards(entry: DatasetEntry, node: NamedNode, block: dict[str, Any]) -> Iterator[Triple]:
    graph = entry.graph
    epsg, _colon, number = block.get("crs", "").partition(":")
    addresses = [f"http://www.opengis.net/def/crs/EPSG/0/{number}"] if epsg == "EPSG" and number.isdigit() else []
    addresses += [INTEROPERABILITY] if block.get("conformity") == "conformant" else []
    for address in addresses:
        yield graph.triple(node, "dcterms:conformsTo", graph.iri(address))
        yield from graph.once(address, "dcterms:Standard")


def _party(entry: DatasetEntry, node: NamedNode, block: dict[str, Any]) -> Iterator[Triple]:
    graph, role = entry.graph, _ROLES.get(block.get("party_role", ""))
    if role is None or not block.get("party"):
        return
    agent = graph.blank()
    yield graph.triple(node, role, agent)
    yield from graph.about(
        agent,
        "foaf:Agent",
        ("foaf:name", graph.text(block["party"])),
        ("foaf:mbox", graph.mailbox(block.get("party_email"))),
    )
