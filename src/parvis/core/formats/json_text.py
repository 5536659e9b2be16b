"""JSON read value by value from a stream: exact numbers, every key kept, the line known, depth and size bounded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from parvis.core.formats.limits import Limits
from parvis.core.formats.refusals import BrokenJson, TooDeep
from parvis.core.formats.sink import too_large

CHUNK = 256 * 1024
_SPACE = re.compile(r"[\s\ufeff\x1e]*")
_NEAR_END = 16
"""An error so close to the end of what was read may only mean that the rest is still to come."""


class ExactNumber(float):
    """A decimal number that remembers how it was written."""

    text: str

    def __new__(cls, text: str) -> ExactNumber:
        self = super().__new__(cls, text)
        self.text = text
        return self


class JsonText:
    """A cursor over JSON text. ``line`` is the physical line of the cursor, from 1."""

    def __init__(self, stream: TextIO, name: str, limits: Limits) -> None:
        self._stream, self._name, self._limits = stream, name, limits
        self._buffer, self._at, self._ended = "", 0, False
        self.line = 1
        self.duplicates = 0
        self.not_numbers = 0
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_float=ExactNumber, parse_constant=self._constant
        )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """A dictionary; a key met again gets a rank, so that no value is lost."""
        members = dict(pairs)
        if len(members) == len(pairs):
            return members
        self.duplicates += 1
        unique: dict[str, Any] = {}
        for key, value in pairs:
            name, rank = key, 2
            while name in unique:
                name, rank = f"{key} ({rank})", rank + 1
            unique[name] = value
        return unique

    def _constant(self, word: str) -> None:
        """NaN and the infinities, which JSON does not know, are no value."""
        self.not_numbers += 1

    def _fill(self) -> bool:
        """Read more; False at the end of the text."""
        chunk = "" if self._ended else self._stream.read(max(CHUNK, len(self._buffer) - self._at))
        self._ended = not chunk
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        return bool(chunk)

    def _advance(self, to: int) -> None:
        self.line += self._buffer.count("\n", self._at, to)
        self._at = to

    def peek(self) -> str:
        """The next character that is not a space; empty at the end."""
        while True:
            spaces = _SPACE.match(self._buffer, self._at)
            self._advance(spaces.end() if spaces else self._at)
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._fill():
                return ""

    def take(self, *signs: str) -> str:
        """Pass one of ``signs`` and give it; BrokenJson when something else is there."""
        sign = self.peek()
        if sign not in signs or not sign:
            raise self.broken(f"« {' » ou « '.join(signs)} » attendu")
        self._advance(self._at + 1)
        return sign

    def broken(self, reason: str) -> BrokenJson:
        """The error for the place where the cursor stands."""
        return BrokenJson(file=self._name, line=self.line, reason=reason)

    def value(self) -> Any:
        """Decode the value under the cursor and pass it."""
        if not self.peek():
            raise self.broken("fin inattendue")
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                if self._may_continue(error) and self._fill_within_limit():
                    continue
                raise self.broken(error.msg) from error
            except RecursionError as error:
                raise TooDeep(file=self._name, limit=self._limits.max_json_depth) from error
            except ValueError as error:
                raise self.broken("nombre trop long") from error
            if end < len(self._buffer) or not self._fill():
                self._advance(end if end <= len(self._buffer) else len(self._buffer))
                return value

    def _may_continue(self, error: json.JSONDecodeError) -> bool:
        return not self._ended and (error.msg.startswith("Unterminated") or error.pos >= len(self._buffer) - _NEAR_END)

    def _fill_within_limit(self) -> bool:
        if len(self._buffer) - self._at > 4 * self._limits.max_cell_bytes:
            raise too_large(self._name, self.line, self._limits)
        return self._fill()

    def elements(self) -> Iterator[tuple[int, Any]]:
        """The elements of the array under the cursor, each with the line it starts on."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        while True:
            self.peek()
            line = self.line
            yield line, self.value()
            if self.take(",", "]") == "]":
                return

    def keys(self) -> Iterator[str]:
        """The keys of the object under the cursor; the caller passes each value before asking for the next key."""
        self.take("{")
        if self.peek() == "}":
            self.take("}")
            return
        while True:
            if self.peek() != '"':
                raise self.broken("clé entre guillemets attendue")
            key = str(self.value())
            self.take(":")
            yield key
            if self.take(",", "}") == "}":
                return

    def skip(self) -> None:
        """Pass the value under the cursor without keeping it."""
        if self.peek() == "[":
            for _ in self.elements():
                pass
        else:
            self.value()

    def ahead(self) -> str:
        """What is already known of the line under the cursor, which does not move."""
        end = self._buffer.find("\n", self._at)
        return self._buffer[self._at : end if end >= 0 else len(self._buffer)]

    def rest_of_line(self) -> str:
        """Pass what is left of the line, and give it."""
        while (end := self._buffer.find("\n", self._at)) < 0 and len(self._buffer) - self._at < CHUNK and self._fill():
            pass
        end = len(self._buffer) if end < 0 else end + 1
        text = self._buffer[self._at : end]
        self._advance(end)
        return text


def cell_text(value: Any, name: str, limits: Limits) -> str | None:
    """``value`` as the text of a cell: words and numbers as written, nested values as JSON; None for null."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, ExactNumber):
        return value.text
    if isinstance(value, int):
        return str(value)
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except RecursionError as error:
        raise TooDeep(file=name, limit=limits.max_json_depth) from error
    if text.count("[") + text.count("{") > limits.max_json_depth and _depth(text) > limits.max_json_depth:
        raise TooDeep(file=name, limit=limits.max_json_depth)
    return text


_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')


def _depth(text: str) -> int:
    deepest = depth = 0
    for sign in re.findall(r"[\[\]{}]", _STRINGS.sub("", text)):
        depth += 1 if sign in "[{" else -1
        deepest = max(deepest, depth)
    return deepest
