"""What counts as a key, and what it makes of its owner."""

import pytest

from parvis.core.errors import Forbidden
from parvis.hub.accounts.rules import Actor, Role, may, require
from parvis.hub.apikeys.rules import Scope, credential_of, narrowed, new_secret


@pytest.mark.parametrize(
    ("header", "parameters", "secret"),
    [
        ("Apikey k1", [], "k1"),
        ("ApiKey k1", [], "k1"),
        ("apikey   k1 ", [], "k1"),
        ("APIKEY k1, ApiKey k2", [], "k1"),
        ("ApiKey k1,ApiKey k1", ["k3"], "k1"),
        ("Bearer k1", [], "k1"),
        ("", ["k3"], "k3"),
        ("", ["", " ", "k4"], "k4"),
        ("Basic dXNlcjpwYXNz", [], None),
        ("Basic dXNlcjpwYXNz", ["k3"], "k3"),
        ("Apikey ", [""], None),
        ("Apikey", [], None),
        ("", [], None),
    ],
)
def test_a_key_is_read_from_the_header_then_from_the_address(header, parameters, secret):
    credential = credential_of(header, parameters)
    assert (credential.secret if credential else None) == secret


def test_a_credential_never_prints_its_secret():
    assert "k1" not in repr(credential_of("Apikey k1", []))


def test_secrets_are_long_and_all_different():
    made = {new_secret() for _n in range(200)}
    assert len(made) == 200
    assert all(secret.startswith("parvis_") and len(secret) == 50 for secret in made)


OWNER = Actor("Ada", 7, everything=False, roles={1: Role.ADMINISTRATOR, 2: Role.READER}, groups=frozenset({5}))


def test_a_key_for_what_is_public_has_no_role_left():
    actor = narrowed(OWNER, Scope.READ_PUBLIC, None)
    assert (actor.roles, actor.groups, actor.everything) == ({}, frozenset(), False)
    assert actor.person_id == 7


def test_a_key_tied_to_an_organisation_has_the_role_there_alone():
    actor = narrowed(OWNER, Scope.READ, 2)
    assert actor.roles == {2: Role.READER}
    assert actor.groups == frozenset()
    assert not narrowed(Actor("Root", 1, everything=True), Scope.READ, 2).everything


def test_a_reading_key_sees_as_its_owner_and_writes_nothing():
    actor = narrowed(OWNER, Scope.READ, None)
    assert may(actor, "edit", 1)
    for action in ("edit", "publish", "administer"):
        with pytest.raises(Forbidden):
            require(actor, action, 1, "écrire")
    with pytest.raises(Forbidden):
        require(narrowed(Actor("Root", 1, everything=True), Scope.READ, None), "publish", None, "écrire")
