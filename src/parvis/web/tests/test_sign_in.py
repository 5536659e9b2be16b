"""A private portal shows nothing to nobody in particular, at any address that the house has or will have."""

import re

import pytest
from django.urls import URLResolver, get_resolver

from parvis.hub.accounts.factories import make_person
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.services import create_key
from parvis.hub.catalogue.factories import make_dataset
from parvis.web.sign_in import OPEN

pytestmark = pytest.mark.django_db

TITLE = "Arbres de la cour d’honneur"


@pytest.fixture(autouse=True)
def private(settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_PRIVATE": True}
    make_dataset(dataset_id="arbres", title=TITLE)


def _addresses(patterns, prefix=""):
    for entry in patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _addresses(entry.url_patterns, here)
        else:
            yield here


def _filled(template: str) -> str:
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<str:\1>", template)
    plain = re.sub(r"\(\?:.*?\)\??|[\^$]|\\Z", "", plain).replace("/?", "/").replace("\\", "").replace(".*", "x")
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda f: "arbres" if f.group(1) == "dataset_id" else "0", plain)


def test_every_address_asks_for_a_session_or_a_key(client):
    addresses = sorted({_filled(template) for template in _addresses(get_resolver().url_patterns)})
    addresses = [address for address in addresses if not address.startswith((*OPEN, "/documents/"))]
    assert len(addresses) > 60
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code in (301, 302, 401), address
        if answer.status_code != 401:
            assert "/compte/login/" in answer["Location"] or answer.status_code == 301, address


def test_people_are_led_to_sign_in_and_back(client):
    answer = client.get("/explore/?q=arbres")
    assert answer["Location"] == "/compte/login/?next=/explore/%3Fq%3Darbres"
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert TITLE not in page.content.decode()
    client.force_login(make_person())
    assert TITLE in client.get("/explore/?q=arbres").content.decode()


def test_programs_are_told_401_and_come_in_with_a_key(client):
    person = make_person()
    secret = create_key(actor_of(person), person, "essai")[1]
    for address in ("/tiles/arbres/layer.json", "/feed.xml", "/api/explore/v2.1/catalog/datasets"):
        answer = client.get(address)
        assert answer.status_code == 401, address
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert client.get(address, {"apikey": "fausse"}).status_code == 401
    assert client.get("/feed.xml", {"apikey": secret}).status_code == 200
    assert client.get("/api/explore/v2.1/", {"apikey": secret}).status_code == 200


def test_a_portal_that_is_not_private_asks_for_nothing(client, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_PRIVATE": False}
    assert client.get("/explore/").status_code == 200
