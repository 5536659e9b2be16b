"""Trying a definition before it is kept: its figures, or what is wrong and in which field. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from parvis.core.errors import ParvisError
from parvis.core.indicators import BadFormula, BadIndicator, Definition, Part
from parvis.domains.indicators.computation import (
    Figure,
    current_versions,
    figures,
    names_of_territories,
    population_of,
)
from parvis.domains.indicators.rules import MissingSource
from parvis.hub.accounts.rules import Actor
from parvis.hub.drawings.questions import readable_dataset

_CLAUSES = {"select": "select", "where": "where", "group_by": "period"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: the part (empty for the whole), the field, the error."""

    part: str
    field: str
    error: ParvisError


@dataclass(frozen=True, slots=True)
class Tried:
    """The figures that a definition gives from the versions of the day, or its faults."""

    figures: tuple[Figure, ...] = ()
    names: Mapping[str, str] | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def whole(self) -> list[Figure]:
        """Those of the whole, the latest first."""
        return [one for one in self.figures if not one.key[0]][::-1]

    @property
    def places(self) -> list[Figure]:
        """Those of territories."""
        return [one for one in self.figures if one.key[0]]


def tried(actor: Actor, definition: Definition) -> Tried:
    """Ask a definition as the actor: rights are theirs, limits are those of every question."""
    closed = []
    for name, part in definition.parts.items():
        try:
            readable_dataset(actor, part.dataset)
        except ParvisError as error:
            closed.append(Fault(name, "dataset", error))
    if closed:
        return Tried(faults=tuple(closed))
    try:
        versions, population = current_versions(definition), population_of(definition)
        return Tried(tuple(figures(definition, versions, population)), names_of_territories(definition))
    except ParvisError as error:
        faults = [fault for name, part in definition.parts.items() if (fault := _fault(definition, name, part))]
        return Tried(faults=tuple(faults) or (Fault("", "formula", error),))


def fault_of(error: BadIndicator | BadFormula) -> Fault:
    """The field that the check of a definition is about."""
    if isinstance(error, BadFormula):
        return Fault("", "formula", error)
    name = str(error.details.get("name", ""))
    words = name.split(".")
    if words[0] == "parts":
        return Fault(words[1] if len(words) > 1 else "", words[2] if len(words) > 2 else "name", error)
    return Fault("", words[0].split(",")[0], error)


def _fault(definition: Definition, name: str, part: Part) -> Fault | None:
    """What is wrong with one part, asked alone."""
    alone = replace(definition, parts={name: part}, formula="")
    error = _error_of(alone)
    if error is None:
        return None
    field = _CLAUSES.get(str(error.details.get("clause", "")), "select")
    if isinstance(error, MissingSource):
        field = "dataset"
    # A territory goes wrong without its period too.
    if field == "period" and (not part.period or _error_of(replace(alone, parts={name: replace(part, period="")}))):
        field = "territory"
    return Fault(name, field, error)


def _error_of(definition: Definition) -> ParvisError | None:
    try:
        figures(definition, current_versions(definition), {})
    except ParvisError as error:
        return error
    return None
