"""A library of the tests: documents that lie in memory, told from each other by their key."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from parvis.hub.accounts.rules import Actor
from parvis.hub.fulltext.rules import (
    RELEVANCE,
    DocumentFacet,
    DocumentSort,
    LibraryRequest,
    LibraryResult,
    LongDocument,
    NumericField,
    TextField,
    TextLibrary,
)
from parvis.hub.fulltext.selectors import search_library
from parvis.hub.fulltext.services import mark
from parvis.hub.registry import MODULES, Module
from parvis.hub.search.rules import ANYBODY, marks_of
from parvis.hub.sites.lens import current_lens
from parvis.hub.territories.models import Territory


@dataclass
class Papers:
    """The documents of a library, by key, and who may see them at present."""

    documents: dict[int, LongDocument] = field(default_factory=dict)

    @property
    def library(self) -> TextLibrary:
        """The library that a module would declare."""
        return TextLibrary(
            name="papers",
            label="Papiers",
            model=Territory,
            documents=self._of,
            readable=self._readable,
            pages=lambda keys: {key: self.documents[key].pages for key in keys if key in self.documents},
            count=lambda: len(self.documents),
            fields=(TextField("rapporteur", "rapporteur"),),
            facets=(DocumentFacet("annee", "Année"), DocumentFacet("nature", "Nature")),
            numbers=(NumericField("jour", "Jour"), NumericField("montant", "Montant")),
            sorts=(
                RELEVANCE,
                DocumentSort("recent", "Plus récents", "jour"),
                DocumentSort("petit", "Moins cher", "montant", descending=False),
            ),
        )

    def _of(self, keys: Collection[int] | None) -> Iterator[LongDocument]:
        yield from (paper for key, paper in sorted(self.documents.items()) if keys is None or key in keys)

    def _readable(self, actor: Actor, keys: Collection[int]) -> set[int]:
        marks, lens = marks_of(actor), current_lens()
        papers = [self.documents[key] for key in keys if key in self.documents]
        return {
            paper.key
            for paper in papers
            if (marks is None or marks & set(paper.seen_by)) and (lens is None or {"*", lens.key} & set(paper.shown_on))
        }

    def put(self, *papers: LongDocument, heard: bool = True) -> None:
        """Have these documents, in the place of those of the same keys."""
        self.documents |= {paper.key: paper for paper in papers}
        if heard:
            mark("papers", [paper.key for paper in papers])

    def close(self, key: int, *seen_by: str) -> None:
        """Have a document seen by these alone."""
        self.put(replace(self.documents[key], seen_by=seen_by))

    def remove(self, key: int) -> None:
        """Have it no more."""
        del self.documents[key]
        mark("papers", [key])

    def search(self, actor: Actor, text: str = "", **asked) -> LibraryResult:
        """What the actor is answered."""
        return search_library(actor, self.library, LibraryRequest(text, **asked))

    def install(self, monkeypatch) -> Papers:
        """Have its library among those of the house."""
        monkeypatch.setitem(MODULES, "papers", Module(slug="papers", texts=(self.library,)))
        return self


def paper(
    key: int, *pages: str, title: str = "Sans titre", seen_by: Sequence[str] = (ANYBODY,), **facts
) -> LongDocument:
    """A document."""
    return LongDocument(key=key, title=title, pages=pages, seen_by=tuple(seen_by), **facts)
