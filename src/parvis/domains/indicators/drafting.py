"""Trying a definition before it is kept: its figures, or what is wrong and in which field. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from parvis.core.errors import ParvisError
from parvis.core.indicators import BadFormula, BadIndicator, Definition, Part
from parvis.domains.indicators.computing import (
    Figure,
    current_versions,
    figures,
    names_of_territories,
    population_of,
)
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
    faults = [fault for name, part in definition.parts.items() if (fault := _closed(actor, name, part))]
    if faults:
        return Tried(faults=tuple(faults))
    try:
        versions, population = current_versions(definition), population_of(definition)
        return Tried(tuple(figures(definition, versions, population)), names_of_territories(definition))
    except ParvisError as error:
        found = [fault for name, part in definition.parts.items() if (fault := _fault(definition, name, part))]
        return Tried(faults=tuple(found) or (Fault("", "formula", error),))


def fault_of(error: BadIndicator | BadFormula) -> Fault:
    """The field that the check of a definition is about."""
    if isinstance(error, BadFormula):
        return Fault("", "formula", error)
    name = str(error.details.get("name", ""))
    words = name.split(".")
    if words[0] == "parts":
        return Fault(words[1] if len(words) > 1 else "", words[2] if len(words) > 2 else "name", error)
    return Fault("", words[0].split(",")[0], error)


def _closed(actor: Actor, name: str, part: Part) -> Fault | None:
    try:
        readable_dataset(actor, part.dataset)
    except ParvisError as error:
        return Fault(name, "dataset", error)
    return None


def _fault(definition: Definition, name: str, part: Part) -> Fault | None:
    """What is wrong with one part, asked alone."""
    alone = replace(definition, parts={name: part}, formula="")
    try:
        figures(alone, current_versions(alone), {})
    except ParvisError as error:
        field = _CLAUSES.get(str(error.details.get("clause", "")), "select")
        if error.code == "indicator-source":
            field = "dataset"
        if field == "period" and (not part.period or _is_territory(alone, name, part)):
            field = "territory"
        return Fault(name, field, error)
    return None


def _is_territory(definition: Definition, name: str, part: Part) -> bool:
    """Whether the part goes wrong without its period too."""
    alone = replace(definition, parts={name: replace(part, period="")})
    try:
        figures(alone, current_versions(alone), {})
    except ParvisError:
        return True
    return False
