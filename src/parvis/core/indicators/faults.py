"""What is wrong with a definition, and in which field of which part: for forms that say it there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from parvis.core.errors import NotFound, ParvisError
from parvis.core.indicators.definition import Definition, Part
from parvis.core.indicators.errors import BadFormula, BadIndicator

_CLAUSES = {"select": "select", "where": "where", "group_by": "period"}

type Compute = Callable[[Definition], object]
"""Computes a definition, or raises what keeps it from being computed."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: the part (empty for the whole), the field, the error."""

    part: str
    field: str
    error: ParvisError


def fault_of(error: BadIndicator | BadFormula) -> Fault:
    """The field that the check of a definition is about."""
    if isinstance(error, BadFormula):
        return Fault("", "formula", error)
    name = str(error.details.get("name", ""))
    words = name.split(".")
    if words[0] == "parts":
        return Fault(words[1] if len(words) > 1 else "", words[2] if len(words) > 2 else "name", error)
    return Fault("", words[0].split(",")[0], error)


def faults_of(definition: Definition, compute: Compute) -> list[Fault]:
    """Those of the parts of a definition, each computed alone; none when they are only wrong together."""
    return [fault for name, part in definition.parts.items() if (fault := _fault(definition, name, part, compute))]


def _fault(definition: Definition, name: str, part: Part, compute: Compute) -> Fault | None:
    alone = replace(definition, parts={name: part}, formula="")
    error = _error_of(alone, compute)
    if error is None:
        return None
    field = "dataset" if isinstance(error, NotFound) else _CLAUSES.get(str(error.details.get("clause", "")), "select")
    if field == "period":
        without = replace(alone, parts={name: replace(part, period="")})
        # A territory goes wrong without its period too.
        field = "territory" if not part.period or _error_of(without, compute) else "period"
    return Fault(name, field, error)


def _error_of(definition: Definition, compute: Compute) -> ParvisError | None:
    try:
        compute(definition)
    except ParvisError as error:
        return error
    return None
