"""A chart asked as somebody: its questions go the way of every other question, with rights, limits and memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings

from parvis.core.charts.description import ChartDescription
from parvis.core.charts.points import Reading
from parvis.core.charts.questions import Answer, completed, questions
from parvis.core.charts.reading import read
from parvis.core.charts.sentences import sentence
from parvis.core.charts.tables import ChartTable, table
from parvis.core.charts.titles import title_of
from parvis.hub.accounts.rules import Actor
from parvis.hub.drawings.places import placed, require_level
from parvis.hub.drawings.questions import Asked, Rows, key_of, opened, rows_of, table_of


@dataclass(frozen=True, slots=True)
class Answered:
    """A chart with its answers: what pictures, sentences, tables and frames are made from."""

    description: ChartDescription
    """Completed: nothing is left to be guessed."""
    asked: tuple[Asked, ...]
    reading: Reading
    language: str

    @property
    def key(self) -> str:
        """What names everything that is drawn from it: versions, description, language."""
        return key_of(self.asked, self.description.to_json(), self.language)

    @property
    def sentence(self) -> str:
        """The text alternative."""
        return sentence(self.description, self.reading, self.language)

    @property
    def table(self) -> ChartTable:
        """The same values written out."""
        return table(self.description, self.reading, self.language)

    @property
    def title(self) -> str:
        """Its title, or one made from its columns."""
        return self.description.title


def answer(actor: Actor, description: ChartDescription, language: str = "fr") -> Answered:
    """The answers to a chart's questions, for the actor.

    NotFound or DataOnRequest for a dataset they may not read, ChartError for a chart that cannot be drawn, the engine's own
    errors otherwise.
    """
    whole, queries = prepared(actor, description, language)
    return from_rows(whole, queries, [rows_of(actor, one) for one in queries], language)


def from_rows(
    whole: ChartDescription, queries: tuple[Asked, ...], rows: Sequence[Rows], language: str = "fr"
) -> Answered:
    """The answers to the questions of ``prepared``, once their rows were fetched (``rows_of``), in the same order."""
    answers = [
        placed(source, Answer(answer_rows, total, table_of(query.source)), (query.source.key, query.question))
        for source, (answer_rows, total), query in zip(whole.sources, rows, queries, strict=True)
    ]
    return Answered(whole, queries, read(whole, answers, language), language)


def prepared(
    actor: Actor, description: ChartDescription, language: str = "fr"
) -> tuple[ChartDescription, tuple[Asked, ...]]:
    """The completed description and its questions, before anything is computed; the errors of ``answer`` but the engine's."""
    resolved = [opened(actor, source.dataset, source.version) for source in description.sources]
    names = [source.dataset for source in description.sources]
    tables = {name: table_of(source) for name, (_dataset, _version, source) in zip(names, resolved, strict=True)}
    whole = completed(description, tables)
    for source, (dataset, version, _rows) in zip(whole.sources, resolved, strict=True):
        require_level(dataset, version, source.territory, language)
    whole = replace(whole, title=title_of(whole, tables[whole.sources[0].dataset], language))
    queries = tuple(
        Asked(dataset, version, source, question)
        for (dataset, version, source), question in zip(
            resolved, questions(whole, timezone=settings.TIME_ZONE), strict=True
        )
    )
    return whole, queries
