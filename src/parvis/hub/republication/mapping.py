"""A dataset of ours in the words of udata, and what udata says of one in words that can be compared with them.

udata makes tags and texts its own way: two cards are compared by ``card_facts``, never as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import slugify

from parvis.hub.republication.package import Document, Package

TITLE, DESCRIPTION = 350, 50_000
TAG_LENGTHS = range(3, 97)
MOST_TAGS = 60
MOST_ZONES = 100
LONGEST_FACT = 300
"""Of a value that is kept to be shown."""
LICENCES = {
    "odbl": "odc-odbl",
    "cc-by-4.0": "cc-by",
    "cc0-1.0": "cc-zero",
    "mit": "other-open",
    "unlicense": "other-pd",
}
"""Ours in the words of udata, where they differ; one that neither knows is « notspecified »."""
SAME_LICENCES = frozenset({"lov2"})
FREQUENCIES = {"biannual": "semiannual"}
"""The same for frequencies."""
FIELDS = ("title", "description", "license", "frequency", "tags", "temporal_coverage", "spatial", "contact_points")
"""What we say of a dataset."""
RETAINED = (
    "acronym",
    "description_short",
    "private",
    "archived",
    "frequency_date",
    "access_type",
    "access_audiences",
    "authorization_request_url",
    "access_type_reason_category",
    "access_type_reason",
)
"""What only people there say: udata empties what a change leaves out, so it is sent back as it was."""
DOCUMENT_FIELDS = ("title", "description", "type", "url", "format", "mime", "filesize", "checksum", "schema")


def card(package: Package) -> dict[str, Any]:
    """A card as udata takes it, but for its contact, whom udata knows by a number of its own."""
    licence = LICENCES.get(package.licence, package.licence if package.licence in SAME_LICENCES else "notspecified")
    tags = (_tag(word) for word in package.tags)
    body: dict[str, Any] = {
        "title": package.title[:TITLE],
        "description": package.description[:DESCRIPTION] or package.title,
        "license": licence,
        "frequency": FREQUENCIES.get(package.frequency, package.frequency),
        "tags": sorted(list(dict.fromkeys(tag for tag in tags if len(tag) in TAG_LENGTHS))[:MOST_TAGS]),
    }
    if package.period:
        body["temporal_coverage"] = dict(zip(("start", "end"), package.period, strict=True))
    if package.zones:
        body["spatial"] = {"zones": list(package.zones[:MOST_ZONES])}
    if package.contact_email:
        body["contact_points"] = [{"name": package.contact_name[:255], "email": package.contact_email}]
    return body


def _tag(word: str) -> str:
    """A word as udata makes it a tag: what an apostrophe parts is two words."""
    return slugify(word.replace("’", "-").replace("'", "-"))[: TAG_LENGTHS[-1]].strip("-")


def card_facts(body: Mapping[str, Any]) -> dict[str, str]:
    """What a card says, ours or theirs, field by field, in a form in which the same is the same; empty for nothing."""
    period, spatial = _mapping(body.get("temporal_coverage")), _mapping(body.get("spatial"))
    contacts = (_mapping(row) for row in _list(body.get("contact_points")))
    days = [str(period.get(name) or "")[:10] for name in ("start", "end")]
    return {
        "title": _text(body.get("title")),
        "description": _text(body.get("description")),
        "license": _text(body.get("license")) or "notspecified",
        "frequency": _text(body.get("frequency")) or "unknown",
        "tags": ", ".join(sorted({slugify(str(tag)) for tag in _list(body.get("tags"))})),
        "temporal_coverage": " – ".join(days) if any(days) else "",
        "spatial": ", ".join(sorted(str(zone) for zone in _list(spatial.get("zones")))),
        "contact_points": ", ".join(
            sorted(f"{_text(row.get('name'))} <{_text(row.get('email'))}>" for row in contacts)
        ),
    }


def document_body(document: Document) -> dict[str, Any]:
    """A file as udata takes it: a remote one."""
    body: dict[str, Any] = {
        "title": document.title[:TITLE],
        "description": document.description[:DESCRIPTION],
        "type": document.kind,
        "filetype": "remote",
        "url": document.url,
        "format": document.format,
        "mime": document.mime,
    }
    if document.sha256:
        body["checksum"] = {"type": "sha256", "value": document.sha256}
    if document.bytes is not None:
        body["filesize"] = document.bytes
    if document.schema:
        body["schema"] = dict(document.schema)
    return body


def document_facts(body: Mapping[str, Any]) -> dict[str, str]:
    """What is said of a file, likewise."""
    checksum, schema = _mapping(body.get("checksum")), _mapping(body.get("schema"))
    size = body.get("filesize")
    return {
        "title": _text(body.get("title")),
        "description": _text(body.get("description")),
        "type": _text(body.get("type")),
        "url": _text(body.get("url")),
        "format": _text(body.get("format")).lower(),
        "mime": _text(body.get("mime")),
        "filesize": str(size) if isinstance(size, int) else "",
        "checksum": f"{_text(checksum.get('type'))}:{_text(checksum.get('value'))}" if checksum.get("value") else "",
        "schema": " ".join(filter(None, (_text(schema.get(name)) for name in ("name", "version", "url")))),
    }


def shown(value: str) -> str:
    """A value short enough to be kept and shown."""
    return value if len(value) <= LONGEST_FACT else f"{value[: LONGEST_FACT - 1]}…"


def _text(value: object) -> str:
    """A text with one space where there may be several: udata trims, and rewrites ends of lines."""
    return " ".join(value.replace("\0", "").split()) if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value[:1000] if isinstance(value, list) else []
