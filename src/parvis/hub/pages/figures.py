"""Figures of pages: computed from a dataset by a block, or given under a name by whoever registered some (indicators)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import Actor
from parvis.hub.charts.frames import Credit
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
    trend: str = ""
    """How it changed, in words."""
    state: str = ""
    """In words: on track, watch, late."""
    warning: str = ""
    """That it is missing or old."""
    target: float | None = None
    target_text: str = ""
    credits: tuple[Credit, ...] = ()


@dataclass(frozen=True, slots=True)
class Provider:
    """Figures that somebody else computes."""

    name: str
    label: Any
    choices: Callable[[Actor], Iterable[tuple[str, str]]]
    resolve: Callable[[Actor, str], Figure]


_providers: dict[str, Provider] = {}


def register_figures(
    name: str,
    label: Any,
    choices: Callable[[Actor], Iterable[tuple[str, str]]],
    resolve: Callable[[Actor, str], Figure],
) -> None:
    """Offer figures to the blocks of pages, under a short ``name`` (``indicateur``) and a label in French (lazy).

    ``choices`` gives the key and the title of those an actor may choose. ``resolve`` gives the figure of a key for whoever
    reads, in the language and through the lens of the request; NotFound (or DataOnRequest) when it is not for them.
    """
    _providers[name] = Provider(name, label, choices, resolve)


def providers() -> tuple[Provider, ...]:
    """Those registered, in order."""
    return tuple(_providers.values())


def given_figure(actor: Actor, name: str) -> Figure:
    """The figure that ``provider:key`` names; NotFound when nobody gives it."""
    provider, _colon, key = name.partition(":")
    if provider not in _providers:
        raise NotFound(name=name)
    return _providers[provider].resolve(actor, key)
