"""What every answer of the API has, whoever asks: keys, quotas, headers for other origins, advice."""

from datetime import timedelta

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.utils import timezone

from parvis.core.engine import QueryTimeout, QueryTooLarge
from parvis.hub.accounts.factories import make_member, make_organisation, make_person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.models import ApiKey
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.services import create_key, revoke_key
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import rename_dataset
from parvis.hub.quotas import metering
from parvis.web.api.explore.tests.conftest import API

pytestmark = pytest.mark.django_db

RECORDS = f"{API}/catalog/datasets/equipements/records"
METHODS = "POST, GET, OPTIONS"
ALLOWED = (
    "Authorization, X-Requested-With, Origin, ODS-API-Analytics-App, ODS-API-Analytics-Embed-Type, "
    "ODS-API-Analytics-Embed-Referrer, ODS-Widgets-Version, Accept"
)
EXPOSED = (
    "ODS-Explore-API-Deprecation, Link, X-RateLimit-Remaining, X-RateLimit-Limit, X-RateLimit-Reset, "
    "X-RateLimit-dataset-Remaining, X-RateLimit-dataset-Limit, X-RateLimit-dataset-Reset"
)


@pytest.fixture(autouse=True)
def fresh_accounts():
    """No account and no counter from another test."""
    for cached in (metering.ledger, metering.limiter):
        cached.cache_clear()
    yield
    for cached in (metering.ledger, metering.limiter):
        cached.cache_clear()


@pytest.fixture
def internal(publish):
    """A dataset for members alone, and its organisation."""
    organisation = make_organisation("Ville")
    return publish(dataset_id="interne", organisation=organisation, access=Access.INTERNAL)


def key_of(person, scope=Scope.READ, **extra) -> str:
    return create_key(actor_of(person), person, "essai", scope=scope, **extra)[1]


def leave(answer) -> None:
    """Hang up, without closing the test's own database."""
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)


def budget(settings, **values) -> None:
    settings.PARVIS = {**settings.PARVIS, **{f"PARVIS_QUOTA_{name}": value for name, value in values.items()}}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", RECORDS, 200),
        ("options", RECORDS, 200),
        ("get", f"{RECORDS}?limit=101", 400),
        ("get", f"{API}/catalog/datasets/nulle-part/records", 404),
        ("get", f"{API}/nulle-part", 404),
        ("post", RECORDS, 405),
        ("get", f"{RECORDS}?apikey=fausse", 401),
    ],
)
def test_other_origins_are_told_the_same_on_successes_errors_and_preflights(client, dataset, method, path, status):
    answer = getattr(client, method)(path)
    assert answer.status_code == status
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Methods"] == METHODS
    assert answer["Access-Control-Max-Age"] == "1000"
    assert set(ALLOWED.split(", ")) <= set(answer["Access-Control-Allow-Headers"].split(", "))
    assert set(EXPOSED.split(", ")) <= set(answer["Access-Control-Expose-Headers"].split(", "))
    assert ("X-RateLimit-Limit" in answer) == (status == 200 and method == "get")


@pytest.mark.parametrize("form", ["Apikey {}", "ApiKey {}", "apikey {}", "Bearer {}", "ApiKey {0}, ApiKey {0}"])
def test_a_key_opens_what_its_owner_reads(client, internal, form):
    secret = key_of(make_member(internal.organisation, Role.READER))
    path = f"{API}/catalog/datasets/interne/records"
    assert client.get(path).status_code == 404
    assert client.get(path, headers={"Authorization": form.format(secret)}).json()["total_count"] == 4
    for name in ("apikey", "access_token"):
        assert client.get(path, {name: secret}).status_code == 200


def test_a_key_for_what_is_public_opens_no_more(client, internal, dataset):
    secret = key_of(make_member(internal.organisation, Role.ADMINISTRATOR), Scope.READ_PUBLIC)
    assert client.get(f"{API}/catalog/datasets/interne/records", {"apikey": secret}).status_code == 404
    assert client.get(RECORDS, {"apikey": secret}).status_code == 200


def test_a_key_tied_to_an_organisation_opens_nothing_elsewhere(client, internal, publish):
    member = make_member(internal.organisation, Role.READER)
    elsewhere = publish(dataset_id="ailleurs", organisation=make_organisation(), access=Access.INTERNAL)
    elsewhere.organisation.memberships.create(person=member, role=Role.READER)
    secret = key_of(member, organisation=elsewhere.organisation)
    assert client.get(f"{API}/catalog/datasets/interne/records", {"apikey": secret}).status_code == 404
    assert client.get(f"{API}/catalog/datasets/ailleurs/records", {"apikey": secret}).status_code == 200


def test_wrong_expired_and_revoked_keys_are_told_apart_from_nothing(client, dataset):
    person = make_person()
    row, revoked = create_key(actor_of(person), person, "révoquée")
    revoke_key(actor_of(person), row)
    old, expired = create_key(actor_of(person), person, "ancienne", expires=timezone.now() + timedelta(hours=1))
    ApiKey.objects.filter(pk=old.pk).update(expires=timezone.now())
    bodies = set()
    for secret in ("parvis_" + "A" * 43, revoked, expired, "é", "x" * 5000):
        answer = client.get(RECORDS, {"apikey": secret})
        assert answer.status_code == 401
        assert answer.json()["error_code"] == "WrongApiKey"
        assert secret not in answer.content.decode() or secret in ("é",)
        bodies.add(answer.content)
    assert len(bodies) == 1


def test_no_answer_holds_the_key_that_came_in_its_address(client, internal):
    secret = key_of(make_member(internal.organisation, Role.STEWARD))
    rename_dataset(OPERATOR, internal, "renomme")
    base = f"{API}/catalog/datasets"
    for path in (
        f"{base}?include_links=true&limit=1&apikey={secret}",
        f"{base}/renomme/records?include_links=true&limit=1&api%6Bey={secret}",
        f"{base}/interne/records?include_links=true&limit=1&apikey={secret}",
        f"{base}/renomme?apikey={secret}",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "links" not in path or "_links" in answer.json()
        text = answer.content.decode() + str(answer.headers)
        assert secret[10:] not in text
        assert "apikey" not in text.lower().replace("apikey k", "")


def test_the_quota_is_told_and_kept(client, dataset, settings):
    budget(settings, ANONYMOUS_CALLS=2)
    first, second, third = (client.get(RECORDS) for _n in range(3))
    assert [a["X-RateLimit-Remaining"] for a in (first, second)] == ["1", "0"]
    assert first["X-RateLimit-Limit"] == "2"
    tomorrow = timezone.now().date() + timedelta(days=1)
    if timezone.now().hour < 23:
        assert first["X-RateLimit-Reset"] == f"{tomorrow} 00:00:00+00:00"
    assert third.status_code == 429
    assert {"errorcode", "reset_time", "limit_time_unit", "call_limit", "error", "advice"} <= set(third.json())
    assert third.json()["errorcode"] == 10005
    assert int(third["Retry-After"]) > 0
    assert "X-RateLimit-Limit" not in third
    assert third["Access-Control-Allow-Origin"] == "*"
    by_key = client.get(RECORDS, {"apikey": key_of(make_person(), Scope.READ_PUBLIC)})
    assert by_key.status_code == 200
    assert int(by_key["X-RateLimit-Limit"]) > 2


def test_the_making_of_a_file_counts_and_its_place_comes_back(client, dataset, settings):
    answer = client.get(f"{API}/catalog/datasets/equipements/exports/csv")
    assert metering.limiter()._state.permits
    assert b"Stade des Loges" in b"".join(answer.streaming_content)
    assert not metering.limiter()._state.permits
    leave(client.get(f"{API}/catalog/datasets/equipements/exports/csv"))
    assert not metering.limiter()._state.permits


def test_too_many_files_at_once_are_refused_with_advice(client, dataset):
    path = f"{API}/catalog/datasets/equipements/exports/json"
    streams = [client.get(path) for _n in range(metering.limiter().bounds.streams_of_one)]
    refused = client.get(path)
    assert refused.status_code == 429
    assert refused.json()["error_code"] == "TooManyQuestionsAtOnce"
    assert refused.json()["advice"]
    leave(streams[0])
    streams[0] = client.get(path)
    assert streams[0].status_code == 200
    for stream in streams:
        leave(stream)


@pytest.mark.parametrize("error", [QueryTimeout(seconds="20"), QueryTooLarge()], ids=["late", "large"])
def test_a_question_too_hard_is_a_question_to_change_not_a_failure(client, dataset, monkeypatch, error):
    def too_hard(*_args, **_named):
        raise error

    monkeypatch.setattr("parvis.hub.datastore.elsewhere.records", too_hard)
    answer = client.get(RECORDS, {"where": "places > 12345"})
    assert answer.status_code == 400
    assert answer.json()["error_code"] == type(error).__name__
    assert "filter" in answer.json()["advice"]


def test_a_private_portal_answers_401_in_the_envelope_and_opens_to_keys(client, dataset, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_PRIVATE": True}
    for path in (RECORDS, f"{API}/catalog/datasets", f"{API}/", f"{API}/nulle-part"):
        answer = client.get(path)
        assert answer.status_code == 401, path
        assert set(answer.json()) == {"error_code", "message"}
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert client.options(RECORDS).status_code == 200
    assert client.get(RECORDS, {"apikey": key_of(make_person())}).status_code == 200
    client.force_login(make_person())
    assert client.get(RECORDS).status_code == 200


@pytest.mark.parametrize("lang", ["fr\r\nX-Autre: oui", "é", "xx", ""])
def test_no_header_is_made_of_a_language_we_do_not_speak(client, dataset, lang):
    answer = client.get(RECORDS, {"lang": lang})
    assert answer.status_code == (400 if lang else 200)
    assert answer["Content-Language"] == "fr"
