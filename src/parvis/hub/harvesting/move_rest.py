"""What of a portal is not a dataset: rooms above bring it, and declare it here as data (``Module.rest_of_move``)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.utils.module_loading import import_string

from parvis.core.progress import Progress, no_progress
from parvis.core.translation import Sentence
from parvis.hub.registry import modules

if TYPE_CHECKING:
    from parvis.hub.accounts.rules import Actor
    from parvis.hub.harvesting.models import Run, Source

type Planned = dict[str, dict[str, Any]]
"""By part: ``count``, None when it cannot be told, and the ``reason`` of that (a Sentence)."""


@dataclass(frozen=True, slots=True)
class RestOfMove:
    """The parts of a portal besides its datasets, by name with their words, and what is done of them, by dotted paths: pages and maps,
    which they become, are not loaded by commands that read a file."""

    parts: Mapping[str, Any]
    bringing: str
    """Brings them, once datasets are here (see ``bring``)."""
    planning: str
    """What would come, some parts being left out; nothing is written."""
    leaving_out: str
    """Says which parts do not come."""
    left_out: Callable[[Source], list[str]]
    parts_by_kind: Mapping[str, Collection[str]]
    """Which of the parts each kind of portal (its dialect) has."""

    @property
    def bring(self) -> Callable[[Run, Actor, Progress, float | None], bool]:
        """Brings the parts; False when the time is over before the end."""
        return cast("Callable[[Run, Actor, Progress, float | None], bool]", import_string(self.bringing))

    @property
    def planned(self) -> Callable[[Source, Iterable[str], Progress], Planned]:
        """Tells how many of each would come, or why that is not known."""
        return cast("Callable[[Source, Iterable[str], Progress], Planned]", import_string(self.planning))

    @property
    def leave_out(self) -> Callable[[Actor, Source, Iterable[str]], object]:
        """Keeps which parts somebody leaves out."""
        return cast("Callable[[Actor, Source, Iterable[str]], object]", import_string(self.leaving_out))


def rests(source: Source) -> list[RestOfMove]:
    """Of a source: none for a kind of portal of which nothing else is read."""
    return [rest for rest in all_rests() if rest.parts_by_kind.get(source.dialect)]


def all_rests() -> list[RestOfMove]:
    """Those that rooms declare."""
    return [module.rest_of_move for module in modules() if module.rest_of_move is not None]


def parts_of_rest(dialect: str = "") -> dict[str, Any]:
    """The words of each part; of those that a kind of portal has, when it is said."""
    return {
        name: words
        for rest in all_rests()
        for name, words in rest.parts.items()
        if not dialect or name in rest.parts_by_kind.get(dialect, ())
    }


def rest_planned(source: Source, without: Iterable[str], progress: Progress = no_progress) -> Planned:
    """What would come besides datasets."""
    names = list(without)
    planned: Planned = {}
    for rest in rests(source):
        planned |= rest.planned(source, names, progress)
    return planned


def parts_left_out(source: Source) -> list[str]:
    """Parts that somebody leaves out of a move."""
    return [name for rest in all_rests() for name in rest.left_out(source)]


def leave_parts_out(actor: Actor, source: Source, names: Iterable[str]) -> None:
    """Say so; Forbidden, and the errors of the room for a part that there is not."""
    chosen = list(names)
    for rest in all_rests():
        rest.leave_out(actor, source, [name for name in chosen if name in rest.parts])


def rest_as_json(planned: Planned) -> list[dict[str, Any]]:
    """What would come, as a dry run keeps it."""
    return [
        {"part": name, "count": row["count"], "reason": row["reason"].to_json() if row["reason"] else None}
        for name, row in planned.items()
    ]


def rest_from_json(rows: Iterable[Mapping[str, Any]], language: str) -> list[tuple[Any, int | None, str]]:
    """The same for a page: the words of each part, how many, or why that is not known."""
    words = parts_of_rest()
    lines = []
    for row in rows:
        reason = Sentence.from_json(row["reason"]) if row.get("reason") else None
        lines.append((words.get(row["part"], row["part"]), row["count"], reason.text(language) if reason else ""))
    return lines
