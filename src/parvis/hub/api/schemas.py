"""What requests and answers are made of: JSON objects, kinds of values, pages of lists.

Declare what an operation gives as a ``Body``: it is then both what is answered and what the description says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Annotated, Any, Self, get_type_hints

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, GetJsonSchemaHandler, WithJsonSchema, create_model
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

PAGE_ROWS = 100
"""Rows of one page of a list."""
LAST_OFFSET = 99_999_999


class Documented:
    """What the description says of a value: a sentence (a lazy translation), keywords of JSON schemas that nothing checks.

    Not pydantic's ``Field``: the library puts an empty description of its own in its place, and ``json_schema_extra`` refuses lazy
    sentences.
    """

    def __init__(self, sentence: Any = None, **keywords: Any) -> None:
        self.keywords = keywords if sentence is None else {"description": sentence, **keywords}

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Pydantic's own, and these keywords."""
        return handler(schema) | self.keywords


def among(values: Iterable[str | None]) -> Documented:
    """One of these values, says the description."""
    return Documented(enum=list(values))


def _offset(written: Any) -> int:
    """Pages were never refused for a wrong ``offset``: it counts for none."""
    text = str(written)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(LAST_OFFSET)) else 0


Count = Annotated[int, Documented(minimum=0)]
# Validated as a float, the integer 5 would be answered as 5.0.
Number = Annotated[int | float, WithJsonSchema({"type": "number"})]
Uri = Annotated[str, Documented(format="uri")]
Day = Annotated[str, Documented(format="date")]
Moment = Annotated[str, Documented(format="date-time")]
Slug = Annotated[
    str, Documented(_("L’identifiant, tel qu’il est dans l’adresse de la page."), pattern="^[-a-zA-Z0-9_]{1,88}$")
]
Offset = Annotated[
    int, BeforeValidator(_offset), Documented(_("Combien d’éléments passer."), minimum=0, maximum=LAST_OFFSET)
]


CLOSED = {"additionalProperties": False}


class Body(BaseModel):
    """A JSON object with these keys and no other; those that are not given are left out of the answer.

    A question whose absent values have errors of their own, and so defaults, says them as ``{**CLOSED, "required": […]}``.
    """

    # Not extra="forbid", which refuses: what else an object holds is dropped from the answer, never an error of the server.
    model_config = ConfigDict(from_attributes=True, json_schema_extra=CLOSED)


class OpenBody(BaseModel):
    """A JSON object that has these keys among others."""

    model_config = ConfigDict(extra="allow")


def body_of(
    name: str, kind: type, /, *names: str, base: type[BaseModel] = Body, forms: Mapping[str, Any] | None = None
) -> Any:
    """A body named ``name`` that has attributes of a dataclass, ``names`` or all of them, with the types that it declares.

    ``forms`` are the types of what it has not, which come first, and of what the description says more of.
    """
    attributes, forms = {attribute.name: attribute for attribute in fields(kind)}, forms or {}
    types = {**get_type_hints(kind, localns={"float": Number}, include_extras=True), **forms}
    rows = names or (*(row for row in forms if row not in attributes), *attributes)
    return create_model(name, __base__=base, **{row: (types[row], _default(attributes.get(row))) for row in rows})


def _default(attribute: Any) -> Any:
    """The default of an attribute; the mark of what is required when it has none."""
    if attribute is None:
        return ...
    made = ... if attribute.default_factory is MISSING else attribute.default_factory()
    return made if attribute.default is MISSING else attribute.default


class Listing[Item](Body):
    """One page of a list, and how many there are in all; subclass it to name it in the description."""

    total_count: Count
    results: list[Item]

    @classmethod
    def page(cls, rows: Sequence[Any], card: Callable[[Any], Item], offset: int = 0) -> Self:
        """The page that begins after ``offset`` rows; a query set is read for that page alone."""
        total = rows.count() if isinstance(rows, QuerySet) else len(rows)
        return cls(total_count=total, results=[card(row) for row in rows[offset : offset + PAGE_ROWS]])


class Problem(Body):
    """What every error answers: ``hub.ui.errors`` writes it."""

    error_code: str
    message: str
    hint: str = ""
    line: Count = 0
    column: Count = 0
