"""The text of a DOCX, in the order it is read. In a confined child alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from parvis.core.acts.reading.archive import Element, fact, language_tag, parts_of
from parvis.core.acts.reading.model import DocumentText
from parvis.core.acts.reading.paging import bounded_pages_of

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_UNREAD: Final = frozenset(
    {_FALLBACK, f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}pPr", f"{_W}rPr", f"{_W}tblPr", f"{_W}sdtPr"}
)
"""What is removed, said twice, or no text."""
_SIGNS: Final = {f"{_W}tab": " ", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-", f"{_W}lastRenderedPageBreak": "\f"}


def read_docx(path: Path, name: str) -> DocumentText:
    """All its pages, as Word last laid them out where it says so; ActBroken, ActTooLong, DocumentMismatch."""
    with parts_of(path, "docx", name) as parts:
        body = parts.root("word/document.xml")
        if body is None:
            raise KeyError("word/document.xml")
        related = _related(parts.root("word/_rels/document.xml.rels"))
        notes = {kind: _notes(parts.root(f"word/{kind}s.xml"), kind) for kind in ("footnote", "endnote")}
        heads, feet = (
            "\n".join(dict.fromkeys(_text(parts.root(part), {}) for part in _parts_of_kind(body, kind, related)))
            for kind in ("header", "footer")
        )
        text = "\n".join(filter(None, (heads.strip(), _text(body, notes), feet.strip())))
        properties = parts.root("docProps/core.xml")
        styles = parts.root("word/styles.xml")
    pages = bounded_pages_of(text, name)
    return DocumentText("docx", len(pages), pages, fact(properties, f"{_DC}title"), _language(styles, properties))


def _related(relations: Element | None) -> dict[str, str]:
    """The name of a part, by the identifier that the body calls it by."""
    if relations is None:
        return {}
    return {
        relation.get("Id", ""): f"word/{relation.get('Target', '').removeprefix('/word/')}" for relation in relations
    }


def _parts_of_kind(body: Element, kind: str, related: dict[str, str]) -> list[str]:
    """Headers or footers in the order that sections call them, once each."""
    names = (related.get(caller.get(_RELATION, ""), "") for caller in body.iter(f"{_W}{kind}Reference"))
    return list(dict.fromkeys(filter(None, names)))


def _notes(root: Element | None, kind: str) -> dict[str, str]:
    if root is None:
        return {}
    return {note.get(f"{_W}id", ""): " ".join(_text(note, {}).split()) for note in root.iter(f"{_W}{kind}")}


def _text(root: Element | None, notes: dict[str, dict[str, str]]) -> str:
    return "" if root is None else "".join(_pieces(root, notes))


def _pieces(root: Element, notes: dict[str, dict[str, str]]) -> Iterator[str]:
    """The text below ``root``: no recursion, since a stranger decides how deep it is."""
    waiting: list[Element | str] = [root]
    while waiting:
        element = waiting.pop()
        if isinstance(element, str):
            yield element
            continue
        tag = element.tag
        if tag in _UNREAD:
            continue
        if tag == f"{_W}t":
            yield element.text or ""
        elif tag in _SIGNS:
            yield _SIGNS[tag]
        elif tag == f"{_W}br":
            yield "\f" if element.get(f"{_W}type") == "page" else "\n"
        elif tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
            note = notes.get(tag.removeprefix(_W).removesuffix("Reference"), {}).get(element.get(f"{_W}id", ""), "")
            yield f" ({note})" if note else ""
        else:
            waiting.extend(reversed(_opened(element, tag)))


def _opened(element: Element, tag: str) -> Sequence[Element | str]:
    """What is in an element, with what comes before and after it."""
    children = list(element)
    if tag == f"{_W}p":
        before = ["\f"] if element.find(f"{_W}pPr/{_W}pageBreakBefore") is not None else []
        return [*before, *children, "\n"]
    if tag == f"{_W}tr":
        return [*_row(children), "\n"]
    if tag == f"{_W}txbxContent":
        return ["\n", *children]
    return children


def _row(children: list[Element]) -> list[Element | str]:
    """Cells beside one another on a line, when each has one paragraph; else one below the other."""
    cells = [child for child in children if child.tag == f"{_W}tc"]
    lines = [list(cell.iter(f"{_W}p")) for cell in cells]
    if any(len(paragraphs) > 1 for paragraphs in lines):
        return [*cells]
    beside: list[Element | str] = []
    for paragraphs in lines:
        beside += [*(piece for paragraph in paragraphs for piece in paragraph), " "]
    return beside


def _language(styles: Element | None, properties: Element | None) -> str:
    default = styles.find(f".//{_W}docDefaults//{_W}lang") if styles is not None else None
    return language_tag(default.get(f"{_W}val", "") if default is not None else fact(properties, f"{_DC}language"))
