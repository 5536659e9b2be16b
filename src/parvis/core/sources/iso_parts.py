"""Reading the parts of a record of ISO: texts in French where there are several, codes, the addresses of anchors."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element

from parvis.core.sources.answers import descend, local
from parvis.core.sources.rdf import first_of

XLINK: Final = "{http://www.w3.org/1999/xlink}href"


def words_of(element: Element) -> str:
    """The text of a property: French where it has languages, else its own; never both."""
    for group in descend(element, "PT_FreeText", "textGroup", "LocalisedCharacterString"):
        if group.get("locale", "").upper().lstrip("#")[:2] == "FR" and (group.text or "").strip():
            return str(group.text)
    for child in element:
        if local(child) in ("CharacterString", "Anchor", "URL") and (text := "".join(child.itertext()).strip()):
            return text
    return "".join(element.itertext()).strip()


def text_at(element: Element | None, *names: str) -> str:
    """The first text at a path of names."""
    return first_of(words_of(part) for part in descend(element, *names))


def texts_at(element: Element | None, *names: str) -> list[str]:
    """Every text there."""
    return [text for part in descend(element, *names) if (text := words_of(part))]


def code_at(element: Element | None, *names: str) -> str:
    """The first value of a code list there."""
    return first_of(part.get("codeListValue") or (part.text or "").strip() for part in descend(element, *names))


def links_at(element: Element | None, *names: str) -> list[str]:
    """Addresses of anchors."""
    return [link for part in descend(element, *names, "Anchor") if (link := part.get(XLINK, ""))]
