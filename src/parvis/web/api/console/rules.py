"""From the rows of the description to a form, and from what is written in it to an address."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from parvis.web.api.description.operations import EXPLORE
from parvis.web.openapi import Operation, Parameter

OPERATIONS = {operation.name: operation for operation in EXPLORE.operations}
PARAMETERS = {parameter.reference: parameter for parameter in EXPLORE.parameters}
FIRST = "getRecords"
"""The operation shown when none is asked for."""
USUAL = ("dataset_id", "select", "where", "group_by", "order_by", "facet", "limit")
"""Parameters at the top of the form; those of the path are always there, the others are folded away."""
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form; a parameter that may be repeated takes one value a line."""

    parameter: Parameter
    hint: str
    value: str
    choices: tuple[str, ...] = ()
    default: str = ""

    @property
    def name(self) -> str:
        """Of the parameter."""
        return self.parameter.name

    @property
    def is_usual(self) -> bool:
        """Whether it stands at the top."""
        return self.parameter.place == "path" or self.name in USUAL

    @property
    def lines(self) -> bool:
        """Whether it is an area of several lines."""
        return self.parameter.many or self.name == "select"


def fields(operation: Operation, given: Mapping[str, str], language: str) -> list[Field]:
    """The fields of an operation with what was written in them."""
    return [_field(PARAMETERS[key], given, language) for key in operation.parameters]


def _field(parameter: Parameter, given: Mapping[str, str], language: str) -> Field:
    schema = parameter.schema
    choices = ("true", "false") if schema.get("type") == "boolean" else tuple(schema.get("enum", ()))
    default = schema.get("default", "")
    told = str(default).lower() if isinstance(default, bool) else str(default)
    value = given.get(parameter.name, "")[:LONGEST]
    return Field(parameter, parameter.words.told(language), value, choices, told)


def address(operation: Operation, written: Iterable[Field]) -> str:
    """Path and query of the request; a part of the path that is not written stays as ``{name}``."""
    path, pairs = EXPLORE.path + operation.path, []
    for field in written:
        if field.parameter.place == "path":
            if field.value.strip():
                path = path.replace(f"{{{field.name}}}", quote(field.value.strip(), safe=""))
        elif field.parameter.many:
            pairs += [(field.name, line.strip()) for line in field.value.splitlines() if line.strip()]
        elif value := field.value if field.choices else field.value.strip():
            pairs.append((field.name, value))
    return path + (f"?{urlencode(pairs)}" if pairs else "")


def lacking(written: Iterable[Field]) -> list[str]:
    """Names of the parts of the path that are not written."""
    return [field.name for field in written if field.parameter.place == "path" and not field.value.strip()]


def curl(full_address: str) -> str:
    """The request as a command."""
    return f"curl {shlex.quote(full_address)}"
