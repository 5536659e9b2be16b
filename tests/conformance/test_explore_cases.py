"""The Explore API, asked over HTTP of a real server, case by case."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from conformance.checks import Answer, check
from conformance.reading import Case, read_cases

PREFIX = "/api/explore/v2.1"


def ask(address: str, accept: str) -> Answer:
    """One GET; refusals are answers too."""
    request = urllib.request.Request(address, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return _answer(response)
    except urllib.error.HTTPError as error:
        return _answer(error)


def _answer(response) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, headers, response.read().decode("utf-8"))


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: case.name)
def test_the_answer_is_as_specified(served: str, case: Case):
    address = served + ("" if case.address.startswith("/api/") else PREFIX) + case.address
    check(case, ask(address, case.accept), lambda: ask(address, case.accept))
