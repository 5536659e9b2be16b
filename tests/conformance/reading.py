"""Cases of the Explore API written as text: what is asked, what must come back."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True, slots=True)
class Expectation:
    """One line below a request: its word and the rest."""

    word: str
    rest: str


@dataclass(slots=True)
class Case:
    """One request and what is expected of its answer."""

    file: str
    title: str
    path: str = ""
    accept: str = "*/*"
    expected: list[Expectation] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The path with each value of the query percent-encoded."""
        path, _mark, query = self.path.partition("?")
        pairs = [pair.partition("=") for pair in query.split("&")] if query else []
        encoded = "&".join(f"{name}={quote(unquote(value), safe='')}" for name, _equal, value in pairs)
        return quote(path, safe="/@") + (f"?{encoded}" if encoded else "")

    @property
    def name(self) -> str:
        """What a report calls it."""
        return f"{self.file}: {self.title}"


def read_cases() -> list[Case]:
    """Every case of the folder, in order."""
    cases: list[Case] = []
    for path in sorted(CASES.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("== "):
                cases.append(Case(path.stem, line.removeprefix("== ")))
            elif line.startswith("GET "):
                cases[-1].path = line.removeprefix("GET ")
            elif line.startswith("accept "):
                cases[-1].accept = line.removeprefix("accept ")
            elif line.strip() and not line.startswith("#"):
                word, _blank, rest = line.partition(" ")
                cases[-1].expected.append(Expectation(word, rest))
    return cases


def at(body: Any, dotted: str) -> Any:
    """The value at a dotted path; KeyError or IndexError when there is none."""
    for step in dotted.split("."):
        body = body[int(step)] if isinstance(body, list) else body[step]
    return body


def literal(text: str) -> str:
    r"""Text of a case with ``\r``, ``\n`` read as what they stand for."""
    return text.replace("\\r", "\r").replace("\\n", "\n")


def same(actual: Any, expected: Any) -> bool:
    """Equal as JSON: 99 equals 99.0, true never equals 1."""
    return actual == expected and _booleans(actual) == _booleans(expected)


def _booleans(value: Any) -> Any:
    """The same tree with anything that is no boolean blanked."""
    if isinstance(value, dict):
        return {key: _booleans(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_booleans(part) for part in value]
    return value if isinstance(value, bool) else None
