"""The bytes of an answer as JSON or as XML, whatever a server sends: bounded, no entity, no depth that would harm, no page for people."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from parvis.core.sources.errors import PageInstead, UnreadableAnswer
from parvis.core.text import seen_text
from parvis.core.translation import Sentence, gettext_noop

MOST_BYTES: Final = 64 * 1024 * 1024
"""The largest answer that is read whole; rows and catalogues come by pages."""
DEEPEST: Final = 100
MOST_ELEMENTS: Final = 2_000_000
_HEAD: Final = 2_000
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_TITLE = re.compile(r"<(title|h1)\b[^>]{0,300}>([^<]{1,300})", re.IGNORECASE)

_TOO_LARGE = gettext_noop("plus de {mb} Mo en une fois")
_NOT_JSON = gettext_noop("ce n’est pas du JSON ({reason})")
_NOT_XML = gettext_noop("ce n’est pas du XML bien formé ({reason})")
_EMPTY = gettext_noop("elle est vide")
_ENTITIES = gettext_noop("elle déclare des entités XML, qui sont refusées par sécurité")
_TOO_DEEP = gettext_noop("ses éléments s’emboîtent sur plus de {limit} niveaux")
_TOO_MANY = gettext_noop("plus de {limit} éléments en une fois")


def unreadable(message: str, **values: str | int) -> UnreadableAnswer:
    """The error that says so, in a sentence marked for the catalogues."""
    return UnreadableAnswer(file="", reason=Sentence(message, values))


def answer_bytes(answer: Path) -> bytes:
    """The whole of an answer; UnreadableAnswer when it is empty or larger than ``MOST_BYTES``, PageInstead for HTML."""
    if answer.stat().st_size > MOST_BYTES:
        raise unreadable(_TOO_LARGE, mb=MOST_BYTES // 1_000_000)
    body = answer.read_bytes()
    if not body.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise unreadable(_EMPTY)
    head = body[:_HEAD].decode("utf-8", "replace").lstrip("\ufeff")
    if _PAGE.match(head):
        title = _TITLE.search(body[:100_000].decode("utf-8", "replace"))
        raise PageInstead(file="", title=seen_text(title[2])[:150] if title else "?")
    return body


def decoded(body: bytes) -> str:
    """Text in the encoding of its mark, else in UTF-8; a few bytes that are none are replaced, many mean Windows-1252."""
    encoding = json.detect_encoding(body)
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        replaced = body.decode("utf-8", "replace")
        wrong = replaced.count("\ufffd")
        right = sum(1 for _ in re.finditer(r"[\u0080-\ufffc]", replaced))
        return replaced if right > wrong else body.decode("cp1252", "replace")


def json_answer(answer: Path) -> Any:
    """The value of a JSON answer, ``DEEPEST`` levels at most; what is no number of JSON is null."""
    try:
        value = json.loads(decoded(answer_bytes(answer)), parse_constant=lambda _: None)
    except RecursionError as error:
        raise unreadable(_TOO_DEEP, limit=DEEPEST) from error
    except ValueError as error:
        raise unreadable(_NOT_JSON, reason=str(error)[:100]) from error
    _check_levels(value)
    return value


def _check_levels(value: Any) -> None:
    """What writes a value again, or reads it as JSON-LD, follows it to the end of the stack, and beyond."""
    level, depth = [value] if isinstance(value, dict | list) else [], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise unreadable(_TOO_DEEP, limit=DEEPEST)
        level = [
            inner
            for part in level
            for inner in (part.values() if isinstance(part, dict) else part)
            if isinstance(inner, dict | list)
        ]


def json_object(answer: Path) -> dict[str, Any]:
    """The object of a JSON answer; UnreadableAnswer for another value."""
    value = json_answer(answer)
    if not isinstance(value, dict):
        raise unreadable(_NOT_JSON, reason=type(value).__name__)
    return value


class _Builder:
    """Builds the tree of a document, or only counts when there is no tree to be built."""

    def __init__(self, *, tree: bool) -> None:
        self.tree = TreeBuilder() if tree else None
        self.depth = self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST:
            raise unreadable(_TOO_DEEP, limit=DEEPEST)
        if self.count > MOST_ELEMENTS:
            raise unreadable(_TOO_MANY, limit=MOST_ELEMENTS)
        if self.tree is not None:
            self.tree.start(_clark(name), {_clark(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self.depth -= 1
        if self.tree is not None:
            self.tree.end(_clark(name))

    def text(self, data: str) -> None:
        if self.tree is not None:
            self.tree.data(data)


def _clark(name: str) -> str:
    return "{" + name if "}" in name else name


def _parsed(body: bytes, builder: _Builder, *, plain_entities: bool = False) -> None:
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.specified_attributes = True
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.text

    def declared(name: str, parameter: bool, value: str | None, *_: object) -> None:
        if not plain_entities or parameter or value is None or "&" in value or len(value) > 1_000:
            raise unreadable(_ENTITIES)

    parser.EntityDeclHandler = declared
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # of encodings nobody knows
        raise unreadable(_NOT_XML, reason=str(error)[:100]) from error


def xml_answer(answer: Path) -> Element:
    """The root of an XML answer, names as ElementTree writes them; entities of its own are refused, nothing that it names is read."""
    builder = _Builder(tree=True)
    _parsed(answer_bytes(answer).lstrip(), builder)
    assert builder.tree is not None
    return builder.tree.close()


class _Parts(_Builder):
    """Builds one after the other the elements that are chosen by the names above them, and lets each go once it is taken."""

    def __init__(self, parents: Collection[str], around: Collection[str], take: Callable[[Element], None]) -> None:
        super().__init__(tree=False)
        self.root, self._parents, self._around, self._take = ("", dict[str, str]()), parents, around, take
        self._path: list[str] = []
        self._level = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        own = name.rpartition("}")[2]
        if not self._path:
            self.root = (own, attributes)
        elif self.tree is None and self._path[-1] in self._parents and own not in self._around:
            self.tree, self._level = TreeBuilder(), self.depth
        self._path.append(own)
        super().start(name, attributes)

    def end(self, name: str) -> None:
        super().end(name)
        self._path.pop()
        if self.tree is not None and self.depth == self._level:
            self._take(self.tree.close())
            self.tree = None


def xml_parts(
    answer: Path, parents: Collection[str], around: Collection[str], take: Callable[[Element], None]
) -> tuple[str, dict[str, str]]:
    """Hand ``take`` each element below one of ``parents`` (local names) that is none of ``around``, which only hold others, so that a
    document is never held whole; the name and the attributes of its root."""
    builder = _Parts(parents, around, take)
    _parsed(answer_bytes(answer).lstrip(), builder)
    return builder.root


def checked_xml(body: bytes) -> bytes:
    """XML in UTF-8 that a parser which expands entities may read: well formed, shallow, its entities short and plain."""
    body = body.lstrip()
    _parsed(body, _Builder(tree=False), plain_entities=True)
    declared = re.match(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["'][^>]*\?>""", body)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8"):
        text = body[declared.end() :].decode(declared[1].decode("ascii", "replace"), "replace")
        return text.encode()
    return body


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def descend(element: Element | None, *names: str) -> Iterator[Element]:
    """The elements reached by local names one below the other; ``*`` is any."""
    if element is None:
        return
    if not names:
        yield element
        return
    for child in element:
        if names[0] in ("*", local(child)):
            yield from descend(child, *names[1:])


def first_text(element: Element | None, *names: str) -> str:
    """The first text that is not blank below ``names``; empty without any."""
    for reached in descend(element, *names):
        text = "".join(reached.itertext()).strip()
        if text:
            return text
    return ""
