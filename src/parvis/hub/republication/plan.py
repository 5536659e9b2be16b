"""What must be sent so that what is there is what is here: nothing that is there already, nothing twice.

What was sent is noted there, in ``extras``: which of ours it is, and the digest of what was sent. A database restored from a backup,
an answer that was lost, another portal of the same name change nothing to it. What others added there is left alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from parvis.hub.republication.package import MOST_DOCUMENTS, Document, Package

PAGE, KEY, DIGEST = "parvis:page", "parvis:key", "parvis:digest"
"""Names of ours among the extras there."""
TITLE, DESCRIPTION = 350, 20_000
LICENCES = {
    "odbl": "odc-odbl",
    "cc-by-4.0": "cc-by",
    "cc0-1.0": "cc-zero",
    "mit": "other-open",
    "unlicense": "other-pd",
}
"""Ours in the words of udata, where they differ; one that neither knows is « notspecified »."""
SAME_LICENCES = frozenset({"lov2"})


class Gesture(StrEnum):
    """What is done there."""

    CREATE = "create"
    CARD = "card"
    REMOVE = "remove"
    ADD = "add"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of the dataset there."""

    identifier: str
    title: str
    extras: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remote:
    """The dataset as it is there now."""

    identifier: str
    page: str = ""
    extras: Mapping[str, Any] = field(default_factory=dict)
    resources: Sequence[Resource] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One request; ``body`` is its JSON, ``resource`` what it is about when that is there."""

    gesture: Gesture
    title: str
    body: Mapping[str, Any] = field(default_factory=dict)
    resource: str = ""


def steps(package: Package, remote: Remote | None) -> list[Step]:
    """All that is to be done, in order: what must no longer be read there goes first. Nothing is created for nothing to show."""
    if remote is None:
        if not package.documents:
            return []
        return [Step(Gesture.CREATE, package.title, card(package)), *_differences(package.documents, ())]
    changed = [] if remote.extras.get(DIGEST) == _digest(_card(package)) else [_card_step(package, remote)]
    rest = list(_differences(package.documents, remote.resources))
    removed = [step for step in rest if step.gesture is Gesture.REMOVE]
    return [*removed, *changed, *(step for step in rest if step.gesture is not Gesture.REMOVE)]


def card(package: Package) -> dict[str, Any]:
    """The body that makes the dataset."""
    body = _card(package)
    return {**body, "extras": {PAGE: package.page, DIGEST: _digest(body)}}


def _card(package: Package) -> dict[str, Any]:
    licence = LICENCES.get(package.licence, package.licence if package.licence in SAME_LICENCES else "notspecified")
    body: dict[str, Any] = {
        "title": package.title[:TITLE],
        "description": package.description[:DESCRIPTION] or package.title,
        "license": licence,
        "frequency": package.frequency,
        "tags": list(package.tags),
    }
    if package.zone:
        body["spatial"] = {"zones": [package.zone]}
    return body


def _card_step(package: Package, remote: Remote) -> Step:
    body = card(package)
    # The extras that others wrote there stay: a PUT replaces them all.
    return Step(Gesture.CARD, package.title, {**body, "extras": {**remote.extras, **body["extras"]}})


def body_of(document: Document) -> dict[str, Any]:
    """A document as udata takes it: a remote file."""
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
    return {**body, "extras": {KEY: document.key, DIGEST: _digest({**body, "mark": document.mark})}}


def _differences(documents: Sequence[Document], resources: Sequence[Resource]) -> Iterator[Step]:
    """Those of ours that are there once too often or no longer wanted, then those to add or change."""
    there: dict[str, Resource] = {}
    current = {document.key: document for document in documents[: MOST_DOCUMENTS + 1]}
    for resource in resources:
        key = resource.extras.get(KEY)
        if not isinstance(key, str):
            continue
        if key in there or key not in current:
            yield Step(Gesture.REMOVE, resource.title, resource=resource.identifier)
        else:
            there[key] = resource
    for key, document in current.items():
        body, same = body_of(document), there.get(key)
        if same is None:
            yield Step(Gesture.ADD, document.title, body)
        elif same.extras.get(DIGEST) != body["extras"][DIGEST]:
            body["extras"] = {**same.extras, **body["extras"]}
            yield Step(Gesture.CHANGE, document.title, body, same.identifier)


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]
