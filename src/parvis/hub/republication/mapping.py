"""A dataset or a service of ours in the words of udata, and what udata says of one in words that can be compared with them.

udata makes tags and texts its own way: two cards are compared by ``card_facts``, never as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.text import slugify

from parvis.hub.republication.package import Document, Package, ServicePackage

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
NO_LICENCE = "notspecified"
SAME_LICENCES = frozenset({"lov2"})
FREQUENCIES = {"biannual": "semiannual"}
"""The same for frequencies."""
FIELDS = ("title", "description", "license", "frequency", "tags", "temporal_coverage", "spatial", "contact_points")
"""What we say of a dataset."""
SERVICE_TEXTS = (
    "base_api_url",
    "machine_documentation_url",
    "technical_documentation_url",
    "business_documentation_url",
    "authorization_request_url",
    "rate_limiting",
    "format",
)
SERVICE_FIELDS = (
    "title",
    "description",
    "license",
    "tags",
    *SERVICE_TEXTS,
    "availability",
    "access_type",
    "datasets",
    "contact_points",
    "private",
)
"""What we say of a service."""
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
    return _service_card(package) if isinstance(package, ServicePackage) else _dataset_card(package)


def _shared(package: Package) -> dict[str, Any]:
    """What is said of a dataset and of a service alike."""
    tags = (_tag(word) for word in package.tags)
    body: dict[str, Any] = {
        "title": package.title[:TITLE],
        "description": package.description[:DESCRIPTION] or package.title,
        "license": LICENCES.get(package.licence, package.licence if package.licence in SAME_LICENCES else NO_LICENCE),
        "tags": sorted(list(dict.fromkeys(tag for tag in tags if len(tag) in TAG_LENGTHS))[:MOST_TAGS]),
    }
    if package.contact_email:
        body["contact_points"] = [{"name": package.contact_name[:255], "email": package.contact_email}]
    return body


def _service_card(package: ServicePackage) -> dict[str, Any]:
    """A change of a service leaves what it does not name: what there is none of is named, and empty."""
    return {
        "contact_points": [],
        **_shared(package),
        "base_api_url": package.endpoint or None,
        "machine_documentation_url": package.description_address or None,
        "technical_documentation_url": package.documentation or None,
        "business_documentation_url": package.reading_page or package.page,
        "authorization_request_url": package.access_address or None,
        "access_type": package.access,
        "rate_limiting": package.rate,
        "availability": package.availability,
        "format": package.format or None,
        "datasets": sorted(package.there),
        "private": False,
    }


def _dataset_card(package: Package) -> dict[str, Any]:
    body = {**_shared(package), "frequency": FREQUENCIES.get(package.frequency, package.frequency)}
    if package.period:
        body["temporal_coverage"] = dict(zip(("start", "end"), package.period, strict=True))
    if package.zones:
        body["spatial"] = {"zones": list(package.zones[:MOST_ZONES])}
    return body


def _tag(word: str) -> str:
    """A word as udata makes it a tag: what an apostrophe parts is two words."""
    return slugify(word.replace("’", "-").replace("'", "-"))[: TAG_LENGTHS[-1]].strip("-")


def card_facts(body: Mapping[str, Any]) -> dict[str, str]:
    """What the card of a dataset says, ours or theirs, field by field, in a form in which the same is the same; empty for nothing."""
    period, spatial = _mapping(body.get("temporal_coverage")), _mapping(body.get("spatial"))
    days = [str(period.get(name) or "")[:10] for name in ("start", "end")]
    return {
        **_shared_facts(body),
        "frequency": _text(body.get("frequency")) or "unknown",
        "temporal_coverage": " – ".join(days) if any(days) else "",
        "spatial": ", ".join(sorted(str(zone) for zone in _list(spatial.get("zones")))),
    }


def service_facts(body: Mapping[str, Any]) -> dict[str, str]:
    """The same of a service."""
    number = body.get("availability")
    datasets = (row.get("id") if isinstance(row, dict) else row for row in _list(body.get("datasets")))
    return {
        **_shared_facts(body),
        **{name: _text(body.get(name)) for name in SERVICE_TEXTS},
        "access_type": _text(body.get("access_type")) or "open",
        "availability": f"{number:g}" if isinstance(number, int | float) and not isinstance(number, bool) else "",
        "datasets": ", ".join(sorted(_text(name) for name in datasets)),
        "private": "" if body.get("private") in (None, False) else "1",
    }


def _shared_facts(body: Mapping[str, Any]) -> dict[str, str]:
    contacts = (_mapping(row) for row in _list(body.get("contact_points")))
    return {
        "title": _text(body.get("title")),
        "description": _text(body.get("description")),
        "license": _text(body.get("license")) or NO_LICENCE,
        "tags": ", ".join(sorted({slugify(str(tag)) for tag in _list(body.get("tags"))})),
        "contact_points": ", ".join(
            sorted(f"{_text(row.get('name'))} <{_text(row.get('email'))}>" for row in contacts)
        ),
    }


@dataclass(frozen=True, slots=True)
class Words:
    """How udata speaks of datasets, or of services: where they are, what is said of them, and how a change is sent."""

    path: str
    method: str
    """``PUT`` empties what it leaves out, ``PATCH`` leaves it as it was."""
    page: str
    """Names of the address of its page, of when it was deleted, of when it was archived."""
    deleted: str
    archived: str
    fields: tuple[str, ...]
    facts: Callable[[Mapping[str, Any]], dict[str, str]]
    retained: tuple[str, ...] = ()
    nothing: Mapping[str, Any] = MappingProxyType({})
    optional: tuple[str, ...] = ()
    """Parts that a portal may refuse by name: it is better without them than not there."""


DATASETS = Words(
    path="datasets",
    method="PUT",
    page="page",
    deleted="deleted",
    archived="archived",
    fields=FIELDS,
    facts=card_facts,
    retained=RETAINED,
    nothing=MappingProxyType({"temporal_coverage": None, "spatial": {"zones": []}, "contact_points": None}),
    optional=("spatial", "schema", "contact_points", "temporal_coverage", "frequency", "license"),
)
"""How udata is told that a card has none of a thing any more, in ``nothing``: left out, or an empty list, it keeps the contacts it had."""
SERVICES = Words(
    path="dataservices",
    method="PATCH",
    page="self_web_url",
    deleted="deleted_at",
    archived="archived_at",
    fields=SERVICE_FIELDS,
    facts=service_facts,
    optional=("contact_points", "format", "availability", "authorization_request_url", "datasets", "license"),
)


def words_of(package: Package) -> Words:
    """How udata speaks of such a thing."""
    return SERVICES if isinstance(package, ServicePackage) else DATASETS


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
