"""What is composed and saved as JSON: values written short, read back no matter who wrote them, refused with the place of what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, asdict, dataclass, fields, replace
from typing import Any, ClassVar, Self

from parvis.core.errors import RequestError

FORMAT = 1
"""Version of the shape of ``to_dict``; a later one will read the former ones."""

MOST_CONDITIONS = 20
LONGEST_TEXT = 300
LONGEST_ODSQL = 4_000
LARGEST_JSON = 64_000

_NAME = re.compile(r"[a-z0-9_]{0,200}")
_DATASET = re.compile(r"[a-z0-9][a-z0-9_-]{0,199}")


@dataclass(frozen=True, slots=True)
class Checks:
    """What every description checks of its words; ``error`` is raised with ``name``, ``value`` and ``expected``."""

    error: type[RequestError]

    def require(self, fits: bool, name: str, value: object, expected: object) -> None:
        """Refuse a value that does not fit; texts are shortened, numbers stay numbers."""
        if not fits:
            raise self.error(name=name, value=shown(value) if isinstance(value, str) else value, expected=expected)

    def among(self, value: str, allowed: Collection[str], name: str) -> None:
        """One of the words allowed."""
        self.require(value in allowed, name, value, ", ".join(filter(None, allowed)))

    def short(self, text: str, most: int, name: str) -> None:
        """A text that is not too long."""
        self.require(len(text) <= most, name, text, f"{most} caractères au plus")

    def question(self, part: Any, place: str, columns: Collection[str]) -> None:
        """The dataset, the conditions and the named columns of what asks one question."""
        self.require(bool(_DATASET.fullmatch(part.dataset)), f"{place}dataset", part.dataset, "[a-z0-9_-]+")
        for name in columns:
            value = getattr(part, name)
            self.require(bool(_NAME.fullmatch(value)), place + name, value, "[a-z0-9_]+")
        count = len(part.where)
        self.require(count <= MOST_CONDITIONS, f"{place}where", count, f"0 – {MOST_CONDITIONS}")

    def read[T](self, kind: type[T], row: object, place: str) -> T:
        """The dataclass that a JSON object says: no name that it has not, no value of another type."""
        if not isinstance(row, Mapping):
            raise self.error(name=place.rstrip("."), value=shown(row), expected="un objet JSON")
        attributes = {attribute.name: attribute for attribute in fields(kind)}  # type: ignore[arg-type]
        values: dict[str, Any] = {}
        for name, value in row.items():
            if name not in attributes:
                raise self.error(name=place + str(name)[:80], value=shown(value), expected=", ".join(attributes))
            reader = _READERS.get(str(attributes[name].type))
            if reader is not None and not reader(value):
                raise self.error(name=place + name, value=shown(value), expected=attributes[name].type)
            values[name] = tuple(value) if isinstance(value, list) else value
        for name, attribute in attributes.items():
            if name not in values and attribute.default is MISSING and attribute.default_factory is MISSING:
                raise self.error(name=place + name, value="—", expected=attribute.type)
        return kind(**values)


@dataclass(frozen=True, slots=True)
class Description:
    """What draws: a few words, and parts that each ask one dataset."""

    parts: ClassVar[str]
    """The name of the attribute that holds them."""
    part: ClassVar[type]
    most_parts: ClassVar[int]
    checks: ClassVar[Checks]

    def checked(self) -> Self:
        """The same description when every word of it exists and is short enough; the error of its checks otherwise."""
        raise NotImplementedError

    def _questions(self) -> tuple[Any, ...]:
        return getattr(self, self.parts)  # type: ignore[no-any-return]

    @property
    def main_dataset(self) -> str:
        """The identifier of the first dataset it asks."""
        return str(self._questions()[0].dataset)

    @property
    def datasets(self) -> list[str]:
        """Identifiers of the datasets it asks, sorted, each once."""
        return sorted({part.dataset for part in self._questions()})

    def with_changes(self, **changes: Any) -> Self:
        """A copy with some attributes replaced, checked."""
        return replace(self, **changes).checked()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object kept and shown by the API: ``format``, then what differs from the defaults."""
        body = _written(self)
        body[self.parts] = [_written(part) for part in self._questions()]
        return {"format": FORMAT, **body}

    def to_json(self) -> str:
        """The text of ``to_dict``, the same for equal descriptions."""
        return json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_dict(cls, body: object) -> Self:
        """The description that an object says, no matter who wrote it; the error of its checks names what is wrong."""
        if not isinstance(body, Mapping):
            raise cls.checks.error(name="/", value=shown(body), expected="un objet JSON")
        if body.get("format", FORMAT) != FORMAT:
            raise cls.checks.error(name="format", value=shown(body.get("format")), expected=FORMAT)
        rows = body.get(cls.parts)
        if not isinstance(rows, list) or not 1 <= len(rows) <= cls.most_parts:
            raise cls.checks.error(name=cls.parts, value=shown(rows), expected=f"1 – {cls.most_parts}")
        parts: tuple[Any, ...] = tuple(
            cls.checks.read(cls.part, row, f"{cls.parts}[{rank}].") for rank, row in enumerate(rows)
        )
        rest = {name: value for name, value in body.items() if name not in ("format", cls.parts)}
        return cls.checks.read(cls, {**rest, cls.parts: parts}, "").checked()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The description that a JSON text says; the error of its checks when it says none."""
        cls.checks.require(len(text) <= LARGEST_JSON, "/", f"{len(text)}", f"{LARGEST_JSON} caractères au plus")
        try:
            body = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise cls.checks.error(name="/", value=shown(text), expected="JSON") from error
        return cls.from_dict(body)

    def check_parts(self, names: Collection[str]) -> None:
        """How many parts there are, and the length of the texts of those names."""
        for name in names:
            self.checks.short(getattr(self, name), LONGEST_TEXT, name)
        count = len(self._questions())
        self.checks.require(1 <= count <= self.most_parts, self.parts, count, f"1 – {self.most_parts}")


def shown(value: object) -> str:
    """A value as an error shows it."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 80 else text[:79] + "…"


def _written(value: Any) -> dict[str, Any]:
    """The attributes of a dataclass that are not at their default."""
    body, written = asdict(value), {}
    for attribute in fields(value):
        default = attribute.default_factory() if attribute.default_factory is not MISSING else attribute.default
        if body[attribute.name] != default:
            written[attribute.name] = (
                list(body[attribute.name]) if isinstance(body[attribute.name], tuple) else body[attribute.name]
            )
    return written


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    """A finite number that fits a double: JSON of strangers may hold ``NaN`` or a thousand digits."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e300


def _list_of(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list | tuple) and all(map(fits, value))


_READERS: Mapping[str, Callable[[object], bool]] = {
    "str": _is_text,
    "int": _is_whole,
    "int | None": lambda value: value is None or _is_whole(value),
    "float | None": lambda value: value is None or _is_number(value),
    "bool": lambda value: isinstance(value, bool),
    "tuple[str, ...]": _list_of(_is_text),
    "tuple[float, ...]": _list_of(_is_number),
    "tuple[int, ...]": _list_of(_is_whole),
    "Mapping[str, str]": lambda value: isinstance(value, dict) and all(map(_is_text, [*value, *value.values()])),
}
"""How a value of JSON is checked, by the type of the attribute as it is written: modules that describe defer their annotations."""
