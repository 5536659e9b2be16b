"""What is said of a feature: a template of text with ``{column}`` where values go. Never HTML: it is shown as it is written."""

from __future__ import annotations

import re
from collections.abc import Callable

PLACE = re.compile(r"\{([a-z0-9_]{1,200})\}")
"""A place for a value; any other brace is a brace."""
_PARTING = " \u00a0\u202f,;:·–-"
"""What parts two values, and parts nothing when one of them is empty."""


def columns_of(template: str) -> tuple[str, ...]:
    """The columns that a template names, in order, once each."""
    return tuple(dict.fromkeys(PLACE.findall(template)))


def filled(template: str, say: Callable[[str], str]) -> list[str]:
    """The lines of a template with their values; a line whose values are all empty is left out."""
    return [line for line in (_line(one, say) for one in template.splitlines()) if line]


def _line(line: str, say: Callable[[str], str]) -> str:
    values = {name: say(name) for name in PLACE.findall(line)}
    if values and not any(values.values()):
        return ""
    text = PLACE.sub(lambda found: values[found[1]], line).strip()
    return text.strip(_PARTING) if "" in values.values() else text


def _plain(label: str) -> str:
    """A label whose braces could be taken for places."""
    return label.replace("{", "(").replace("}", ")")
