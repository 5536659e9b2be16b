"""What servers answer of their folders, in XML or HTML: read in a confined child, into plain rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from xml.parsers import expat

from parvis.core.errors import UnreadableFile, UnsafeFile
from parvis.core.translation import Sentence

MOST_BYTES = 64_000_000
"""Of one answer: some hundred thousand files."""
MOST_ROWS = 100_000
_LONGEST_TEXT = 4_000
_DEEPEST = 40
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Records:
    """Elements of one kind, each as the texts of those below it by local name, and the texts beside them."""

    rows: list[dict[str, str]] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)


def read_records(path: Path, elements: tuple[str, ...], name: str) -> Records:
    """The ``elements`` (local names) of an XML file; ``is`` of a row is which. UnreadableFile, UnsafeFile for a DTD."""
    reader = _XmlRecords(elements, name)
    with path.open("rb") as stream:
        try:
            while chunk := stream.read(_CHUNK):
                reader.parser.Parse(chunk, False)
            reader.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise UnreadableFile(file=name, reason=Sentence("ce n’est pas du XML valable")) from error
    return reader.records


def read_links(path: Path, name: str) -> list[str]:
    """Where the links of a page lead, as they are written there."""
    reader = _Links()
    with path.open(encoding="utf-8", errors="replace") as stream:
        while (chunk := stream.read(_CHUNK)) and len(reader.links) < MOST_ROWS:
            reader.feed(chunk)
    return reader.links[:MOST_ROWS]


class _XmlRecords:
    def __init__(self, elements: tuple[str, ...], name: str) -> None:
        self.records = Records()
        self._elements, self._name = elements, name
        self._row: dict[str, str] | None = None
        self._depth, self._text = 0, ""
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _refuse(self, *_declaration: object) -> None:
        raise UnsafeFile(file=self._name, reason=Sentence("il déclare des entités XML"))

    def _start(self, element: str, _attributes: object) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UnreadableFile(file=self._name, reason=Sentence("ce n’est pas du XML valable"))
        local, self._text = element.rpartition(" ")[2], ""
        if local in self._elements:
            self._row = {"is": local}
        elif self._row is not None and local == "collection":
            self._row["collection"] = "1"

    def _characters(self, text: str) -> None:
        self._text = (self._text + text)[:_LONGEST_TEXT]

    def _end(self, element: str) -> None:
        self._depth -= 1
        local, text = element.rpartition(" ")[2], self._text.strip()
        self._text = ""
        if local in self._elements and self._row is not None:
            if len(self.records.rows) < MOST_ROWS:
                self.records.rows.append(self._row)
            self._row = None
        elif text and self._row is not None:
            self._row.setdefault(local, text)
        elif text and len(self.records.facts) < 100:
            self.records.facts.setdefault(local, text)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        link = dict(attributes).get("href") if tag == "a" else None
        if link and len(link) <= _LONGEST_TEXT:
            self.links.append(link)
