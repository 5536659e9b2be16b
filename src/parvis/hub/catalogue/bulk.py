"""The same change on many cards: what each would become, before anything is written. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


def _replace(_old: Any, value: Any) -> Any:
    return value


def _add(old: list[str], value: list[str]) -> list[str]:
    return [*old, *(word for word in value if word not in old)]


def _remove(old: list[str], value: list[str]) -> list[str]:
    return [word for word in old if word not in value]


def _merge(old: dict[str, Any] | None, value: dict[str, Any]) -> dict[str, Any]:
    return {**(old or {}), **value}


OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "replace": _replace,
    "add": _add,
    "remove": _remove,
    "merge": _merge,
}
"""What can be done to an attribute; adding and removing only make sense for lists, merging for what has names."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: attribute of the card, key of OPERATIONS, value."""

    field: str
    operation: str
    value: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One attribute before and after."""

    field: str
    before: Any
    after: Any


def edited(card: Mapping[str, Any], edits: list[Edit]) -> dict[str, Any]:
    """The attributes of the card that the edits change, with their new values."""
    after: dict[str, Any] = {}
    for edit in edits:
        old = after.get(edit.field, card.get(edit.field))
        after[edit.field] = OPERATIONS[edit.operation](old, edit.value)
    return {name: value for name, value in after.items() if value != card.get(name)}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What changes from one card to another, for the attributes that ``after`` names."""
    return [Difference(name, before.get(name), value) for name, value in after.items() if before.get(name) != value]
