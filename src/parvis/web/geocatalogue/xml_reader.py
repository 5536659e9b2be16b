"""The XML of a request: a small tree, or a refusal within milliseconds, whoever sends it.

Expat reads it piece by piece and is stopped at the first thing that no request has: a document type (so no entity, none of its own
nor any to be fetched), a depth or a number of elements beyond these bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
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
LONGEST_NAMESPACE: Final = 200
_ALWAYS_BOUND: Mapping[str, str] = {"xml": "http://www.w3.org/XML/1998/namespace"}

_TOO_LARGE = gettext_noop("plus de {limit} octets")
_TOO_DEEP = gettext_noop("ses éléments s’emboîtent sur plus de {limit} niveaux")
_TOO_MANY = gettext_noop("plus de {limit} éléments")
_DOCUMENT_TYPE = gettext_noop("il déclare un type de document ou des entités")
_NOT_XML = gettext_noop("il n’est pas bien formé ({detail})")


def _refusal(message: str, **values: str | int) -> BadDocument:
    return BadDocument(reason=Sentence(message, values))


class _Builder:
    """Namespaces are resolved here: expat would write the whole address of each into every name, a few bytes becoming megabytes."""

    def __init__(self) -> None:
        self.tree = TreeBuilder()
        self._count = 0
        self._scopes: list[Mapping[str, str]] = [_ALWAYS_BOUND]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._scopes) > DEEPEST:
            raise _refusal(_TOO_DEEP, limit=DEEPEST)
        if self._count > MOST_ELEMENTS or len(attributes) > MOST_ATTRIBUTES:
            raise _refusal(_TOO_MANY, limit=MOST_ELEMENTS)
        declared = {key.partition(":")[2]: attributes.pop(key) for key in list(attributes) if _declares(key)}
        if any(len(address) > LONGEST_NAMESPACE for address in declared.values()):
            raise _refusal(_NOT_XML, detail=f"xmlns > {LONGEST_NAMESPACE}")
        self._scopes.append({**self._scopes[-1], **declared} if declared else self._scopes[-1])
        own = {self._clark(key) if ":" in key else key: value for key, value in attributes.items()}
        self.tree.start(self._clark(name), own)

    def end(self, name: str) -> None:
        self.tree.end(self._clark(name))
        self._scopes.pop()

    def refuse(self, *_facts: object) -> None:
        raise _refusal(_DOCUMENT_TYPE)

    def _clark(self, name: str) -> str:
        prefix, _colon, last = name.rpartition(":")
        address = self._scopes[-1].get(prefix, "" if not prefix else None)
        if address is None:
            raise _refusal(_NOT_XML, detail=f"unbound prefix: {prefix[:40]}")
        return f"{{{address}}}{last}" if address else last


def _declares(attribute: str) -> bool:
    return attribute == "xmlns" or attribute.startswith("xmlns:")


def whole_body(body: bytes) -> bytes:
    """What was sent, when it is not more than what is read; BadDocument."""
    if len(body) > MOST_BYTES:
        raise _refusal(_TOO_LARGE, limit=MOST_BYTES)
    return body


def xml_tree(body: bytes) -> Element:
    """The root of a request; BadDocument for what is no well-formed XML, or would harm."""
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.tree.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = builder.refuse
    try:
        parser.Parse(whole_body(body).lstrip(), True)
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
