"""The catalogue as an RDF graph in DCAT-AP 3, dataset by dataset (specification, section 10.3)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from parvis.core.text import xml_text
from parvis.web.api.explore import dcat_terms as terms
from parvis.web.api.explore.dcat_facts import Box, Facts, no_facts

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, Triple

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")

type Pairs = Iterator[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Publisher:
    """The organisation whose catalogue it is."""

    slug: str
    name: str
    kind: str = ""
    sentence: str = ""


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
    whole: bool = False
    """Services, documents and files as they were received are listed too. The exports whose addresses are Opendatasoft's list what
    those list: their readers take each distribution for a file."""
    facts: Callable[[Sequence[str]], Mapping[str, Facts]] = no_facts
    organisation: Publisher | None = None
    """Whose catalogue it is; None: everybody's."""

    @property
    def address(self) -> str:
        """What names the catalogue."""
        if self.organisation is None:
            return f"{self.origin}/explore/"
        return f"{self.agent_of(self.organisation.slug)}#catalogue"

    def agent_of(self, slug: str) -> str:
        """What names an organisation: its page."""
        return f"{self.origin}/organisations/{quote(slug)}/"


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
    datasets: set[str] = field(default_factory=set)
    """The addresses of the datasets that are told."""
    nodes: int = 0
    scope: str = ""
    """What begins the names of nodes that have no address."""

    def begin(self, address: str) -> None:
        """Tell of one thing from here on: its nodes without address are named after it, the same in every page and every feed.

        Names are of one document only; readers that keep them, as rdflib does with JSON-LD, would join what two pages call alike.
        """
        self.scope, self.nodes = hashlib.sha256(address.encode()).hexdigest()[:12], 0

    # -- terms

    def iri(self, address: str) -> NamedNode:
        return self.rdf.NamedNode(address)

    def term(self, name: str) -> NamedNode:
        prefix, _colon, local = name.partition(":")
        return self.iri(terms.PREFIXES[prefix] + local)

    def text(self, value: str, lang: str = "") -> Literal:
        printable = xml_text(value)  # left out of every syntax, so that all say the same
        return self.rdf.Literal(printable, language=lang) if _LANGUAGE.fullmatch(lang) else self.rdf.Literal(printable)

    def typed(self, value: str, kind: str) -> Literal:
        return self.rdf.Literal(value, datatype=self.iri(kind) if kind.startswith("http") else self.term(kind))

    def blank(self) -> BlankNode:
        self.nodes += 1
        return self.rdf.BlankNode(f"n{self.scope}x{self.nodes}")

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

    def listed(self, address: str, kind: str, label: str = "", lang: str = "fr") -> Iterator[Triple]:
        """A term of a vocabulary of Europe, which is known by its address: its class, its list, and its label if it is a concept."""
        scheme = terms.scheme_of(address)
        label_pair = ("skos:prefLabel", self.text(label, lang) if label else None)
        yield from self.once(address, kind, label_pair, ("skos:inScheme", self.iri(scheme)))

    def instant(self, text: str | None) -> Literal | None:
        return self.typed(text, "xsd:dateTime") if text else None

    def words(self, text: str | None) -> Literal | None:
        return self.text(text) if text else None

    def address(self, text: str | None) -> NamedNode | None:
        try:
            if not text or urlsplit(text).scheme not in ("http", "https"):
                return None
            return self.iri(quote(text, safe="%/:=&?~#+!$,;'@()*[]"))
        except ValueError:  # an address that is none: brackets that are no IPv6, a fragment twice
            return None

    def mailbox(self, email: str | None) -> NamedNode | None:
        return self.iri(f"mailto:{quote(email, safe='@')}") if email else None

    # -- the catalogue

    def catalogue(self, page: GraphPage | None) -> Iterator[Triple]:
        card, home, owner = self.card, f"{self.card.origin}/", self.card.organisation
        node = self.iri(card.address)
        publisher = card.agent_of(owner.slug) if owner else f"{home}#publisher"
        yield from self.about(
            node,
            "dcat:Catalog",
            ("dcterms:title", self.text(card.name, "fr")),
            ("dcterms:description", self.text(card.sentence, "fr")),
            ("dcterms:publisher", self.iri(publisher)),
            ("dcterms:language", self.iri(terms.FRENCH)),
            ("dcterms:spatial", self.iri(terms.FRANCE)),
            ("dcat:themeTaxonomy", self.iri(terms.THEME_TABLE)),
            ("foaf:homepage", self.iri(home)),
        )
        if owner:
            yield from self.agent(owner.slug, owner.name, owner.kind)
        else:
            pairs = ("foaf:name", self.text(card.name)), ("foaf:mbox", self.mailbox(card.contact_email))
            yield from self.once(publisher, "foaf:Agent", *pairs)
        yield from self.listed(terms.FRENCH, "dcterms:LinguisticSystem")
        yield from self.listed(terms.FRANCE, "dcterms:Location")
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

    def agent(self, slug: str, name: str, kind: str, kind_label: str = "") -> Iterator[Triple]:
        code = terms.PUBLISHER_TYPES.get(kind)
        kind_address = f"{terms.PUBLISHER_TYPE}/{code[0]}" if code else ""
        yield from self.once(
            self.card.agent_of(slug),
            "foaf:Agent",
            ("foaf:name", self.text(name)),
            ("dcterms:type", self.iri(kind_address) if kind_address else None),
        )
        if code:
            yield from self.listed(kind_address, "skos:Concept", code[1])

    # -- places

    def middle_of(self, box: Box | None) -> Pairs:
        """The middle of a place."""
        if box is not None:
            west, south, east, north = box
            middle = f"POINT({_degrees((west + east) / 2)} {_degrees((south + north) / 2)})"
            yield "dcat:centroid", self.typed(middle, terms.WKT)

    def extent_of(self, box: Box | None) -> Pairs:
        """The rectangle of a place, as WKT and as GeoJSON; none of what has no extent, which would be no polygon."""
        if box is None or box[0] >= box[2] or box[1] >= box[3]:
            return
        west, south, east, north = box
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        corners = ", ".join(f"{_degrees(x)} {_degrees(y)}" for x, y in ring)
        yield "dcat:bbox", self.typed(f"POLYGON(({corners}))", terms.WKT)
        geometry = {"type": "Polygon", "coordinates": [[[float(_degrees(x)), float(_degrees(y))] for x, y in ring]]}
        yield "locn:geometry", self.typed(json.dumps(geometry), terms.GEOJSON)


def _degrees(value: float) -> str:
    """Degrees as WKT writes numbers: no exponent, which some readers refuse."""
    return f"{value:.7f}".rstrip("0").rstrip(".")
