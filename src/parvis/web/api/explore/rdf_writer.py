"""RDF documents, written piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parvis.web.api.explore.dcat import CatalogueCard, Graph, GraphPage
from parvis.web.api.explore.dcat_dataset import chunks
from parvis.web.api.explore.dcat_terms import PREFIXES

if TYPE_CHECKING:
    from parvis.hub.dataservices.cards import ServiceCard


def serialized(
    card: CatalogueCard,
    objects: Iterable[dict[str, Any]],
    syntax: str,
    page: GraphPage | None = None,
    services: Iterable[ServiceCard] = (),
) -> Iterator[bytes]:
    """The graph in ``syntax`` (``rdf``, ``ttl`` or ``jsonld``), fifty datasets at a time, then services."""
    import pyoxigraph  # noqa: PLC0415  (heavy, and few ask for RDF)

    style = _SYNTAXES[syntax]
    kind = getattr(pyoxigraph.RdfFormat, style.kind)
    graph = Graph(card, pyoxigraph, page=page.number if page else 1)
    begun = False
    for triples in chunks(graph, objects, page, services):
        text: bytes = pyoxigraph.serialize(triples, format=kind, prefixes=PREFIXES if style.prefixes else None)
        body = text[len(style.head(text)) : len(text) - len(style.tail)]
        yield (style.separator if begun else style.head(text)) + body
        begun = True
    yield style.tail


@dataclass(frozen=True, slots=True)
class _Syntax:
    """How documents of one syntax are put end to end: what opens, parts and closes them."""

    kind: str
    last_of_head: bytes = b""
    separator: bytes = b""
    tail: bytes = b""
    prefixes: bool = True

    def head(self, text: bytes) -> bytes:
        """What a document begins with, common to all."""
        if not self.last_of_head:
            return b""
        start = text.index(b"<rdf:RDF") if self.kind == "RDF_XML" else 0
        return text[: text.index(self.last_of_head, start) + len(self.last_of_head)]


_SYNTAXES = {
    "rdf": _Syntax("RDF_XML", b">", b"", b"</rdf:RDF>"),
    "ttl": _Syntax("TURTLE"),
    "jsonld": _Syntax("JSON_LD", b"[", b",", b"]", prefixes=False),
}
