"""A request that names itself is done once: sent again, sent twice at once, sent by another key, sent after a failure."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import Role
from parvis.hub.apikeys.models import ApiKey
from parvis.hub.apikeys.rules import Scope
from parvis.hub.catalogue.models import Dataset
from parvis.hub.writing.models import Answer
from parvis.hub.writing.once import forget_answers
from parvis.hub.writing.tests.conftest import in_days, program

ASKED = {"title": "Arbres", "organisation": "ville"}


@pytest.mark.django_db
def test_a_request_sent_again_is_answered_as_the_first_time(write):
    first = write("POST", "/datasets", ASKED, Idempotency_Key="nuit-1")
    again = write("POST", "/datasets", ASKED, Idempotency_Key="nuit-1")
    assert (again.content, again.status_code, again["ETag"]) == (first.content, 200, first["ETag"])
    assert again["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first
    assert Dataset.objects.count() == 1
    other = write("POST", "/datasets", {**ASKED, "title": "Bancs"}, Idempotency_Key="nuit-1")
    assert (other.status_code, other.json()["error_code"]) == (422, "idempotency-key-reused")
    assert write("POST", "/datasets", ASKED, Idempotency_Key="nuit-2").json()["dataset_id"] == "arbres-2"
    for bad in ("", "x" * 256):
        assert write("POST", "/datasets", ASKED, Idempotency_Key=bad).status_code == 400


@pytest.mark.django_db
def test_the_name_is_of_one_key_for_a_day_and_a_failure_may_be_tried_again(write, steward, town):
    assert write("POST", "/datasets", {**ASKED, "organisation": "absente"}, Idempotency_Key="a").status_code == 404
    assert write("POST", "/datasets", ASKED, Idempotency_Key="a").status_code == 200
    other = program(steward, Scope.PUBLISH, town)
    assert other("POST", "/datasets", ASKED, Idempotency_Key="a").json()["dataset_id"] == "arbres-2"
    Answer.objects.update(created=timezone.now() - timedelta(hours=25))
    assert write("POST", "/datasets", ASKED, Idempotency_Key="a").json()["dataset_id"] == "arbres-3"
    assert forget_answers() == 1


@pytest.mark.django_db
def test_a_key_that_was_made_is_answered_again_and_never_stands_in_the_database(town):
    ask = program(make_member(town, Role.ADMINISTRATOR), Scope.ADMINISTER, town)
    body = {"name": "nuit", "organisation": "ville", "expires": in_days(9).date().isoformat()}
    first, again = (ask("POST", "/keys", body, Idempotency_Key="k").json() for _n in range(2))
    assert first == again and first["key"].startswith("parvis_")
    assert first["key"] not in str(list(Answer.objects.values())) + str(list(ApiKey.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_done_once():
    town = make_organisation("Ville", slug="ville")
    ask = program(make_member(town, Role.STEWARD), Scope.PUBLISH, town)

    def send(_number: int) -> dict:
        try:
            return ask("POST", "/datasets", ASKED, Idempotency_Key="nuit").json()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert Dataset.objects.count() == 1
    assert all(answer == answers[0] for answer in answers)
