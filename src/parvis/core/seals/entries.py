"""An entry of the chain, and its canonical text."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, BinaryIO, Final

from parvis.core.seals.errors import NotSealable
from parvis.core.translation import Sentence, gettext_noop

VERSION: Final = 1
"""Of the form of entries; each names its own."""
MOST_TEXT = 2_000
MOST_SUBJECT = 500
MOST_FACTS = 20
MOST_FILES = 200
LONGEST_LINE = 1_000_000
"""In bytes: of any line that ``entry_of`` may read, so that a stranger's file is read within bounds."""

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_FACT = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_HEAD, _MIDDLE = b'{"digest":"', b'","entry":'
_START = len(_HEAD) + 64 + len(_MIDDLE)


class Kind(StrEnum):
    """What an entry says of its subject."""

    PUBLICATION = "publication"
    CORRECTION = "correction"
    """A new act that corrects the one it refers to, which stays as it is."""
    REPLACEMENT = "replacement"
    """The same act with other files: what was masked was not masked enough, a page was missing."""
    WITHDRAWAL = "withdrawal"
    """The act it refers to is no longer there; nothing of it is told again."""


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A published file: its address from that of its subject, its size, the SHA-256 of its bytes."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Author:
    """Who answers for an act, as the law wants it published (R2131-1 CGCT): first name, name and quality."""

    name: str
    quality: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the chain. ``sequence`` begins at 1, without holes; ``moment`` is UTC, in seconds.

    ``refers_to`` is the sequence of the entry that this one corrects, replaces or withdraws. ``previous`` is the digest of the entry
    before. Nothing personal is in it but ``author``: a digest says nothing of what is in a file.
    """

    sequence: int
    moment: str
    kind: Kind
    subject: str
    files: tuple[FileDigest, ...]
    author: Author
    facts: Mapping[str, str] = field(default_factory=dict)
    refers_to: int | None = None
    previous: str = ""

    @property
    def canonical(self) -> bytes:
        """Its canonical JSON; NotSealable when it cannot be an entry."""
        check(self)
        written = {**asdict(self), "facts": dict(self.facts), "version": VERSION}
        return json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @property
    def day(self) -> str:
        """Its day, UTC."""
        return self.moment[:10]


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry with its text and its digest."""

    entry: Entry
    content: bytes
    digest: str

    @property
    def line(self) -> bytes:
        """As the chain has it, without the end of line."""
        return _HEAD + self.digest.encode() + _MIDDLE + self.content + b"}"

    @property
    def state(self) -> ChainState:
        """Where the chain stands once it is its last."""
        return ChainState(self.entry.sequence, self.digest)


NOTHING: Final = "0" * 64
"""What the first entry of a chain names as its previous one."""


@dataclass(frozen=True, slots=True)
class ChainState:
    """Where a chain stands: how many entries, and the digest of the last."""

    entries: int = 0
    digest: str = NOTHING


def seal_after(state: ChainState, facts: Entry, moment: datetime) -> Sealed:
    """``facts`` as the entry that follows ``state``, at ``moment``; its own sequence, moment and previous are not looked at."""
    instant = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    entry = replace(facts, sequence=state.entries + 1, moment=instant, previous=state.digest)
    content = entry.canonical
    return Sealed(entry, content, hashlib.sha256(content).hexdigest())


def digest_of(name: str, stream: BinaryIO) -> FileDigest:
    """What the chain tells of the file read from ``stream``, to its end."""
    digest, size = hashlib.sha256(), 0
    while block := stream.read(1 << 20):
        digest.update(block)
        size += len(block)
    return FileDigest(name, size, digest.hexdigest())


class NotAnEntry(ValueError):
    """A line or its contents tell no entry; ``reason`` says why."""

    def __init__(self, message: str) -> None:
        self.reason = Sentence(message)
        super().__init__(message)


def sealed_of(line: bytes) -> Sealed:
    """The entry of a line, end of line left out; NotAnEntry.

    Each byte counts: spaces, another order of keys or another spelling of a letter are refused, since they are not canonical.
    """
    if len(line) > LONGEST_LINE:
        raise NotAnEntry(gettext_noop("elle est trop longue"))
    if not (line.startswith(_HEAD) and line[len(_HEAD) + 64 : _START] == _MIDDLE and line.endswith(b"}")):
        raise NotAnEntry(gettext_noop("elle n’a pas la forme d’un sceau"))
    content, digest = line[_START:-1], line[len(_HEAD) : len(_HEAD) + 64].decode("ascii", "replace")
    if hashlib.sha256(content).hexdigest() != digest:
        raise NotAnEntry(gettext_noop("son empreinte n’est pas celle de son contenu"))
    entry = entry_of(content)
    if entry.canonical != content:
        raise NotAnEntry(gettext_noop("son écriture n’est pas canonique"))
    return Sealed(entry, content, digest)


def entry_of(content: bytes) -> Entry:
    """The entry that some canonical JSON tells; NotAnEntry when it tells none."""
    try:
        row = json.loads(content)
        if row.pop("version") != VERSION:
            raise NotAnEntry(gettext_noop("sa version est inconnue"))
        files = tuple(FileDigest(**file) for file in row.pop("files"))
        entry = Entry(files=files, author=Author(**row.pop("author")), kind=Kind(row.pop("kind")), **row)
        check(entry)
    except NotAnEntry:
        raise
    except (TypeError, KeyError, AttributeError, RecursionError, NotSealable, ValueError) as error:
        raise NotAnEntry(gettext_noop("il y manque quelque chose, ou il y a quelque chose de trop")) from error
    return entry


def check(entry: Entry) -> None:
    """NotSealable for an entry that has not the shape of one."""
    for reason, well in (
        (gettext_noop("le numéro d’ordre"), _whole(entry.sequence, 1)),
        (gettext_noop("la date"), isinstance(entry.moment, str) and _is_moment(entry.moment)),
        (gettext_noop("l’adresse"), _is_text(entry.subject) and 0 < len(entry.subject) <= MOST_SUBJECT),
        (gettext_noop("l’auteur"), _is_text(entry.author.name) and _is_text(entry.author.quality)),
        (gettext_noop("les fichiers"), _are_files(entry.files)),
        (gettext_noop("les mentions"), _are_facts(entry.facts)),
        (gettext_noop("l’acte auquel il renvoie"), _is_reference(entry)),
        (
            gettext_noop("l’empreinte précédente"),
            isinstance(entry.previous, str) and bool(_DIGEST.fullmatch(entry.previous)),
        ),
    ):
        if not well:
            raise NotSealable(reason=Sentence(reason))


def _whole(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value < 2**53


def _is_moment(text: str) -> bool:
    if not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_text(value: Any) -> bool:
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        return False
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def _are_files(files: Sequence[FileDigest]) -> bool:
    return len(files) <= MOST_FILES and all(
        _is_text(file.name)
        and file.name != ""
        and _whole(file.bytes, 0)
        and isinstance(file.sha256, str)
        and _DIGEST.fullmatch(file.sha256)
        for file in files
    )


def _are_facts(facts: Mapping[str, str]) -> bool:
    return (
        isinstance(facts, Mapping)
        and len(facts) <= MOST_FACTS
        and all(isinstance(name, str) and _FACT.fullmatch(name) and _is_text(text) for name, text in facts.items())
    )


def _is_reference(entry: Entry) -> bool:
    if entry.kind == Kind.PUBLICATION:
        return entry.refers_to is None
    return _whole(entry.refers_to, 1) and (entry.refers_to or 0) < entry.sequence
