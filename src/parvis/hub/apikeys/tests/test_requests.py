"""Who is behind a request."""

import pytest
from django.test import RequestFactory

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.requests import actor_of_request, caller_of, shows_key, without_key_in_address
from parvis.hub.apikeys.rules import Scope, SignInNeeded, WrongKey
from parvis.hub.apikeys.services import create_key, revoke_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_member(make_organisation(), Role.CONTRIBUTOR)


@pytest.fixture
def key(person):
    return create_key(actor_of(person), person, "essai", scope=Scope.READ)


def request(address="/", **headers):
    return RequestFactory().get(address, **headers)


def test_a_key_in_the_header_or_the_address_opens_as_its_owner(key, person):
    row, secret = key
    for http_request in (
        request(HTTP_AUTHORIZATION=f"ApiKey {secret}, ApiKey {secret}"),
        request(HTTP_AUTHORIZATION=f"Bearer {secret}"),
        request(f"/?apikey={secret}"),
        request(f"/?access_token={secret}&limit=1"),
    ):
        caller = caller_of(http_request)
        assert caller.key_id == row.pk
        assert caller.actor.roles == actor_of(person).roles
        assert caller.actor.read_only


def test_a_wrong_key_is_refused_even_to_somebody_signed_in(key, person):
    row, secret = key
    revoke_key(actor_of(person), row)
    http_request = request(HTTP_AUTHORIZATION=f"Apikey {secret}")
    http_request.user = person
    with pytest.raises(WrongKey) as refused:
        actor_of_request(http_request)
    assert refused.value.status == 401


def test_without_a_key_the_session_counts(person):
    http_request = request()
    http_request.user = person
    assert actor_of_request(http_request) == actor_of(person)
    assert actor_of_request(request()) is ANONYMOUS
    assert actor_of_request(request("/?apikey=")) is ANONYMOUS


def test_the_caller_is_looked_for_once_a_request(key, django_assert_max_num_queries):
    http_request = request(HTTP_AUTHORIZATION=f"Apikey {key[1]}")
    with django_assert_max_num_queries(4):
        for _n in range(3):
            actor_of_request(http_request)


def test_a_private_portal_answers_nobody_in_particular(settings, key):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_PRIVATE": True}
    with pytest.raises(SignInNeeded):
        actor_of_request(request())
    assert actor_of_request(request(f"/?apikey={key[1]}")).person_id is not None


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("apikey=K&where=a%3D1&limit=2", "where=a%3D1&limit=2"),
        ("where=a+b&api%6Bey=K", "where=a+b"),
        ("access_token=K", ""),
        ("where=apikey&x=%20", "where=apikey&x=%20"),
        ("a=1&apikey=K&a=2&apikey=L", "a=1&a=2"),
    ],
)
def test_keys_leave_the_address_before_anything_reads_it(written, left):
    seen = []
    http_request = request(f"/?{written}")
    without_key_in_address(lambda r: seen.append((r.META["QUERY_STRING"], r.get_full_path(), shows_key(r))))(
        http_request
    )
    assert seen[0][0] == left
    assert "K" not in seen[0][1]
    assert seen[0][2] == ("K" in written)
