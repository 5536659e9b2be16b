"""DuckDB's errors as sentences for anyone who wrote the statement, without a word about files or settings of the server."""

from __future__ import annotations

import json
from typing import Any

import duckdb

from parvis.core.errors import ParvisError
from parvis.core.statements.errors import (
    OnlySelect,
    SandboxFailed,
    SqlMeaningless,
    SqlSyntaxError,
    SqlTooLarge,
    SqlTooLong,
    UnknownColumn,
    line_and_column,
    near,
)

_SERVER = (duckdb.IOException, duckdb.InternalException, duckdb.FatalException, duckdb.PermissionException)
_FULL = ("Out of Memory", "File too large", "No space left", "bad_alloc")
_LONGEST_REASON = 600


def parse_error(tree: dict[str, Any], text: str) -> ParvisError:
    """What ``json_serialize_sql`` says when the text is no SELECT."""
    if tree.get("error_type") == "not implemented":
        return OnlySelect()
    place = line_and_column(text, _whole(tree.get("position")))
    message = str(tree.get("error_message", ""))
    if "depth" in message or "memory exhausted" in message or "recursion" in message.lower():
        return SqlTooLong(limit=len(text))
    if 'at or near "' in message:
        return SqlSyntaxError(word=message.split('at or near "', 1)[1].removesuffix('"')[:60], **place)
    if "end of input" in message:
        return SqlSyntaxError(word="…", **line_and_column(text, len(text.encode())))
    return SqlMeaningless(reason=_sentence(message), **place)


def error_of(error: duckdb.Error, text: str) -> ParvisError:
    """An error of the statement itself, or one of ours that says less."""
    details = _message(str(error))
    if isinstance(error, duckdb.OutOfMemoryException) or any(sign in str(error)[:600] for sign in _FULL):
        return SqlTooLarge()
    if isinstance(error, _SERVER) or details is None:
        return SandboxFailed()
    message = str(details.get("exception_message", ""))
    if "expression depth" in message.lower():
        return SqlTooLong(limit=len(text))
    place = line_and_column(text, _whole(details.get("position")))
    if details.get("error_subtype") == "COLUMN_NOT_FOUND":
        candidates = [
            name.strip().rsplit(".", 1)[-1].strip('"') for name in str(details.get("candidates", "")).split(",")
        ]
        name = str(details.get("name", "?"))
        hint = near(name, [candidate for candidate in candidates if candidate])
        return UnknownColumn(name=name, **place, **hint)
    return SqlMeaningless(reason=_sentence(message), **place)


def _message(message: str) -> dict[str, Any] | None:
    _kind, brace, rest = message.partition("{")
    if not brace:
        return {"exception_message": message}
    try:
        parsed = json.loads(brace + rest)
    except json.JSONDecodeError:
        return None
    return parsed if isinstance(parsed, dict) else None


def _whole(text: object) -> int | None:
    return int(text) if isinstance(text, str) and text.isdigit() else None


def _sentence(message: str) -> str:
    first = message.split("\n", 1)[0].strip()
    first = first[:_LONGEST_REASON]
    return first if first.endswith((".", "!", "?")) else f"{first}."
