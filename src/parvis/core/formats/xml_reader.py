"""XML: the element that repeats is a row, what it holds are its cells, lists stay lists; read as it comes, never held whole."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Protocol
from xml.parsers import expat

from parvis.core.formats.encodings import SINGLE_BYTE, PreparedText, prepare_text
from parvis.core.formats.job import Job, Outcome
from parvis.core.formats.json_reader import TELLING, Keys, prepared_json
from parvis.core.formats.refusals import BrokenXml, NoTable, TooDeep, TooManyColumns, XmlEntities
from parvis.core.formats.sink import Sink, too_large
from parvis.core.formats.xml_shape import SHOWN, Element, Records, find_records
from parvis.core.staging import Note

CHUNK = 256 * 1024
VALUE = "valeur"
"""Key of the text of an element that has attributes too."""
MOST_PATHS = 20_000
ROOM = 16 * 1024 * 1024
GROWTH = 4
"""Cells of elements around the records are repeated on each row: so many times the size of the text at most, ``ROOM`` apart."""
HANDLE = 64
"""What an element weighs in memory beside its text, in characters."""
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)""")
_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)[^\W\d][\w.-]{0,60};")
"""An entity that XML does not know of itself: its document type would say what it is."""
LONGEST_ENTITY = 64
_ABOUT_TEXT = frozenset({"nil", "type", "schemaLocation", "noNamespaceSchemaLocation", "space", "base"})
"""Local names of attributes with a prefix that tell of the text, not of what it says."""


class _Handler(Protocol):
    """Who is told what a parser meets."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


def read_xml(job: Job) -> Outcome:
    """Stage the records of an XML text, found by ``core.formats.xml_shape``; ranks number them.

    Names lose their prefix. An element of an element has its name after a dot, attributes are as elements, elements that repeat are
    a list in one cell. XmlEntities for entities, declared or used; a document type that declares none is not looked at. BrokenXml for
    what is not well formed.
    """
    text = prepared_xml(job)
    survey = _Survey(job)
    _parse(text, job, survey)
    if survey.root is None:
        raise NoTable(file=job.name)
    records = find_records(survey.root, job.options.json_path, job.name, ROOM + GROWTH * text.path.stat().st_size)
    keys = Keys(Sink(job.workspace, job.name, job.limits), job)
    _parse(text, job, _Walk(job, records, survey.root, keys))
    notes = [*text.notes, *_notes(survey.root, records)]
    return keys.finish(notes), {"encoding": text.encoding, "json_path": records.element.dotted}


def prepared_xml(job: Job) -> PreparedText:
    """The text in UTF-8; where its bytes are not, its declaration says what they are, if it can."""
    text = prepared_json(job)
    with job.path.open("rb") as stream:
        match = _DECLARED.match(stream.read(1024))
    if match is None or job.options.encoding or text.encoding not in SINGLE_BYTE:
        return text
    with suppress(LookupError):
        declared = codecs.lookup(match[1].decode("ascii", "replace")).name
        declared = "cp1252" if declared == "iso8859-1" else declared  # as the web reads it
        if declared != text.encoding and not declared.startswith("utf"):
            size = job.path.stat().st_size
            tick = lambda _: job.progress("read", 0, size)  # noqa: E731
            return prepare_text(job.path, job.workspace.folder, declared, job.name, job.limits, tick, endless=True)
    return text


def _parse(text: PreparedText, job: Job, handler: _Handler) -> None:
    """Tell ``handler`` what is in the text. Nothing that the text names is fetched, no entity of its own is read, no attribute is one
    that its document type would add."""
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
    parser.CharacterDataHandler = handler.text
    parser.buffer_text = True
    parser.buffer_size = CHUNK
    parser.specified_attributes = True
    typed = False

    def refuse(*_: Any) -> None:
        raise XmlEntities(file=job.name)

    def note_type(*_: Any) -> None:
        nonlocal typed
        typed = True

    parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = note_type, refuse
    most = 4 * job.limits.max_cell_bytes
    done, tail = 0, b""
    try:
        with text.path.open("rb") as stream:
            stream.seek(text.skip)
            chunk = stream.read(CHUNK).lstrip()
            while chunk:
                parser.Parse(chunk, False)
                if typed and _ENTITY.search(tail + chunk):  # it would be dropped without a word
                    refuse()
                tail = chunk[-LONGEST_ENTITY:]
                done += len(chunk)
                if done - parser.CurrentByteIndex > most:  # one tag without end
                    raise too_large(job.name, parser.CurrentLineNumber, job.limits)
                chunk = stream.read(CHUNK)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        reason = expat.errors.messages.get(error.code, str(error))
        raise BrokenXml(file=job.name, line=error.lineno, reason=reason) from error


def _attributes(attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in attributes.items():
        prefix, _, local = name.rpartition(":")
        if prefix != "xmlns" and name != "xmlns" and not (prefix and local in _ABOUT_TEXT):
            yield local, value


class _Survey:
    """Counts the elements of each path."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.root: Element | None = None
        self._open: list[Element] = []
        self._lengths: list[int] = []
        self._paths = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """One more element of its path."""
        if len(self._open) >= self._job.limits.max_json_depth:
            raise TooDeep(file=self._job.name, limit=self._job.limits.max_json_depth)
        parent = self._open[-1] if self._open else None
        element = parent.children.get(name) if parent else None
        if element is None:
            element = self._new(name, parent)
        element.meet()
        for key, value in _attributes(attributes):
            longest = element.attributes.get(key, -1)
            if longest < 0:
                self._count_path()
            element.attributes[key] = max(longest, len(value))
        self._open.append(element)
        self._lengths.append(0)

    def _new(self, name: str, parent: Element | None) -> Element:
        self._count_path()
        element = Element(name, parent)
        if parent is None:
            self.root = element
        else:
            parent.children[name] = element
        return element

    def _count_path(self) -> None:
        self._paths += 1
        if self._paths > MOST_PATHS:
            raise TooManyColumns(file=self._job.name, count=self._paths, limit=self._job.limits.max_columns)

    def text(self, data: str) -> None:
        """A part of the text of the element that is open."""
        if not data.isspace():
            self._lengths[-1] += len(data)

    def end(self, name: str) -> None:
        """The element that is open ends."""
        element = self._open.pop()
        element.longest = max(element.longest, self._lengths.pop())


class _Walk:
    """Makes each record, and hands it to ``keys`` with the cells of the elements around it."""

    def __init__(self, job: Job, records: Records, root: Element, keys: Keys) -> None:
        self._job, self._record, self._keys = job, records.element, keys
        self._above = records.element.path[:-1]
        self._around: dict[Element, dict[str, Any]] = {element: {} for element in records.around}
        self._ranks = dict.fromkeys(records.around, 0)
        self._clashes = _clashes(records)
        self._most = 4 * job.limits.max_cell_bytes
        self._way: list[Element] = []
        self._open: list[tuple[Element, dict[str, Any], list[str]]] = []
        self._skipped = self._size = self._rank = 0
        self._root = root

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element that leads to records, is one, is in one, or is none of our business."""
        if self._skipped:
            self._skipped += 1
            return
        if self._open:
            element = self._open[-1][0]
            if element.is_text:
                self._skipped = 1
                return
            element = element.children[name]
        else:
            element = self._way[-1].children[name] if self._way else self._root
            if element in self._above and element is not self._record:
                self._way.append(element)
                if element in self._around:
                    self._around[element] = {key: value.strip() or None for key, value in _attributes(attributes)}
                    self._ranks[element] = self._rank
                return
            if element is not self._record and (self._way[-1] not in self._around or element.repeats):
                self._skipped = 1
                return
            self._size = 0
        self._grow(HANDLE)
        members: dict[str, Any] = {}
        for key, value in _attributes(attributes):
            self._grow(len(value))
            members[f"@{key}" if any(child.label == key for child in element.children.values()) else key] = (
                value.strip()
            )
        self._open.append((element, members, []))

    def text(self, data: str) -> None:
        """A part of the text of the element that is open, those that are in the midst of a text included."""
        if self._open and (not self._skipped or self._open[-1][0].is_text):
            self._grow(len(data))
            self._open[-1][2].append(data)

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > self._most:
            raise too_large(self._job.name, self._rank + 1, self._job.limits)

    def end(self, name: str) -> None:
        """What was open is whole."""
        if self._skipped:
            self._skipped -= 1
            return
        if not self._open:
            self._leave(self._way.pop())
            return
        element, members, texts = self._open.pop()
        value = _value(element, members, "".join(texts).strip())
        if self._open:
            outer = self._open[-1][1]
            if element.repeats:
                outer.setdefault(element.label, []).append(value)
            else:
                outer[element.label] = value
        elif element is self._record:
            self._add(value)
        else:
            self._around[self._way[-1]] |= _flat({element.label: value})

    def _leave(self, element: Element) -> None:
        """An element of a list of lists that has no record is a row all the same; what it said is forgotten."""
        if element in self._around:
            if element.repeats and self._ranks[element] == self._rank:
                self._add({})
            self._around[element] = {}

    def _add(self, value: Any) -> None:
        self._rank += 1
        if not self._rank % TELLING:
            self._job.progress("read", self._rank, None)
        row: dict[str, Any] = {}
        for element, cells in self._around.items():
            row |= {self._clashes.get((element, label), label): cell for label, cell in cells.items()}
        self._keys.add(self._rank, row | _flat(value if isinstance(value, dict) else {VALUE: value}))


def _value(element: Element, members: dict[str, Any], text: str) -> Any:
    """A text, a dictionary of what an element holds, or a list when that is all."""
    if element.is_text:
        if not element.attributes:
            return text or None
        if len(element.attributes) == 1 and not element.longest:
            return next(iter(members.values()), None) or None
        return {
            **members,
            **({VALUE if VALUE not in element.attributes else "texte": text or None} if element.longest else {}),
        }
    if element.holds_a_list and (only := next(iter(element.children.values()))).repeats:
        return members.get(only.label)
    return members


def _flat(members: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Dictionaries in dictionaries as one, their keys joined by dots."""
    cells: dict[str, Any] = {}
    for key, value in members.items():
        label = before.removesuffix(".") if key == VALUE and before else before + key
        if isinstance(value, dict):
            cells |= _flat(value, f"{label}.")
        else:
            cells[label] = value
    return cells


def _labels(element: Element, but: Element | None = None) -> set[str]:
    """The labels of the own cells of ``element``, those of its child ``but`` apart."""
    labels = set(element.attributes)
    for child in element.children.values():
        if child is but:
            continue
        labels.add(child.label)
        if not child.repeats:
            labels |= {f"{child.label}.{inner}" for inner in _labels(child)}
    return labels


def _clashes(records: Records) -> dict[tuple[Element, str], str]:
    """What cells of elements around records are called where a nearer one has their name: the element's name goes before."""
    used = _labels(records.element)
    names: dict[tuple[Element, str], str] = {}
    for element in reversed(records.around):
        own = _labels(element)
        for label in sorted(own & used):
            name, rank = f"{element.label}.{label}", 2
            while name in used | own:
                name, rank = f"{element.label}.{label} ({rank})", rank + 1
            names[element, label] = name
        used |= {names.get((element, label), label) for label in own}
    return names


def _notes(root: Element, records: Records) -> list[Note]:
    others = [f"{other.dotted} ({other.count})" for other in records.others]
    left = _left_out(root, records, set(records.element.path))
    notes = [Note("other-records", {"read": records.element.dotted, "others": others})] if others else []
    return [*notes, Note("around-records", {"count": len(left), "fields": left[:SHOWN]})] if left else notes


def _left_out(element: Element, records: Records, above: set[Element]) -> list[str]:
    """Paths of the texts that are in no row, lists apart, which are told otherwise."""
    if element is records.element or element in records.others:
        return []
    left = []
    if element not in records.around:
        left = [f"{element.dotted}.{name}" for name in element.attributes]
        left += [element.dotted] if element.longest else []
    for child in element.children.values():
        if child in above or element not in records.around or child.repeats:
            left += _left_out(child, records, above)
    return left
