"""Figures of pages: computed from a dataset by a block, or given under a name by a module."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.shared import shared
from parvis.hub.drawings.frames import Credit
from parvis.hub.registry import Link, modules
from parvis.hub.territories.models import Territory
from parvis.hub.ui.trail import Trail


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure ready to be shown; empty texts are not."""

    label: str
    text: str
    """The value as it is written, unit included; « — » when there is none."""
    value: float | None = None
    trail: Trail | None = None
    """Where it comes from; a figure without one is not clickable."""
    unit: str = ""
    note: str = ""
    """A line under it: period, place, what an editor wrote."""
    age: str = ""
    """How old its source is; empty when it follows its dataset at once."""
    trend: str = ""
    """How it changed, in words."""
    state: str = ""
    """In words: on track, watch, late."""
    tone: str = ""
    """The state in code, for colours that say no more than its words."""
    warning: str = ""
    """That it is missing or old."""
    target: float | None = None
    target_text: str = ""
    lower_is_better: bool = False
    """Whether the target is a ceiling."""
    question: str = ""
    address: str = ""
    """The page that tells it at length."""
    credits: tuple[Credit, ...] = ()

    @property
    def detail(self) -> str:
        """The note and the age: never one without the other."""
        return " · ".join(filter(None, (self.note, self.age)))


type Choices = Callable[[Actor], Iterable[tuple[str, str]]]
type Resolve = Callable[[Actor, str], Figure]
type PutForward = Callable[[Actor, Territory | None, Sequence[str], int], Iterable[tuple[str, Figure]]]
type Stamp = Callable[[], Hashable]


@dataclass(frozen=True, slots=True)
class Provider:
    """Figures that a module computes, for the blocks of pages and for homes, under a short ``name`` and a label (lazy).

    ``choices`` gives the key and the title of those an actor may choose. ``resolve`` gives the figure of a key for anyone who
    reads, in the language and through the lens of the request; NotFound (or DataOnRequest) when it is not for them.
    ``put_forward`` gives figures by key for the home of a territory: those of the keys chosen, or, when there are none, at most
    so many that concern the territory. ``stamp`` is another whenever one of its figures may be, beyond what the catalogue tells
    and the day; without it, none is ever kept. ``page`` tells all of them, in words and by the name of its address.
    """

    name: str
    label: Any
    choices: Choices
    resolve: Resolve
    put_forward: PutForward | None = None
    stamp: Stamp | None = None
    page: Link | None = None


def providers() -> tuple[Provider, ...]:
    """Those of the modules, in order."""
    return tuple(module.figures for module in modules() if module.figures is not None)


def _provider(name: str) -> tuple[Provider | None, str]:
    prefix, _colon, key = name.partition(":")
    return next((one for one in providers() if one.name == prefix), None), key


def figures_offered(actor: Actor) -> list[tuple[Any, list[tuple[str, str]]]]:
    """What an actor may choose, by who gives them: ``provider:key`` and the title."""
    groups = [(one.label, [(f"{one.name}:{key}", title) for key, title in one.choices(actor)]) for one in providers()]
    return [(label, rows) for label, rows in groups if rows]


def provided_figure(actor: Actor, name: str) -> Figure:
    """The figure that ``provider:key`` names; NotFound when nobody gives it."""
    provider, key = _provider(name)
    if provider is None:
        raise NotFound(name=name)
    return provider.resolve(actor, key)


def stamp_of(name: str) -> Hashable | None:
    """What changes when the figure that ``provider:key`` names may have, beyond what the catalogue tells; None when nothing tells."""
    provider, _key = _provider(name)
    return provider.stamp() if provider is not None and provider.stamp is not None else None


def figures_put_forward(
    actor: Actor, territory: Territory | None = None, keys: Sequence[str] = (), most: int = 6
) -> list[Figure]:
    """The figures of a home: those of ``keys`` (``provider:key``) in their order, or those that concern its territory best.

    What is closed to the actor, or gone, is left out. What anybody may see is kept until it may be another.
    """
    if not all(one.stamp for one in providers()):
        return _put_forward(actor, territory, keys, most)
    place = (territory.pk, territory.population) if territory else None
    part = ("figures forward", *(one.stamp() for one in providers() if one.stamp), place, tuple(keys), most)
    return list(shared(actor, part, lambda: _put_forward(actor, territory, keys, most), _SIZE * most))


_SIZE = 4_000
"""About what a figure takes with its trail."""


def _put_forward(actor: Actor, territory: Territory | None, keys: Sequence[str], most: int) -> list[Figure]:
    figures: dict[str, Figure] = {}
    for provider in providers():
        provider_keys = [key.removeprefix(f"{provider.name}:") for key in keys if key.startswith(f"{provider.name}:")]
        if provider.put_forward is not None and (provider_keys or not keys):
            pairs = provider.put_forward(actor, territory, provider_keys, most)
            figures |= {f"{provider.name}:{key}": figure for key, figure in pairs}
    names = dict.fromkeys(keys) if keys else figures
    return [figures[name] for name in names if name in figures][:most]
