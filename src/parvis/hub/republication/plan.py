"""What must be sent so that what is there is what is here: nothing that is there already, nothing twice.

What was sent is noted there, in ``extras``: which of ours it is, and the digest of what was sent. A database restored from a backup,
an answer that was lost, another portal of the same name change nothing to it. What others added there is left alone, and what they
changed of a card is seen (``Sent``): it stays until the same field changes here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from parvis.hub.republication.mapping import (
    DATASETS,
    DOCUMENT_FIELDS,
    Words,
    card,
    document_body,
    document_facts,
    shown,
    words_of,
)
from parvis.hub.republication.package import MOST_DOCUMENTS, Document, Package, ServicePackage

PAGE, KEY, DIGEST, RETIRED = "parvis:page", "parvis:key", "parvis:digest", "parvis:retired"
"""Names of ours among the extras there; the last says that it is we who closed the dataset."""


class Gesture(StrEnum):
    """What is done there."""

    CREATE = "create"
    CARD = "card"
    REMOVE = "remove"
    ADD = "add"
    CHANGE = "change"
    CLOSE = "close"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same: ``field``, what is there, what is here; ``edited`` when somebody changed it there."""

    field: str
    there: str
    here: str
    edited: bool = False

    def to_json(self) -> list[Any]:
        """As it is kept."""
        return [self.field, shown(self.there), shown(self.here), self.edited]


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of the dataset there."""

    identifier: str
    title: str
    extras: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    """All that is said of it."""


@dataclass(frozen=True, slots=True)
class Remote:
    """The dataset, or the service, as it is there now."""

    identifier: str
    page: str = ""
    extras: Mapping[str, Any] = field(default_factory=dict)
    resources: Sequence[Resource] = ()
    body: Mapping[str, Any] = field(default_factory=dict)
    """Its card."""
    deleted: bool = False
    words: Words = DATASETS

    @property
    def facts(self) -> dict[str, str]:
        """What its card says, field by field."""
        return self.words.facts(self.body)

    @property
    def is_shown(self) -> bool:
        """Whether everybody finds it there."""
        return not (self.deleted or self.body.get("private") or self.body.get(self.words.archived))

    @property
    def foreign(self) -> int:
        """How many of its files are not ours."""
        return sum(not isinstance(row.extras.get(KEY), str) for row in self.resources)


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent last of a card, by its digest: ``here`` field by field, ``shown``, as the portal then showed it, and ``refused``: what it
    does not take, a schema of files among them."""

    digest: str = ""
    here: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    refused: Sequence[str] = ()

    def edited(self, remote: Remote) -> frozenset[str]:
        """The fields that somebody changed there since; none when something else was sent since."""
        if not self.digest or remote.extras.get(DIGEST) != self.digest:
            return frozenset()
        now = remote.facts
        return frozenset(name for name in remote.words.fields if name in self.shown and self.shown[name] != now[name])


@dataclass(frozen=True, slots=True)
class Step:
    """One request; ``body`` is its JSON, ``resource`` what it is about when that is there."""

    gesture: Gesture
    title: str
    body: Mapping[str, Any] = field(default_factory=dict)
    resource: str = ""
    differences: tuple[Difference, ...] = ()
    left_alone: frozenset[str] = frozenset()
    """Fields that stay as somebody changed them there."""


def steps(package: Package, remote: Remote | None, sent: Sent | None = None, *, rewrite: bool = False) -> list[Step]:
    """All that is to be done, in order: what must no longer be read there goes first. Nothing is created for nothing to show.

    ``rewrite`` takes no account of what people changed there.
    """
    if remote is None:
        if not package.documents and not isinstance(package, ServicePackage):
            return []
        facts = facts_of(package)
        new = tuple(Difference(name, "", facts[name]) for name in facts if facts[name])
        return [
            Step(Gesture.CREATE, package.title, card_body(package), differences=new),
            *_differences(package.documents, ()),
        ]
    is_same = remote.extras.get(DIGEST) == digest_of(package) and RETIRED not in remote.extras
    changed = [] if is_same and not rewrite else [_card_step(package, remote, sent, rewrite=rewrite)]
    rest = list(_differences(package.documents, remote.resources, rewrite=rewrite))
    removed = [step for step in rest if step.gesture is Gesture.REMOVE]
    return [*removed, *changed, *(step for step in rest if step.gesture is not Gesture.REMOVE)]


def closing_steps(remote: Remote, *, delete: bool, at: str) -> list[Step]:
    """All that is to be done with a dataset that is no longer sent: our files go, then the page is closed or deleted.

    One that holds files of somebody else stays open for them.
    """
    removed = list(_differences((), remote.resources))
    if remote.deleted or RETIRED in remote.extras or remote.foreign:
        return removed
    title, word = str(remote.body.get("title", "")), "deleted" if delete else "archived"
    # The mark goes first: what we closed ourselves may be opened again, even if the answer is lost.
    body = _whole_body(remote) | {"extras": {**remote.extras, RETIRED: word}}
    if delete:
        return [*removed, Step(Gesture.CARD, title, body), Step(Gesture.DELETE, title)]
    archived = remote.words.archived
    there = Difference("archived", str(remote.body.get(archived) or ""), at)
    return [*removed, Step(Gesture.CLOSE, title, {**body, archived: at}, differences=(there,))]


def card_body(package: Package) -> dict[str, Any]:
    """The body that makes the dataset."""
    return {**card(package), "extras": {PAGE: package.page, DIGEST: digest_of(package)}}


def body_of(document: Document) -> dict[str, Any]:
    """A document, with which of ours it is."""
    body = document_body(document)
    return {**body, "extras": {KEY: document.key, DIGEST: _digest({**body, "mark": document.mark})}}


def digest_of(package: Package) -> str:
    """What tells whether the card there is the one sent for this."""
    return _digest(card(package))


def facts_of(package: Package) -> dict[str, str]:
    """What our card says, field by field."""
    return words_of(package).facts(card(package))


def card_differences(package: Package, remote: Remote, edited: Iterable[str] = ()) -> tuple[Difference, ...]:
    """Where the cards are not the same."""
    here, there, changed = facts_of(package), remote.facts, set(edited)
    return tuple(
        Difference(name, there[name], here[name], name in changed) for name in here if here[name] != there[name]
    )


def document_differences(body: Mapping[str, Any], there: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Where what is said of a file is not the same."""
    here, shown_there = document_facts(body), document_facts(there)
    return tuple(
        Difference(name, shown_there[name], here[name]) for name in DOCUMENT_FIELDS if here[name] != shown_there[name]
    )


def _card_step(package: Package, remote: Remote, sent: Sent | None, *, rewrite: bool) -> Step:
    """Our card over theirs: a field that people changed there, and that did not change here, stays as it is."""
    edited = sent.edited(remote) if sent else frozenset()
    here, words = facts_of(package), remote.words
    left_alone = frozenset(
        name for name in edited if sent and not rewrite and sent.here.get(name, here[name]) == here[name]
    )
    body = {name: value for name, value in card_body(package).items() if name not in left_alone}
    # The extras that others wrote there stay: a PUT replaces them all.
    extras = {**remote.extras, **body["extras"]}
    extras.pop(RETIRED, None)
    emptied = {name: value for name, value in words.nothing.items() if name not in left_alone}
    body = {**emptied, **_whole_body(remote, left_alone), **body, "extras": extras}
    if RETIRED in remote.extras:
        body |= {words.archived: None, words.deleted: None}
    differences = tuple(row for row in card_differences(package, remote, edited) if row.field not in left_alone)
    return Step(Gesture.CARD, package.title, body, differences=differences, left_alone=left_alone)


def _whole_body(remote: Remote, names: Iterable[str] | None = None) -> dict[str, Any]:
    """What is there, as it must be sent back; nothing where a change leaves what it does not name."""
    words = remote.words
    if words.method == "PATCH":
        return {}
    names = (*(words.fields if names is None else names), *words.retained)
    body = {name: remote.body[name] for name in names if remote.body.get(name) not in (None, "", [])}
    if isinstance(body.get("contact_points"), list):
        body["contact_points"] = [row["id"] for row in body["contact_points"] if isinstance(row, dict) and "id" in row]
    return body


def _differences(
    documents: Sequence[Document], resources: Sequence[Resource], *, rewrite: bool = False
) -> Iterator[Step]:
    """Those of ours that are there once too often or no longer wanted, then those to change, then those to add: from the last to the
    first, since udata puts each new file before the others."""
    there: dict[str, Resource] = {}
    added: list[Step] = []
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
            added.append(Step(Gesture.ADD, document.title, body, differences=document_differences(body, {})))
            continue
        differences = document_differences(body, same.body)
        if same.extras.get(DIGEST) != body["extras"][DIGEST] or (rewrite and differences):
            body["extras"] = {**same.extras, **body["extras"]}
            yield Step(Gesture.CHANGE, document.title, body, same.identifier, differences)
    yield from reversed(added)


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]
