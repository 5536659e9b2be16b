"""What each word of a case demands: one row each."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conformance.reading import Case, at, literal, same


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> Any:
        """The answer as JSON."""
        return json.loads(self.text)

    @property
    def results(self) -> list[dict[str, Any]]:
        """The rows of the answer."""
        return self.body["results"]


def _status(answer: Answer, rest: str, case: Case) -> None:
    status, _blank, code = rest.partition(" ")
    assert answer.status == int(status), answer.text[:600]
    if code:
        assert answer.body["error_code"] == code, answer.text[:600]


def _rows(answer: Answer, rest: str, case: Case) -> None:
    actual, expected = answer.results, json.loads(rest)
    if any(row.word == "unordered" for row in case.expected):
        actual, expected = (sorted(rows, key=json.dumps) for rows in (actual, expected))
    assert same(actual, expected), json.dumps(actual, ensure_ascii=False)


def _json(answer: Answer, rest: str, case: Case) -> None:
    path, _equal, value = rest.partition(" = ")
    actual = at(answer.body, path)
    assert same(actual, json.loads(value)), json.dumps(actual, ensure_ascii=False)[:600]


def _keys(answer: Answer, rest: str, case: Case) -> None:
    actual = answer.body["results"][0] if "results" in answer.body else answer.body
    assert list(actual) == rest.split()


def _refs(answer: Answer, rest: str, case: Case) -> None:
    assert [row["ref"] for row in answer.results] == rest.split()


def _haskey(answer: Answer, rest: str, case: Case) -> None:
    at(answer.body, rest)


def _nokey(answer: Answer, rest: str, case: Case) -> None:
    parent, _dot, last = rest.rpartition(".")
    assert last not in (at(answer.body, parent) if parent else answer.body)


def _header(answer: Answer, rest: str, case: Case) -> None:
    name, _colon, value = rest.partition(": ")
    assert answer.headers.get(name.lower()) == value


def _headerhas(answer: Answer, rest: str, case: Case) -> None:
    name, _colon, value = rest.partition(": ")
    assert value in answer.headers.get(name.lower(), "")


def _message(answer: Answer, rest: str, case: Case) -> None:
    assert rest in answer.body["message"]


def _equal(measure: Callable[[Answer], Any]) -> Callable[[Answer, str, Case], None]:
    def check(answer: Answer, rest: str, case: Case) -> None:
        assert measure(answer) == int(rest), answer.text[:600]

    return check


def _text(answer: Answer, rest: str, case: Case) -> None:
    assert answer.text == literal(rest)


def _body(answer: Answer, rest: str, case: Case) -> None:
    assert literal(rest) in answer.text, answer.text[:600]


CHECKS: dict[str, Callable[[Answer, str, Case], None]] = {
    "status": _status,
    "total": _equal(lambda answer: answer.body["total_count"]),
    "count": _equal(lambda answer: len(answer.results)),
    "refs": _refs,
    "rows": _rows,
    "json": _json,
    "keys": _keys,
    "haskey": _haskey,
    "nokey": _nokey,
    "header": _header,
    "headerhas": _headerhas,
    "message": _message,
    "text": _text,
    "body": _body,
}


def check(case: Case, answer: Answer, again: Callable[[], Answer]) -> None:
    """AssertionError at the first thing that is not as the case says; ``again`` asks the same once more."""
    assert case.expected, "a case that expects nothing"
    for row in case.expected:
        if row.word == "same":
            assert answer.text == again().text
        elif row.word != "unordered":
            CHECKS[row.word](answer, row.rest, case)
    if not any(row.word == "status" for row in case.expected):
        assert answer.status == 200, answer.text[:600]
