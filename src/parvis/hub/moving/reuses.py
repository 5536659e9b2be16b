"""Reuses of a portal: each is proposed once to whoever moderates those of its datasets, and nothing of them goes online."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction

from parvis.core.translation import Sentence
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.models import Dataset
from parvis.hub.moving.models import Part
from parvis.hub.moving.pages import thumbnail_of
from parvis.hub.moving.rules import KINDS, State
from parvis.hub.moving.steps import Work, alone
from parvis.hub.registry import modules


def taker(work: Work) -> Callable[[Actor, Mapping[str, Any], Sequence[Dataset]], str] | None:
    """What takes reuses in; None, and it is said, on an instance that has none."""
    doors = [module.takes_in["reuses"] for module in modules() if "reuses" in module.takes_in]
    if not doors:
        work.say("reuses", Sentence("cette instance n’a pas de réutilisations"))
    return doors[0] if doors else None


def is_enough(work: Work) -> bool:
    """Whether this reading brought as many as are taken."""
    return Part.objects.filter(source=work.source, kind="reuses", run=work.run.pk).count() >= KINDS["reuses"].most


def propose(
    work: Work,
    take_in: Callable[[Actor, Mapping[str, Any], Sequence[Dataset]], str],
    facts: Mapping[str, Any],
    datasets: Sequence[Dataset],
) -> None:
    """Have a reuse wait among those to be read, unless it does already; one of no dataset that came is told."""
    part = work.part("reuses", facts)
    part.dataset = datasets[0] if datasets else None
    if part.target:
        part.save()
        return
    picture, words = thumbnail_of(work.portal, str(facts.get("thumbnail") or "") if datasets else "")
    with alone(part), transaction.atomic():
        if not datasets:
            part.state, part.notes = State.TOLD, [Sentence("aucun de ses jeux n’est venu").to_json()]
            return
        part.target, part.state = take_in(work.actor, {**facts, "picture": picture}, datasets), State.WAITS
        words = [Sentence("à relire parmi les réutilisations reçues"), *words]
        part.notes = [sentence.to_json() for sentence in words]
        part.save()
