"""RDF as it comes from strangers, read with Oxigraph: RDF/XML, Turtle, TriG, N-Triples or JSON-LD, told by its first characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from parvis.core.sources.answers import answer_bytes, checked_xml, decoded, json_answer, unreadable
from parvis.core.translation import SOURCE, gettext_noop

MOST_QUADS: Final = 1_000_000
_NOT_RDF = gettext_noop("ce n’est pas du RDF lisible ({reason})")
_TOO_MANY = gettext_noop("plus de {limit} déclarations RDF en une fois")
_CONTEXT = gettext_noop("son contexte JSON-LD est à une autre adresse ({reason}), qui n’est pas lue")
_TOO_DEEP = gettext_noop("ses nœuds s’emboîtent sur plus de {limit} niveaux")
_DEEPEST: Final = 500
_WITH_WORDS = re.compile(rb"<([\w.:-]++)(\s[^<>]*+)>[^<]++</\1>")
"""An element that has words; one that names an address as well is forbidden by RDF/XML."""
_PREFERRED: Final = (SOURCE, "", "en")
"""Languages of literals in the order in which they are taken; empty for none."""

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
DCAT = "http://www.w3.org/ns/dcat#"
DCT = "http://purl.org/dc/terms/"
DCATAP = "http://data.europa.eu/r5r/"
FOAF = "http://xmlns.com/foaf/0.1/"
VCARD = "http://www.w3.org/2006/vcard/ns#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
ADMS = "http://www.w3.org/ns/adms#"
SPDX = "http://spdx.org/rdf/terms#"
LOCN = "http://www.w3.org/ns/locn#"
SCHEMA = ("http://schema.org/", "https://schema.org/")
PROV = "http://www.w3.org/ns/prov#"
ORG = "http://www.w3.org/ns/org#"
TIME = "http://www.w3.org/2006/time#"
HYDRA = "http://www.w3.org/ns/hydra/core#"


class Literal(str):
    """A literal, with its language and the address of its type."""

    __slots__ = ("datatype", "language")
    language: str
    datatype: str


class Node(str):
    """A named node by its address, or a nameless one by its mark after ``_:``."""

    __slots__ = ()

    @property
    def address(self) -> str:
        """The address; empty for a nameless node."""
        return "" if self.startswith("_:") else str(self)


type Term = Literal | Node


class Graph:
    """What an answer declares, by subject and property, in the order in which it comes."""

    def __init__(self) -> None:
        self._objects: dict[Node, dict[str, list[Term]]] = {}
        self._subjects: dict[tuple[str, str], dict[Node, None]] = {}

    def add(self, subject: Node, predicate: str, value: Term) -> None:
        """One declaration more."""
        values = self._objects.setdefault(subject, {}).setdefault(predicate, [])
        if len(values) < 10_000 and value not in values[-50:]:
            values.append(value)
        if isinstance(value, Node):
            self._subjects.setdefault((predicate, value), {})[subject] = None

    def objects(self, subject: Term | None, *predicates: str) -> list[Term]:
        """What a node says of itself by these properties, the first ones first; nothing for a literal."""
        members = self._objects.get(subject, {}) if isinstance(subject, Node) else {}
        return [value for predicate in predicates for value in members.get(predicate, ())]

    def nodes(self, subject: Term | None, *predicates: str) -> list[Node]:
        """The same, literals apart."""
        return [value for value in self.objects(subject, *predicates) if isinstance(value, Node)]

    def texts(self, subject: Term | None, *predicates: str) -> list[Literal]:
        """The same, literals alone, French first, then those without language, then English."""
        literals = [value for value in self.objects(subject, *predicates) if isinstance(value, Literal)]
        return sorted(literals, key=_preference)

    def text(self, subject: Term | None, *predicates: str) -> str:
        """The first literal of the first property that has any."""
        for predicate in predicates:
            for literal in self.texts(subject, predicate):
                if literal.strip():
                    return str(literal)
        return ""

    def value(self, subject: Term | None, *predicates: str) -> str:
        """The first literal or address of the first property that has any."""
        for predicate in predicates:
            for value in [*self.texts(subject, predicate), *self.nodes(subject, predicate)]:
                text = value.address if isinstance(value, Node) else str(value)
                if text.strip():
                    return text
        return ""

    def subjects(self, predicate: str, value: str) -> list[Node]:
        """The nodes that say ``value`` of themselves by that property."""
        return list(self._subjects.get((predicate, value), ()))

    def having(self, predicate: str) -> Iterator[tuple[Node, Term]]:
        """Nodes and values of a property."""
        for subject, members in self._objects.items():
            for value in members.get(predicate, ()):
                yield subject, value

    def label(self, term: Term) -> str:
        """A literal, or the name that a node has; empty when it has none."""
        if isinstance(term, Literal):
            return str(term)
        return self.text(
            term,
            SKOS + "prefLabel",
            RDFS + "label",
            DCT + "title",
            FOAF + "name",
            VCARD + "fn",
            *(s + "name" for s in SCHEMA),
        )


def _preference(literal: Literal) -> int:
    language = literal.language.split("-")[0]
    return _PREFERRED.index(language) if language in _PREFERRED else len(_PREFERRED)


def read_graph(answer: Path, base: str) -> Graph:
    """The graph of an answer; UnreadableAnswer when it is none, or more than ``MOST_QUADS``."""
    import pyoxigraph  # noqa: PLC0415 - the commands that list dialects read nothing

    body, name = _prepared(answer)
    kind = getattr(pyoxigraph.RdfFormat, name)
    try:
        return _graph(pyoxigraph.parse(body, format=kind, base_iri=base, lenient=True), pyoxigraph)
    except (SyntaxError, ValueError) as error:
        reason = str(error).splitlines()[0][:150] if str(error) else "?"
        if "Unexpected text event" in reason and (plainer := _WITH_WORDS.sub(_without_words, body)) != body:
            # GeoNetwork writes <dcat:theme rdf:resource="…">words</dcat:theme>: the address is what RDF keeps of it.
            try:
                return _graph(pyoxigraph.parse(plainer, format=kind, base_iri=base, lenient=True), pyoxigraph)
            except (SyntaxError, ValueError) as again:
                reason = str(again).splitlines()[0][:150]
        message = _CONTEXT if "remote context" in reason else _NOT_RDF
        raise unreadable(message, reason=reason) from error


def _without_words(element: re.Match[bytes]) -> bytes:
    is_named = b"rdf:resource=" in element[2] and not element[2].endswith(b"/")
    return b"<" + element[1] + element[2] + b"/>" if is_named else element[0]


def _graph(quads: Iterable[Any], pyoxigraph: Any) -> Graph:
    graph = Graph()
    for count, quad in enumerate(quads):
        if count >= MOST_QUADS:
            raise unreadable(_TOO_MANY, limit=MOST_QUADS)
        if not isinstance(quad.subject, pyoxigraph.NamedNode | pyoxigraph.BlankNode):
            continue
        subject = _node(quad.subject, pyoxigraph)
        if isinstance(quad.object, pyoxigraph.Literal):
            literal = Literal(quad.object.value)
            literal.language = (quad.object.language or "").lower()
            literal.datatype = quad.object.datatype.value
            graph.add(subject, quad.predicate.value, literal)
        elif isinstance(quad.object, pyoxigraph.NamedNode | pyoxigraph.BlankNode):
            graph.add(subject, quad.predicate.value, _node(quad.object, pyoxigraph))
    return graph


def _node(term: Any, pyoxigraph: Any) -> Node:
    return Node(term.value if isinstance(term, pyoxigraph.NamedNode) else f"_:{term.value}")


def _prepared(answer: Path) -> tuple[bytes, str]:
    """The bytes that the parser of that format may be handed without harm."""
    body = answer_bytes(answer)
    start = body[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"<?xml", b"<rdf:", b"<!", b"<RDF", b"\xff\xfe", b"\xfe\xff")):
        return checked_xml(body), "RDF_XML"
    if re.match(rb"<[\w.-]+:[\w.-]+\s[^>]*\bxmlns\b", start):  # one description without rdf:RDF around it
        return checked_xml(body), "RDF_XML"
    if start.startswith((b"{", b"[")) and _is_json(start):
        json_answer(answer)  # which refuses what is nested deeper than Oxigraph survives
        return decoded(body).encode(), "JSON_LD"
    text = decoded(body)
    _check_depth(text)
    return text.encode(), "TRIG"


def _is_json(start: bytes) -> bool:
    return re.match(rb'[\[{]\s*(["\[{}\]]|$)', start) is not None


def _check_depth(text: str) -> None:
    depth = 0
    for sign in re.finditer(r"[\[\](){}]", text):
        depth += 1 if sign[0] in "[({" else -1
        if depth > _DEEPEST:  # brackets in texts balance out, or nearly
            raise unreadable(_TOO_DEEP, limit=_DEEPEST)


def first_of(values: Iterable[str]) -> str:
    """The first that is not empty."""
    return next((value for value in values if value), "")
