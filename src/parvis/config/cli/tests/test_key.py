"""``parvis key``."""

import re

import pytest

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import Role
from parvis.hub.catalogue.factories import make_dataset

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_member(make_organisation("Évry"), Role.CONTRIBUTOR, email="ada@evry.example")


def test_a_key_is_made_listed_and_revoked(parvis, person, client):
    made = parvis("key", "create", "--person", "ada@evry.example", "--name", "script", "--expires", "30", "--json")
    assert made.status == 0
    secret = made.facts["key"]
    assert made.facts["live"]
    assert client.get("/api/explore/v2.1/", {"apikey": secret}).status_code == 200
    listed = parvis("key", "list", "--json")
    assert [row["id"] for row in listed.facts] == [made.facts["id"]]
    assert secret not in listed.out
    assert listed.facts[0]["last_used"]
    assert secret not in parvis("key", "list", "--person", "ada@evry.example").out
    revoked = parvis("key", "revoke", made.facts["start"] + "…", "--json")
    assert not revoked.facts["live"]
    assert client.get("/api/explore/v2.1/", {"apikey": secret}).status_code == 401


def test_a_person_reads_the_key_once(parvis, person):
    out = parvis("key", "create", "--person", "ada@evry.example", "--name", "script").out
    assert re.search(r"affichée cette seule fois\) : parvis_[\w-]{43}\n", out)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("create", "--person", "inconnue@evry.example", "--name", "x"), "not-found"),
        (("create", "--person", "ada@evry.example", "--name", " "), "api-key-name"),
        (("create", "--person", "ada@evry.example", "--name", "x", "--expires", "bientôt"), "key-date"),
        (("create", "--person", "ada@evry.example", "--name", "x", "--expires", "2001-01-01"), "api-key-expiry"),
        (("revoke", "parvis_nulle"), "not-found"),
        (("revoke", "99999"), "not-found"),
    ],
)
def test_nonsense_is_refused_by_name(parvis, person, words, code):
    run = parvis("key", *words, "--json")
    assert run.status == 1
    assert run.facts["error"]["code"] == code


def test_a_key_that_writes_is_made_for_some_datasets_until_a_day(parvis, person):
    town = person.memberships.get().organisation
    make_dataset(town, dataset_id="arbres")
    words = (
        "key",
        "create",
        "--person",
        person.email,
        "--name",
        "nuit",
        "--scope",
        "write",
        "--organisation",
        town.slug,
    )
    made = parvis(*words, "--expires", "90", "--dataset", "arbres", "--json").facts
    assert (made["scope"], made["datasets"], made["live"]) == ("write", ["arbres"], True)
    for more, code in (((), "api-key-no-expiry"), (("--expires", "90", "--dataset", "absent"), "not-found")):
        assert parvis(*words, *more, "--json").facts["error"]["code"] == code
