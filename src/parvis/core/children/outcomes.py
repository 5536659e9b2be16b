"""How the outcome of a call comes back from a child: JSON, held to what the function promises.

The child read a stranger's file: by the time it answers, it may be the stranger's. Nothing it says is unpickled; a result is
built field by field from the return annotation of the function, an error from the stable codes of the house.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, get_type_hints

from parvis.core.errors import ParvisError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_LONGEST_DETAIL = 100_000


class NotPromised(Exception):
    """The outcome is not what the function promises."""


@cache
def _adapter(function: Callable[..., Any]) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # noqa: PLC0415 many processes never ask a child for anything

    return TypeAdapter(get_type_hints(function)["return"])


def to_bytes(result: object) -> bytes:
    """A result as JSON; NotPromised when some of it is no text."""
    from pydantic_core import PydanticSerializationError, to_json  # noqa: PLC0415

    try:
        return to_json(result, inf_nan_mode="constants")
    except (PydanticSerializationError, ValueError) as error:
        raise NotPromised(str(error)) from error


def from_bytes(function: Callable[..., Any], body: bytes) -> Any:
    """The result of ``function``, in the types of its annotation; NotPromised."""
    from pydantic_core import ValidationError  # noqa: PLC0415

    try:
        return _adapter(function).validate_json(body)
    except ValidationError as error:
        raise NotPromised(str(error)[:500]) from error


def error_facts(error: ParvisError) -> dict[str, Any]:
    """An error as its codes, from its own to those of its ancestors, and what fills its sentences."""
    codes = [kind.__dict__["code"] for kind in type(error).__mro__ if "code" in kind.__dict__]
    return {"codes": codes, "details": error.to_details()}


def error_from(facts: Mapping[str, Any]) -> ParvisError:
    """The error that ``error_facts`` told, of the nearest class that this process knows; NotPromised."""
    codes, details = facts.get("codes"), facts.get("details")
    if not isinstance(codes, list) or not isinstance(details, dict):
        raise NotPromised("no error")
    class_of = {kind.__dict__["code"]: kind for kind in _classes(ParvisError) if "code" in kind.__dict__}
    kind = next((class_of[code] for code in codes if isinstance(code, str) and code in class_of), None)
    if kind is None:
        raise NotPromised("unknown error")
    try:
        return kind.from_details({str(name): _bounded(value) for name, value in details.items()})
    except (TypeError, KeyError, ValueError, ParvisError) as error:
        raise NotPromised(str(error)[:500]) from error


def _classes(kind: type[ParvisError]) -> Iterator[type[ParvisError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _classes(below)


def _bounded(value: object) -> object:
    if isinstance(value, dict):
        return {name: _bounded(part) for name, part in value.items()}
    return value[:_LONGEST_DETAIL] if isinstance(value, str) else value
