"""From steps to the text of a recipe, read again as the same steps."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from parvis.core.recipes.reading import Recipe
from parvis.core.transforms.preparation.model import COMMENT, PREFIX

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def write_recipe(recipe: Recipe) -> str:
    """The text of a recipe, comments above their steps."""
    lines = [f"{key} = {_value(value)}" for key, value in (("title", recipe.title), (COMMENT, recipe.comment)) if value]
    for step in recipe.steps:
        parameters = dict(step.parameters)
        lines.append("")
        if step.name.startswith(PREFIX):
            lines += [f"# {line}".rstrip() for line in str(parameters.pop(COMMENT, "")).split("\n") if line]
        lines += ["[[step]]", f"do = {_value(step.name.removeprefix(PREFIX))}", *_parameters(parameters)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _parameters(parameters: Mapping[str, Any]) -> Iterator[str]:
    """Tables come last: what follows the header of a table is in it."""
    tables = {name: value for name, value in parameters.items() if isinstance(value, Mapping) and value}
    for name, value in parameters.items():
        if name not in tables and value is not None:
            yield f"{_key(name)} = {_value(value)}"
    for name, value in tables.items():
        yield f"[step.{_key(name)}]"
        yield from (f"{_key(key)} = {_value(item)}" for key, item in value.items() if item is not None)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    """A basic string: TOML escapes as JSON does, and one sign more."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, str):
        readable = "\n" in value and "'''" not in value and not re.search(r"[^\n\t\x20-\x7e\xa0-\U0010ffff]", value)
        return f"'''\n{value}'''" if readable and not value.endswith("'") else _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return (
            "{ "
            + ", ".join(f"{_key(str(key))} = {_inline(item)}" for key, item in value.items() if item is not None)
            + " }"
            if value
            else "{}"
        )
    if isinstance(value, list | tuple):
        if any(isinstance(item, Mapping) for item in value):
            return "[\n" + "".join(f"  {_inline(item)},\n" for item in value) + "]"
        return "[" + ", ".join(_inline(item) for item in value) + "]"
    return repr(value)


def _inline(value: Any) -> str:
    """The same on one line, as tables in a list must be."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_inline(item) for item in value) + "]"
    return _value(value)
