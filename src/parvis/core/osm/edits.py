"""What is sent to OpenStreetMap, and no more than what somebody approved: edits, written as osmChange.

An edit is made of one finding: an object to create, or one to change. Objects are changed from what the API says of them at that
moment, never from an extract; ways keep their nodes, and nothing is ever deleted.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from parvis.core.osm.model import TYPES, Difference, Entry
from parvis.core.osm.values import LONGEST_VALUE

GENERATOR = "Parvis"


@dataclass(frozen=True, slots=True)
class Edit:
    """An object as it is to be: ``key`` is ``n123`` of one that is changed, ``n-1`` of a new one. ``nodes`` are those of a way."""

    key: str
    version: int
    tags: Mapping[str, str]
    longitude: float | None = None
    latitude: float | None = None
    nodes: tuple[int, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether the object is created."""
        return self.key[1] == "-"


def corrected_tags(current: Mapping[str, str], approved: Sequence[Difference]) -> dict[str, str]:
    """The tags of an object once the approved differences are settled our way; the others are left as they are."""
    return {**current, **{difference.tag: difference.ours[:LONGEST_VALUE] for difference in approved}}


def created(number: int, entry: Entry, tags: Mapping[str, str]) -> Edit:
    """A new node where the row is."""
    return Edit(f"n-{number}", 0, dict(tags), round(entry.longitude, 7), round(entry.latitude, 7))


def osm_change(edits: Sequence[Edit], changeset: int | None = None) -> bytes:
    """The edits as osmChange; without ``changeset``, for JOSM, which asks before it sends anything."""
    root = ElementTree.Element("osmChange", version="0.6", generator=GENERATOR)
    for name, chosen in (
        ("create", [edit for edit in edits if edit.is_new]),
        ("modify", [edit for edit in edits if not edit.is_new]),
    ):
        if chosen:
            block = ElementTree.SubElement(root, name)
            for edit in chosen:
                _written(block, edit, changeset)
    ElementTree.indent(root)
    stream = io.BytesIO()
    ElementTree.ElementTree(root).write(stream, encoding="utf-8", xml_declaration=True)
    return stream.getvalue()


def changeset_xml(tags: Mapping[str, str]) -> bytes:
    """The body that opens a changeset."""
    root = ElementTree.Element("osm")
    changeset = ElementTree.SubElement(root, "changeset")
    _tags(changeset, tags)
    body: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def _written(block: ElementTree.Element, edit: Edit, changeset: int | None) -> None:
    facts = {"id": edit.key[1:], "version": str(edit.version)}
    if changeset is not None:
        facts["changeset"] = str(changeset)
    if edit.longitude is not None and edit.latitude is not None:
        facts |= {"lat": f"{edit.latitude:.7f}", "lon": f"{edit.longitude:.7f}"}
    thing = ElementTree.SubElement(block, TYPES[edit.key[0]], facts)
    for node in edit.nodes:
        ElementTree.SubElement(thing, "nd", ref=str(node))
    _tags(thing, edit.tags)


def _tags(parent: ElementTree.Element, tags: Mapping[str, str]) -> None:
    for key, value in sorted(tags.items()):
        if value:
            ElementTree.SubElement(parent, "tag", k=key[:LONGEST_VALUE], v=xml_text(value)[:LONGEST_VALUE])


def xml_text(text: str) -> str:
    """The text without the characters that XML 1.0 cannot have."""
    return "".join(
        c for c in text if c in "\t\n" or (c >= " " and not 0xD800 <= ord(c) <= 0xDFFF and c not in "\ufffe\uffff")
    )
