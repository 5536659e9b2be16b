"""The text of an ODT, in the order it is read. In a confined child alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from parvis.core.acts.reading.archive import Element, fact, language_tag, parts_of
from parvis.core.acts.reading.model import DocumentText
from parvis.core.acts.reading.paging import bounded_pages_of

_NAMESPACE: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT: Final = f"{{{_NAMESPACE}text:1.0}}"
_TABLE: Final = f"{{{_NAMESPACE}table:1.0}}"
_STYLE: Final = f"{{{_NAMESPACE}style:1.0}}"
_FO: Final = f"{{{_NAMESPACE}xsl-fo-compatible:1.0}}"
_OFFICE: Final = f"{{{_NAMESPACE}office:1.0}}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_UNREAD: Final = frozenset(
    {f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}note-citation", f"{_OFFICE}forms", f"{_TEXT}sequence-decls",
     "{http://www.w3.org/2000/svg}title", "{http://www.w3.org/2000/svg}desc"}
)  # fmt: skip
"""What is removed, said beside the text, or no text."""
_LINES: Final = frozenset({f"{_TEXT}p", f"{_TEXT}h"})
_MOST_SPACES: Final = 100


def read_odt(path: Path, name: str) -> DocumentText:
    """All its pages, as the program last laid them out where it says so; ActBroken, ActTooLong, DocumentMismatch."""
    with parts_of(path, "odt", name) as parts:
        content, styles, meta = (parts.root(f"{part}.xml") for part in ("content", "styles", "meta"))
        if content is None:
            raise KeyError("content.xml")
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    breaking = frozenset(
        style.get(f"{_STYLE}name", "")
        for style in content.iter(f"{_STYLE}style")
        if any(properties.get(f"{_FO}break-before") == "page" for properties in style)
    )
    heads, feet = (_beside(styles, kind) for kind in ("header", "footer"))
    text = "\n".join(filter(None, (heads, "".join(_pieces(body, breaking)), feet)))
    pages = bounded_pages_of(text.removeprefix("\f"), name)
    return DocumentText("odt", len(pages), pages, fact(meta, f".//{_DC}title"), _language(styles, meta))


def _beside(styles: Element | None, kind: str) -> str:
    """Headers or footers of all pages, once each."""
    if styles is None:
        return ""
    texts = ("".join(_pieces(part, frozenset())).strip() for part in styles.iter(f"{_STYLE}{kind}"))
    return "\n".join(dict.fromkeys(filter(None, texts)))


def _pieces(root: Element | None, breaking: frozenset[str]) -> Iterator[str]:
    """The text below ``root``: no recursion, since a stranger decides how deep it is."""
    waiting: list[Element | str] = [] if root is None else [root]
    while waiting:
        element = waiting.pop()
        if isinstance(element, str):
            yield element
            continue
        tag = element.tag
        if tag in _UNREAD:
            continue
        if tag == f"{_TEXT}s":
            count = element.get(f"{_TEXT}c", "1")
            yield " " * min(int(count) if count.isdigit() else 1, _MOST_SPACES)
        elif tag == f"{_TEXT}tab":
            yield " "
        elif tag == f"{_TEXT}line-break":
            yield "\n"
        elif tag == f"{_TEXT}soft-page-break":
            yield "\f"
        else:
            waiting.extend(reversed(_opened(element, tag, breaking)))


def _opened(element: Element, tag: str, breaking: frozenset[str]) -> Sequence[Element | str]:
    """What is in an element, its own words among its children, with what comes before and after it."""
    if tag == f"{_TABLE}table-row":
        return [*_row(element), "\n"]
    inside = _inside(element) if tag.startswith(_TEXT) else list(element)
    if tag in _LINES:
        before = ["\f"] if element.get(f"{_TEXT}style-name") in breaking else []
        return [*before, *inside, "\n"]
    if tag == f"{_TEXT}note-body":
        return [" (", *(piece for line in _lines(element) for piece in [*_inside(line), " "]), ")"]
    return inside


def _inside(element: Element) -> list[Element | str]:
    inside: list[Element | str] = [element.text or ""]
    for child in element:
        inside += [child, child.tail or ""]
    return inside


def _lines(element: Element) -> list[Element]:
    return [line for line in element.iter() if line.tag in _LINES]


def _row(element: Element) -> list[Element | str]:
    """Cells beside one another on a line, when each has one paragraph; else one below the other."""
    cells = list(element.iter(f"{_TABLE}table-cell"))
    lines = [_lines(cell) for cell in cells]
    if any(len(paragraphs) > 1 for paragraphs in lines):
        return [*cells]
    return [piece for paragraphs in lines for paragraph in paragraphs for piece in [*_inside(paragraph), " "]]


def _language(styles: Element | None, meta: Element | None) -> str:
    for properties in () if styles is None else styles.iter(f"{_STYLE}text-properties"):
        language, country = (properties.get(f"{_FO}{name}", "none") for name in ("language", "country"))
        if language != "none":
            return language_tag(language if country == "none" else f"{language}-{country}")
    return language_tag(fact(meta, f".//{_DC}language"))
