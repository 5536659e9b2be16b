"""The national service, stood in for by one on this machine: what is asked, what is remembered, what becomes of its failures."""

from __future__ import annotations

import pytest

from parvis.core.transforms.preparation.national import address_key
from parvis.hub.geocoding import services
from parvis.hub.geocoding.models import GeocodedAddress
from parvis.hub.geocoding.services import GeocodingUnavailable, NoGeocodingService, answers_for
from parvis.hub.geocoding.tests.address_server import address_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(settings, monkeypatch):
    with address_service(settings, monkeypatch) as server:
        yield server


def parts(text: str, postcode: str = "", city: str = "", code: str = ""):
    return (text, postcode, city, code)


def test_each_address_is_asked_once_and_remembered_without_being_kept(service):
    rows = [
        parts("1 rue d’Éva", "75004", "Paris", "75104"),
        parts("rue inconnue"),
        parts("rue folle"),
        parts("1 rue d’Éva", "75004", "Paris", "75104"),
    ]
    first = answers_for(rows)
    assert first.places[address_key(rows[0])] == {
        "latitude": "48.850000", "longitude": "2.350000", "score": "0.94", "level": "housenumber", "label": "« 1 rue d’Éva 75004 Paris »",
        "postcode": "75004", "city": "Paris", "city_code": "75104",
    }  # fmt: skip
    assert (first.places[address_key(rows[1])], first.places[address_key(rows[2])]) == (None, None)
    assert [row["codeinsee"] for row in service.batches[0]] == ["75104", "", ""]
    assert 'name="citycode"' in service.forms[0]
    assert "Éva" not in "".join(GeocodedAddress.objects.values_list("key", flat=True))
    assert answers_for([*rows, parts("nouvelle")]).places.keys() > first.places.keys()
    assert [[row["adresse"] for row in batch] for batch in service.batches[1:]] == [["nouvelle"]]


@pytest.mark.parametrize("troubles", [["429"], ["500", "503", "429"], ["closed"], ["short"], ["html"]])
def test_a_service_that_stumbles_is_asked_again_until_every_address_is_answered(service, troubles):
    service.troubles = list(troubles)
    rows = [parts(f"{rank} rue") for rank in range(40)]
    places = answers_for(rows).places
    assert all(places[address_key(row)] for row in rows)


def test_an_address_that_the_service_refuses_is_one_without_an_answer_and_the_others_have_theirs(service):
    rows = [parts(f"{rank} rue") for rank in range(7)] + [parts("adresse refusée")]
    places = answers_for(rows).places
    assert places[address_key(rows[-1])] == {}
    assert all(places[address_key(row)] for row in rows[:-1])
    assert GeocodedAddress.objects.count() == 7  # what had no answer is asked again the next time


def test_what_was_answered_before_a_failure_is_not_asked_again(service, monkeypatch):
    monkeypatch.setattr(services, "BATCH", 10)
    rows = [parts(f"{rank} rue") for rank in range(30)]
    service.troubles = ["", *["500"] * services.ATTEMPTS]
    with pytest.raises(GeocodingUnavailable, match="500"):
        answers_for(rows)
    assert GeocodedAddress.objects.count() == 10
    service.batches.clear()
    answers_for(rows)
    assert sum(map(len, service.batches)) == 20


def test_a_preview_sends_few_addresses_and_an_instance_without_a_service_none(service, settings):
    rows = [parts(f"{rank} rue") for rank in range(30)]
    some = answers_for(rows, most=5)
    assert (len(some.places), some.is_partial, sum(map(len, service.batches))) == (5, True, 5)
    settings.PARVIS = {**settings.PARVIS, "PARVIS_GEOCODING_API": ""}
    with pytest.raises(NoGeocodingService):
        answers_for(rows)
