"""Public answers given again before Django, and never to the wrong reader nor after a change."""

from __future__ import annotations

import gzip
import io
import json
import sys

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import set_access, unpublish, update_card
from parvis.web.api.explore import datasets
from parvis.web.api.explore.response_cache import ResponseCache
from parvis.web.api.explore.tests.conftest import API

pytestmark = pytest.mark.django_db


class Portal:
    """Django behind the express door, and how often it was asked."""

    def __init__(self, room: int = 8_000_000) -> None:
        self.asked = 0
        self._django = WSGIHandler()
        self._express = ResponseCache(self._application, room)

    def _application(self, environ, start_response):
        self.asked += 1
        return self._django(environ, start_response)

    def get(self, path: str, query: str = "", **headers: str):
        """Status, headers in small letters, body."""
        received = {}
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": API + path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "localhost",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            **headers,
        }

        def start_response(status, pairs, *_rest):
            received.update(status=int(status[:3]), headers={name.lower(): value for name, value in pairs})

        # As Django's own test client does: the transaction of the test must outlive the request.
        request_finished.disconnect(close_old_connections)
        request_started.disconnect(close_old_connections)
        try:
            response = self._express(environ, start_response)
            body = b"".join(response)
            if hasattr(response, "close"):
                response.close()
        finally:
            request_started.connect(close_old_connections)
            request_finished.connect(close_old_connections)
        return received["status"], received["headers"], body


def without_account(answer):
    """Status and headers, without what is left to the caller."""
    return answer[0], {name: value for name, value in answer[1].items() if not name.startswith("x-ratelimit")}


RECORDS = "/catalog/datasets/sport/records"


@pytest.fixture
def portal():
    return Portal()


def test_the_second_reader_gets_the_same_answer_without_django(portal, publish):
    publish(dataset_id="sport")
    first, second = portal.get(RECORDS), portal.get(RECORDS)
    assert [without_account(first), second[2]] == [without_account(second), first[2]]
    assert json.loads(second[2])["total_count"] == 4
    assert portal.asked == 1
    portal.get(RECORDS, "limit=1")
    assert portal.asked == 2


def test_a_change_of_another_dataset_leaves_kept_answers_and_their_validators(portal, publish):
    publish(dataset_id="sport")
    other = publish(dataset_id="arbres", title="Arbres", organisation=make_organisation("Autre"))
    paths = (RECORDS, "/catalog/datasets/sport", "/catalog/datasets/sport/facets", "/catalog/datasets/arbres")
    tags = [portal.get(path)[1]["etag"] for path in paths]
    listing = portal.get("/catalog/datasets")
    update_card(OPERATOR, other, {"title": "Arbres et arbustes"})
    other.organisation.name = "Autre encore"
    other.organisation.save()
    before = portal.asked
    for path, tag in zip(paths[:3], tags, strict=False):
        status, headers, _body = portal.get(path, HTTP_IF_NONE_MATCH=tag)
        assert (status, headers["etag"]) == (304, tag)
    assert portal.asked == before
    assert portal.get(paths[3])[1]["etag"] != tags[3]
    assert portal.get("/catalog/datasets")[1]["etag"] != listing[1]["etag"]


def test_what_is_true_of_a_dataset_is_kept_by_the_stamp_read_before_its_rows(portal, publish, monkeypatch):
    dataset = publish(dataset_id="sport")
    described = datasets.dataset_object

    def described_while_it_changes(*given, **named):
        monkeypatch.undo()
        made = described(*given, **named)
        update_card(OPERATOR, Dataset.objects.get(pk=dataset.pk), {"title": "Changé pendant la réponse"})
        return made

    monkeypatch.setattr(datasets, "dataset_object", described_while_it_changes)
    path = "/catalog/datasets/sport"
    assert b"Chang" not in portal.get(path)[2]
    assert "Changé pendant la réponse" in portal.get(path)[2].decode()


def test_kept_answers_tell_each_caller_what_is_left_of_their_own_calls(portal, publish):
    publish(dataset_id="sport")
    portal.get(RECORDS, REMOTE_ADDR="192.0.2.1")
    left = [
        int(portal.get(RECORDS, REMOTE_ADDR=address)[1]["x-ratelimit-remaining"])
        for address in ("192.0.2.2", "192.0.2.2", "192.0.2.3")
    ]
    assert left == [left[0], left[0] - 1, left[0]]
    assert portal.asked == 1


def test_whoever_has_spent_their_day_goes_through_django(portal, publish, settings):
    publish(dataset_id="sport")
    portal.get(RECORDS, REMOTE_ADDR="192.0.2.4")
    settings.PARVIS = {**settings.PARVIS, "PARVIS_QUOTA_ANONYMOUS_CALLS": 2}
    for _turn in range(2):
        assert portal.get(RECORDS, REMOTE_ADDR="192.0.2.5")[0] == 200
    assert portal.asked == 1
    portal.get(RECORDS, REMOTE_ADDR="192.0.2.5")
    assert portal.asked == 2


def test_whoever_has_the_answer_is_told_so_without_django(portal, publish):
    publish(dataset_id="sport")
    tag = portal.get(RECORDS)[1]["etag"]
    for validator in (tag, f'"other", {tag}', f"W/{tag}"):
        status, headers, body = portal.get(RECORDS, HTTP_IF_NONE_MATCH=validator)
        assert (status, body, headers["etag"]) == (304, b"", tag)
        assert "content-length" not in headers
    assert portal.get(RECORDS, HTTP_IF_NONE_MATCH='"other"')[0] == 200
    assert portal.asked == 1


def test_a_process_that_only_ever_answered_304_still_answers_the_others(portal, publish):
    publish(dataset_id="sport")
    tag = Portal().get(RECORDS)[1]["etag"]
    assert [portal.get(RECORDS, HTTP_IF_NONE_MATCH=tag)[0] for _turn in range(3)] == [304] * 3
    assert portal.asked == 1
    assert json.loads(portal.get(RECORDS)[2])["total_count"] == 4


def test_what_is_withdrawn_or_closed_is_not_given_again(portal, publish):
    sport, books = publish(dataset_id="sport"), publish(dataset_id="livres")
    for name in ("sport", "livres"):
        assert portal.get(f"/catalog/datasets/{name}/records")[0] == 200
    unpublish(OPERATOR, sport)
    assert portal.get(RECORDS)[0] == 404
    assert portal.get("/catalog/datasets/livres/records")[0] == 200
    set_access(OPERATOR, books, Access.INTERNAL, [], [])
    assert portal.get("/catalog/datasets/livres/records")[0] in (403, 404)


def test_a_changed_card_changes_the_answer(portal, publish):
    sport = publish(dataset_id="sport")
    before = portal.get(RECORDS)
    update_card(OPERATOR, sport, {"title": "Autrement"})
    after = portal.get(RECORDS, HTTP_IF_NONE_MATCH=before[1]["etag"])
    assert after[0] == 200
    assert after[1]["etag"] != before[1]["etag"]


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("", {"HTTP_COOKIE": "sessionid=x"}),
        ("", {"HTTP_AUTHORIZATION": "Apikey x"}),
        ("apikey=x", {}),
        ("apiKey=x", {}),
        ("api%6Bey=x", {}),
        ("limit=1&access_token=x", {}),
    ],
)
def test_whoever_shows_something_of_theirs_goes_through_django(portal, publish, query, headers):
    publish(dataset_id="sport")
    portal.get(RECORDS, query)
    before = portal.asked
    portal.get(RECORDS, query, **headers)
    portal.get(RECORDS, query, **headers)
    assert portal.asked == before + 2


def test_answers_that_are_not_for_everybody_and_errors_are_never_kept(portal, publish):
    publish(dataset_id="interne", access=Access.INTERNAL)
    publish(dataset_id="sport")
    for path, query in (
        ("/catalog/datasets/interne/records", ""),
        (RECORDS, "where=oups"),
        ("/catalog/datasets/none/records", ""),
    ):
        assert portal.get(path, query)[0] >= 400
        before = portal.asked
        portal.get(path, query)
        assert portal.asked == before + 1


def test_one_who_reads_gzip_and_one_who_does_not_get_each_their_own(portal, publish):
    publish(dataset_id="sport")
    plain = portal.get(RECORDS)
    for _turn in range(2):
        packed = portal.get(RECORDS, HTTP_ACCEPT_ENCODING="gzip, br")
        assert packed[1]["content-encoding"] == "gzip"
        assert gzip.decompress(packed[2]) == plain[2]
    assert portal.get(RECORDS)[2] == plain[2]
    assert portal.asked == 2


def test_links_name_the_host_that_was_asked(portal, publish, settings):
    settings.ALLOWED_HOSTS = ["localhost", "autre.example"]
    publish(dataset_id="sport")
    for host in ("localhost", "autre.example", "localhost"):
        body = json.loads(portal.get("/catalog/datasets/sport/facets", HTTP_HOST=host)[2])
        assert body["links"][0]["href"].startswith(f"http://{host}/")
    assert portal.get("/catalog/datasets/sport/facets", HTTP_HOST="pirate.example")[0] == 400


def test_the_room_is_bounded(publish):
    publish(dataset_id="sport")
    portal = Portal(room=40_000)
    for turn in range(60):
        portal.get(RECORDS, f"offset={turn}")
    assert portal._express._kept.bytes <= 40_000
