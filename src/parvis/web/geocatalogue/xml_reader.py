"""The XML of a request: a small tree, or a refusal within milliseconds, whoever sends it.

Expat reads it piece by piece and is stopped at the first thing that no request has: a document type (so no entity, none of its own
nor any to be fetched), a depth or a number of elements beyond these bounds.
"""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from parvis.core.translation import Sentence, gettext_noop
from parvis.web.geocatalogue.errors import BadDocument

MOST_BYTES: Final = 65_536
DEEPEST: Final = 40
MOST_ELEMENTS: Final = 2_000
MOST_ATTRIBUTES: Final = 40

_TOO_LARGE = gettext_noop("plus de {limit} octets")
_TOO_DEEP = gettext_noop("ses éléments s’emboîtent sur plus de {limit} niveaux")
_TOO_MANY = gettext_noop("plus de {limit} éléments")
_DOCUMENT_TYPE = gettext_noop("il déclare un type de document ou des entités")
_NOT_XML = gettext_noop("il n’est pas bien formé ({detail})")


def _refusal(message: str, **values: str | int) -> BadDocument:
    return BadDocument(reason=Sentence(message, values))


class _Builder:
    def __init__(self) -> None:
        self.tree = TreeBuilder()
        self._depth = self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > DEEPEST:
            raise _refusal(_TOO_DEEP, limit=DEEPEST)
        if self._count > MOST_ELEMENTS or len(attributes) > MOST_ATTRIBUTES:
            raise _refusal(_TOO_MANY, limit=MOST_ELEMENTS)
        self.tree.start(_clark(name), {_clark(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self._depth -= 1
        self.tree.end(_clark(name))

    def refuse(self, *_facts: object) -> None:
        raise _refusal(_DOCUMENT_TYPE)


def _clark(name: str) -> str:
    return "{" + name if "}" in name else name


def xml_tree(body: bytes) -> Element:
    """The root of a request; BadDocument for what is no well-formed XML, or would harm."""
    if len(body) > MOST_BYTES:
        raise _refusal(_TOO_LARGE, limit=MOST_BYTES)
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.tree.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = builder.refuse
    try:
        parser.Parse(body.lstrip(), True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # of encodings nobody knows
        raise _refusal(_NOT_XML, detail=str(error)[:100]) from error
    root: Element = builder.tree.close()
    return root


def copied(body: bytes) -> str:
    """The same document as it may stand within another: its elements and texts, with the prefixes they have; ``xml_tree`` took it."""
    pieces: list[str] = []
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        pieces.append(f"<{name}{''.join(f' {key}={quoteattr(value)}' for key, value in attributes.items())}>")

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: pieces.append(f"</{name}>")
    parser.CharacterDataHandler = lambda text: pieces.append(escape(text))
    parser.Parse(body.lstrip(), True)
    return "".join(pieces)


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def namespace(element: Element) -> str:
    """The namespace of an element."""
    return element.tag.rpartition("}")[0].lstrip("{")


def text_of(element: Element) -> str:
    """All its text, without the spaces around."""
    return "".join(element.itertext()).strip()
