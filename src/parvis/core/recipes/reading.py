"""From the text of a recipe to its steps, each fault told with its line and its step.

    # Why this file needs it
    title = "Subventions"

    # amounts come with their currency
    [[step]]
    do = "type"
    columns = ["montant"]
    type = "double"

``do`` names a step of preparation, or in full any other transform (``mend.date``). A comment above a step is kept with it.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from parvis.core.connections import connect
from parvis.core.errors import ParvisError, RequestError
from parvis.core.transforms import TRANSFORMS, Step
from parvis.core.transforms.preparation.model import COMMENT, PREFIX, Kind, Preparation, bad, read_values
from parvis.core.transforms.preparation.table import PREPARATIONS, preparation_of
from parvis.core.transforms.preparation.texts import pattern_fault
from parvis.core.translation import Sentence, gettext_noop

LONGEST = 500_000
"""Characters of a recipe."""
MOST_STEPS = 200
_HEADER = re.compile(r"^\s*\[\[\s*step\s*\]\]")
_LINE = re.compile(r"\(at line (\d+), column \d+\)")


class BadRecipe(RequestError):
    """The text is no recipe, or one of its steps will not do."""

    code: ClassVar[str] = "recipe-bad"
    sentence: ClassVar[str] = gettext_noop("La recette n’est pas comprise, ligne {line} : {reason}")
    advice: ClassVar[str] = gettext_noop(
        "« parvis recipe check » vérifie une recette sans rien importer ; les étapes sont décrites dans docs/reference/recipe.md."
    )


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe: its title, what is said of it, its steps in order."""

    steps: tuple[Step, ...]
    title: str = ""
    comment: str = ""


def read_recipe(text: str) -> Recipe:
    """The recipe that a text holds; BadRecipe with the line of what will not do."""
    if len(text) > LONGEST:
        raise BadRecipe(line=1, reason=Sentence("elle est trop longue"))
    try:
        document = tomllib.loads(text.replace("\r\n", "\n").removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        match = _LINE.search(str(error))
        line = int(match[1]) if match else text.count("\n") + 1
        raise BadRecipe(line=line, reason=Sentence("ce n’est pas du TOML ({error})", {"error": str(error)})) from error
    except RecursionError as error:
        raise BadRecipe(line=1, reason=Sentence("elle est trop imbriquée")) from error
    places = list(_headers(text))
    tables = document.pop("step", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise BadRecipe(line=1, reason=Sentence("chaque étape commence par [[step]]"))
    if unknown := next((key for key in document if key not in ("title", COMMENT)), None):
        raise BadRecipe(
            line=1,
            reason=Sentence(
                "« {name} » n’est pas un réglage d’une recette (« title », « comment »)", {"name": unknown}
            ),
        )
    if len(tables) > MOST_STEPS:
        raise BadRecipe(line=1, reason=Sentence("plus de {limit} étapes", {"limit": MOST_STEPS}))
    exact = len(places) == len(tables)
    steps = [_step(table, *(places[rank] if exact else (1, "")), rank + 1) for rank, table in enumerate(tables)]
    return Recipe(tuple(steps), str(document.get("title", "")), str(document.get(COMMENT, "")))


def check_steps(steps: Sequence[Step]) -> None:
    """Raise what is wrong with steps that come otherwise than from a text: UnknownStep, BadStep."""
    for step in steps:
        row = preparation_of(step)
        if row is not None:
            _check_patterns(step, _patterns_of(read_values(row, step), row))


def _check_patterns(step: Step, patterns: Mapping[str, Iterable[str]]) -> None:
    """Raise BadStep for a regular expression that the step could not use: it would be seen at the import only."""
    if not any(patterns.values()):
        return
    with connect("64MB", 1, spatial=False) as connection:
        for name, values in patterns.items():
            for fault in filter(None, (pattern_fault(value, connection.execute) for value in values)):
                raise bad(step, Sentence("réglage « {name} », {reason}", {"name": name, "reason": fault}))


def _patterns_of(values: Mapping[str, Any], row: Preparation) -> dict[str, list[str]]:
    """The regular expressions among the settings of a step, by the setting."""
    patterns = {p.name: [values[p.name]] for p in row.parameters if p.kind is Kind.PATTERN and values[p.name]}
    for parameter in row.parameters:
        if parameter.kind is Kind.CONDITIONS:
            items = values[parameter.name] or []
            patterns[parameter.name] = [str(item.get("value", "")) for item in items if item.get("is") == "matches"]
    return patterns


def _headers(text: str) -> Iterator[tuple[int, str]]:
    """The line of each step and the comments right above it; nothing inside a text of several lines is taken for one."""
    closing = ""
    comments: list[str] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if closing:
            closing = "" if closing in line else closing
            continue
        if _HEADER.match(line):
            yield number, "\n".join(comments)
        stripped = line.strip()
        if stripped.startswith("#"):
            comments.append(stripped.removeprefix("#").strip())
            continue
        comments = []
        code = (
            re.sub(r'"(?:[^"\\]|\\.)*"(?!")|\'[^\']*\'(?!\')', "", line)
            if '"""' not in line and "'''" not in line
            else line
        )
        for quotes in ('"""', "'''"):
            if code.count(quotes) % 2:
                closing = quotes
                break


def _step(table: Mapping[str, Any], line: int, comment: str, rank: int) -> Step:
    name = table.get("do")
    if not isinstance(name, str):
        raise BadRecipe(
            line=line, reason=Sentence("l’étape {rank} ne dit pas ce qu’elle fait (« do »)", {"rank": rank})
        )
    full = name if "." in name else PREFIX + name
    if full not in TRANSFORMS:
        matches = difflib.get_close_matches(name, [*PREPARATIONS, *TRANSFORMS], n=1, cutoff=0.5)
        near = Sentence(" (« {name} » ?)", {"name": matches[0].removeprefix(PREFIX)}) if matches else ""
        raise BadRecipe(
            line=line, reason=Sentence("aucune étape ne s’appelle « {name} »{near}", {"name": name[:60], "near": near})
        )
    parameters = {key: _plain(value) for key, value in table.items() if key != "do"}
    is_ours = full.startswith(PREFIX)
    if comment and is_ours and COMMENT not in parameters:
        parameters[COMMENT] = comment
    step = Step(full, parameters)
    try:
        check_steps([step])
    except ParvisError as error:
        detail = error.details.get("reason")
        reason = detail if isinstance(detail, str | Sentence) else error.message()
        raise BadRecipe(
            line=line,
            reason=Sentence("étape {rank}, « {name} » : {reason}", {"rank": rank, "name": name, "reason": reason}),
        ) from error
    return step


def _plain(value: Any) -> Any:
    """A value of TOML as JSON has it."""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
