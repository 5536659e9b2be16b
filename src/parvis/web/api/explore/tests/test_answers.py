"""Validators and kept bodies."""

from __future__ import annotations

import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from parvis.web.api.explore.answers import cached_json, forget_answers, unchanged_or


@pytest.fixture
def ask():
    """``ask(query, state)``: the answer, made of how many were made so far."""
    forget_answers()
    made = []

    def body():
        made.append(1)
        return {"made": len(made)}

    def get(query: str = "", state: str = "v1", path: str = "/api/records", public: bool = True, **headers):
        request = RequestFactory().get(f"{path}?{query}", **headers)
        return cached_json(request, state, body, public=public)

    return get


def made(response) -> int:
    return json.loads(response.content)["made"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("limit=5&where=a", "where=a&limit=5"),
        ("", "limit=10&offset=0&lang=fr&timezone=UTC&select=*"),
        ("", "rows=10"),
        ("where=a", "where=a&refine=&order_by="),
        ("where=a&apikey=k1", "where=a&apikey=k2"),
    ],
)
def test_the_same_question_asked_otherwise_is_computed_once(ask, first, second):
    answers = ask(first), ask(second)
    assert [made(answer) for answer in answers] == [1, 1]
    assert answers[0]["ETag"] == answers[1]["ETag"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("limit=5", "limit=6"),
        ("where=a&where=b", "where=b&where=a"),
        ("limit=5&limit=10", "limit=5"),
        ("rows=5&limit=10", "rows=5"),
        ("limit=5&limit=", "limit=5"),
        ("facet=a&facet=b", "facet=b&facet=a"),
        ("include_links=true&limit=5&offset=5", "offset=5&limit=5&include_links=true"),
        ("a=b%26c", "a=b&c"),
        ("select=a,b", "select=a%26b"),
    ],
)
def test_questions_that_mean_or_show_another_thing_are_kept_apart(ask, first, second):
    answers = ask(first), ask(second)
    assert [made(answer) for answer in answers] == [1, 2]
    assert answers[0]["ETag"] != answers[1]["ETag"]


def test_another_state_address_or_host_is_another_answer(ask):
    assert [
        made(ask()),
        made(ask(state="v2")),
        made(ask(path="/api/facets")),
        made(ask(headers={"host": "localhost"})),
    ] == [
        1,
        2,
        3,
        4,
    ]


@pytest.mark.parametrize("query", ["where=d>now()", "where=d>NOW (days=-1)", "order_by=random(1)"])
def test_what_changes_by_itself_is_computed_each_time_and_bears_no_validator(ask, query):
    answers = ask(query), ask(query)
    assert [made(answer) for answer in answers] == [1, 2]
    assert "ETag" not in answers[0]
    assert answers[0]["Cache-Control"] == "no-store"


def test_a_client_that_has_the_answer_makes_nothing_be_computed(ask):
    tag = ask()["ETag"]
    forget_answers()
    again = ask(headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_errors_are_not_kept():
    forget_answers()
    request = RequestFactory().get("/api/records")

    def broken():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        cached_json(request, "v", broken, public=True)
    assert json.loads(cached_json(request, "v", lambda: 1, public=True).content) == 1


def test_an_answer_for_some_is_marked_private():
    request = RequestFactory().get("/api/records")
    assert cached_json(request, "v", dict, public=False)["Cache-Control"] == "private, no-cache"


def test_blank_separators_of_an_export_are_not_the_default_ones():
    factory = RequestFactory()
    tags = {
        unchanged_or(factory.get(f"/api/exports/csv?{query}"), "v", HttpResponse, public=True)["ETag"]
        for query in ("", "list_separator=", "limit=10", "limit=-1")
    }
    assert len(tags) == 4
