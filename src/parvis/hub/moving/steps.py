"""The steps by which the rest of a portal is brought, one kind of things after the other, so that any process goes on from where another was
killed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from parvis.core.errors import Cancelled, ParvisError
from parvis.core.progress import Progress
from parvis.core.translation import Sentence
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.harvesting.hosts import ComeBackLater, HostIsDown
from parvis.hub.harvesting.items import Stopped
from parvis.hub.harvesting.models import Run, Source
from parvis.hub.harvesting.rules import name_of_page
from parvis.hub.moving.models import Move, Part
from parvis.hub.moving.reading import NOT_GIVEN, Portal
from parvis.hub.moving.rules import KINDS, State
from parvis.hub.moving.widgets import Place

logger = logging.getLogger("parvis.moving")


class Late(Exception):
    """The worker is wanted by others: what is left is for another slice."""


MOST_REFUSALS = 3
"""Datasets of which a portal refuses something, without giving it of any, before the others are no longer asked."""
_PASSES = (Cancelled, ComeBackLater, HostIsDown, Stopped, Late)
"""What is no fault of a part: the run is put off, and goes on."""


@dataclass(frozen=True, slots=True)
class Work:
    """One reading of a portal at work."""

    run: Run
    actor: Actor
    move: Move
    portal: Portal
    progress: Progress
    deadline: float | None
    steps: Sequence[Step]
    """All of the portal, in order."""

    @property
    def source(self) -> Source:
        """What is read."""
        return self.run.source

    def part(self, kind: str, facts: Mapping[str, Any], *, title: str = "", identifier: str = "") -> Part:
        """What is kept of something, as the portal tells it now; not saved."""
        name = (identifier or str(facts["identifier"]))[:400]
        part = Part.objects.filter(source=self.source, kind=kind, identifier=name).first()
        part = part or Part(source=self.source, kind=kind, identifier=name)
        part.title = (title or str(facts.get("title") or ""))[:300]
        part.facts = {**dict(facts), **({"pictures": part.facts["pictures"]} if "pictures" in part.facts else {})}
        part.run = self.run.pk
        return part

    def reached(self, place: int, total: int | None = None) -> None:
        """So many things of the step are done; Late when it is time to give the worker back, Stopped when somebody said so."""
        self.progress(self.steps[self.move.step].kind, place, total)
        self.move.place = place
        self.move.save(update_fields=["place"])
        if Run.objects.filter(pk=self.run.pk, stop_requested=True).exists():
            raise Stopped
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise Late

    def say(self, kind: str, sentence: Sentence) -> None:
        """Write why a kind could not be read, or not whole."""
        self.move.notes[kind] = sentence.to_json()
        self.move.save(update_fields=["notes"])


@dataclass(frozen=True, slots=True)
class Step:
    """A kind of things: all at once, or dataset by dataset."""

    kind: str
    whole: Callable[[Work], None] | None = None
    each: Callable[[Work, Dataset, str], bool] | None = None
    """For one dataset, ours and what it is called there; False when there is no use going on."""


def do(step: Step, work: Work) -> None:
    """Bring one kind of things, and say what the portal does not give of it."""
    kind = KINDS[step.kind]
    if kind.needs_key and not work.portal.has_key:
        work.say(step.kind, Sentence("il faut une clé d’API qui ait le droit de les lire"))
        return
    work.portal.short.clear()
    try:
        work.progress(step.kind, 0)
        if step.whole is not None:
            step.whole(work)
        else:
            _each(step, work)
    except NOT_GIVEN as error:
        work.say(step.kind, Sentence("le portail ne les donne pas ({reason})", {"reason": error.sentences()[0]}))
    for came, total in list(work.portal.short.values())[:1]:
        work.say(
            step.kind,
            Sentence("le portail en annonce {total}, et n’en donne que {came}", {"came": came, "total": total}),
        )


def _each(step: Step, work: Work) -> None:
    assert step.each is not None
    pairs = datasets_of(work.source)
    refusals = 0
    for rank in range(work.move.place, len(pairs)):
        far_name, dataset = pairs[rank]
        try:
            if not step.each(work, dataset, far_name):
                return
        except NOT_GIVEN as error:
            refusals += 1
            if is_useless(work, step.kind, far_name, error, refusals):
                return
        work.reached(rank + 1, len(pairs))


def is_useless(work: Work, kind: str, name: str, error: ParvisError, refusals: int) -> bool:
    """Write what a portal refuses of one dataset; whether it refuses so of all, which is asked of the first ones."""
    values: dict[str, str | int | Sentence] = {"name": name, "reason": error.sentences()[0]}
    work.say(kind, Sentence("non lues pour « {name} » au moins ({reason})", values))
    return (
        refusals >= MOST_REFUSALS and not Part.objects.filter(source=work.source, kind=kind, run=work.run.pk).exists()
    )


def datasets_of(source: Source) -> list[tuple[str, Dataset]]:
    """Our datasets that came from a portal, with what they are called there, in an order that stays."""
    rows = source.items.filter(dataset__isnull=False, gone=None).exclude(dataset__status=Status.DELETED)
    return [
        (name_of_page(row.landing_page) or row.identifier, row.dataset)
        for row in rows.select_related("dataset__current", "dataset__organisation").order_by("pk")
        if row.dataset is not None
    ]


@contextmanager
def alone(part: Part) -> Iterator[None]:
    """Save what became of one thing, whatever happens to it: the others come all the same."""
    try:
        yield
    except _PASSES:
        raise
    except ParvisError as error:
        part.state = State.FAILED
        part.notes = [sentence.to_json() for sentence in error.sentences() if sentence.message]
    except Exception as fault:  # one thing of thousands: logged whole, told in the report, and the others are read
        logger.exception("%s %r of source %s failed", part.kind, part.identifier, part.source_id)
        words = Sentence("une erreur imprévue est survenue ({kind})", {"kind": type(fault).__name__})
        part.state, part.notes = State.FAILED, [words.to_json()]
    part.save()


def place_of(source: Source, *, is_for_all: bool = True) -> Place:
    """The data that pages may show: what came from the portal and is online for everybody; else all that came."""
    datasets = {
        name: dataset
        for name, dataset in datasets_of(source)
        if dataset.current is not None
        and (not is_for_all or (dataset.status == Status.PUBLISHED and dataset.access == Access.PUBLIC))
    }
    return Place(datasets, urlsplit(source.url).netloc)
