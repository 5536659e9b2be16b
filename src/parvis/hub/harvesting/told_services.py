"""Services that a source tells beside its datasets: a room above keeps them, and declares it here (``Module.told_services``)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.module_loading import import_string

from parvis.core.errors import Cancelled, ParvisError
from parvis.core.sources.contract import Item, ToldService
from parvis.core.translation import Sentence
from parvis.hub.accounts.rules import Actor
from parvis.hub.harvesting.identities import identifier_of
from parvis.hub.harvesting.models import Run, RunItem
from parvis.hub.harvesting.outcomes import FILTERED, sentences_of, unforeseen
from parvis.hub.harvesting.rules import SERVICE_MARK, Filters, Outcome
from parvis.hub.registry import modules

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation

logger = logging.getLogger("parvis.harvesting")

MOST_SERVICES = 5_000
"""Services of one source."""
NOT_GIVEN = f"{SERVICE_MARK}?"
"""Told in a report when a source keeps its services to itself: what is not told is not gone."""
WORD = Sentence("service du catalogue")


@dataclass(slots=True)
class Taken:
    """What became of a service of a source."""

    outcome: Outcome
    identifier: str
    title: str
    reasons: list[Sentence] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ServiceKeeper:
    """What keeps services, by dotted paths: commands that read a file do not load it."""

    taking: str
    """Keeps one: run, actor, organisation, the service, its identifier."""
    unchanging: str
    """Says that all that a source told last is as it was: run."""
    closing: str
    """Ties them to datasets and, of a source that was read whole, counts what is gone: run, actor, whether it was."""

    @property
    def take(self) -> Callable[[Run, Actor, Organisation, ToldService, str], Taken]:
        """Keep one."""
        return cast("Callable[[Run, Actor, Organisation, ToldService, str], Taken]", import_string(self.taking))

    @property
    def all_unchanged(self) -> Callable[[Run], Any]:
        """All are as they were."""
        return cast("Callable[[Run], Any]", import_string(self.unchanging))

    @property
    def close(self) -> Callable[[Run, Actor, bool], Iterable[Taken]]:
        """What a run ends with."""
        return cast("Callable[[Run, Actor, bool], Iterable[Taken]]", import_string(self.closing))


def keepers() -> list[ServiceKeeper]:
    """Those there are: one, or none."""
    return [module.told_services for module in modules() if module.told_services is not None]


class ServiceDesk:
    """Has the services that one run reads kept: each once, as filters let it."""

    def __init__(
        self, run: Run, actor: Actor, filters: Filters, organisation_of: Callable[[Item], Organisation]
    ) -> None:
        self._run, self._actor, self._filters, self._organisation_of = run, actor, filters, organisation_of
        self._done: set[str] = set()

    def take(self, service: ToldService) -> int:
        """1 when it is new to this run. What goes wrong with it is told of it, and ends nothing else."""
        name = identifier_of(service.identifier)
        if name in self._done or len(self._done) >= MOST_SERVICES:
            return 0
        self._done.add(name)
        item = as_item(service)
        kind = self._filters.refused_by(item)
        for keeper in keepers():
            if kind:
                taken = Taken(Outcome.SKIPPED, name, service.title, [FILTERED[kind]])
            else:
                taken = self._keep(keeper, service, name, item)
            tell(self._run, taken)
        return 1

    def _keep(self, keeper: ServiceKeeper, service: ToldService, name: str, item: Item) -> Taken:
        try:
            with transaction.atomic():
                return keeper.take(self._run, self._actor, self._organisation_of(item), service, name)
        except Cancelled:
            raise
        except (ParvisError, ValidationError) as error:
            return Taken(Outcome.FAILED, name, service.title, sentences_of(error))
        except Exception as fault:  # one of many: logged whole, told in the report, and the others are read
            logger.exception("service %r of source %s failed", name, self._run.source.slug)
            return Taken(Outcome.FAILED, name, service.title, [unforeseen(fault)])


def as_item(service: ToldService) -> Item:
    """What filters look at."""
    names = ("identifier", "title", "landing_page", "publisher", "publisher_id", "keywords", "themes")
    return Item(**{name: getattr(service, name) for name in names})


def tell(run: Run, taken: Taken) -> None:
    """In the report of the run, once; what is unchanged is not told."""
    if taken.outcome == Outcome.UNCHANGED and not taken.reasons:
        return
    values = {
        "title": taken.title[:500],
        "outcome": taken.outcome,
        "reasons": [sentence.to_json() for sentence in (WORD, *taken.reasons)],
        "page": run.page,
    }
    RunItem.objects.update_or_create(run=run, identifier=f"{SERVICE_MARK}{taken.identifier}"[:500], defaults=values)


def close(run: Run, actor: Actor, *, is_whole: bool) -> None:
    """End a run for services too."""
    is_told = not RunItem.objects.filter(run=run, identifier=NOT_GIVEN).exists()
    for keeper in keepers():
        for taken in keeper.close(run, actor, is_whole and is_told):
            tell(run, taken)


def not_given(run: Run) -> None:
    """Note that the source does not give its services."""
    reasons = [Sentence("cette source ne donne pas ses services : ceux qui en viennent restent comme ils sont")]
    with transaction.atomic():
        tell(run, Taken(Outcome.SKIPPED, NOT_GIVEN.removeprefix(SERVICE_MARK), "", reasons))
