"""From the rows of the description to a form, and from what is written in it to an address."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from parvis.web.api.description.operations import EXPLORE
from parvis.web.api.description.parameters import PARAMETERS
from parvis.web.api.explore.endpoint import PREFIX


@dataclass(frozen=True, slots=True)
class Operation:
    """What may be asked: a path below the API's own, what it is for, its tag and the names of its parameters."""

    name: str
    path: str
    words: Any
    tag: str
    parameters: tuple[str, ...]


def _operations() -> Iterable[Operation]:
    for path, methods in EXPLORE["paths"].items():
        row = methods["get"]
        names = tuple(parameter["$ref"].rpartition("/")[2] for parameter in row["parameters"])
        yield Operation(row["operationId"], path, row["summary"], row["tags"][0], names)


OPERATIONS = {operation.name: operation for operation in _operations()}
TAGS = {tag["name"]: tag["description"] for tag in EXPLORE["tags"]}
FIRST = "getRecords"
"""The operation shown when none is asked for."""
USUAL = ("dataset_id", "select", "where", "group_by", "order_by", "facet", "limit")
"""Parameters at the top of the form; those of the path are always there, the others are folded away."""
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form; a parameter that may be repeated (``many``) takes one value a line."""

    name: str
    hint: Any
    value: str
    in_path: bool = False
    many: bool = False
    is_number: bool = False
    choices: tuple[str, ...] = ()
    default: str = ""

    @property
    def is_usual(self) -> bool:
        """Whether it is at the top."""
        return self.in_path or self.name in USUAL

    @property
    def lines(self) -> bool:
        """Whether it is an area of several lines."""
        return self.many or self.name == "select"


def fields(operation: Operation, values: Mapping[str, str]) -> list[Field]:
    """The fields of an operation with what was written in them."""
    return [_field(PARAMETERS[name], values) for name in operation.parameters]


def _field(parameter: Mapping[str, Any], values: Mapping[str, str]) -> Field:
    name, schema = parameter["name"], parameter["schema"]
    default = schema.get("default", "")
    return Field(
        name,
        parameter["description"],
        values.get(name, "")[:LONGEST],
        in_path=parameter["in"] == "path",
        many=schema["type"] == "array",
        is_number=schema["type"] == "integer",
        choices=("true", "false") if schema["type"] == "boolean" else tuple(schema.get("enum", ())),
        default=str(default).lower() if isinstance(default, bool) else str(default),
    )


def address(operation: Operation, written: Iterable[Field]) -> str:
    """Path and query of the request; a part of the path that is not written stays as ``{name}``."""
    path, pairs = PREFIX + operation.path, []
    for field in written:
        if field.in_path:
            if field.value.strip():
                path = path.replace(f"{{{field.name}}}", quote(field.value.strip(), safe=""))
        elif field.many:
            pairs += [(field.name, line.strip()) for line in field.value.splitlines() if line.strip()]
        elif value := field.value if field.choices else field.value.strip():
            pairs.append((field.name, value))
    return path + (f"?{urlencode(pairs)}" if pairs else "")


def lacking(written: Iterable[Field]) -> list[str]:
    """Names of the parts of the path that are not written."""
    return [field.name for field in written if field.in_path and not field.value.strip()]


def curl(full_address: str) -> str:
    """The request as a command."""
    return f"curl {shlex.quote(full_address)}"
