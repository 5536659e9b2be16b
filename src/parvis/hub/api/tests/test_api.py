"""What every operation of the house's API does without saying so: who asks, methods, origins, errors, quotas, description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

import pytest
from django.test import Client

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.api.invalid import what_is_wrong
from parvis.hub.api.schemas import Uri, among, body_of
from parvis.hub.api.tests.addresses import API, Note, NoteList
from parvis.hub.apikeys.services import create_key
from parvis.hub.quotas.metering import ledger

pytestmark = [pytest.mark.django_db, pytest.mark.urls("parvis.hub.api.tests.addresses")]
NOTES, CLOSED = "/api/parvis/v1/notes", "/api/parvis/v1/closed"


@pytest.fixture(autouse=True)
def nobody_has_spent_anything():
    ledger.cache_clear()


@pytest.fixture
def member():
    return make_member(make_organisation(), Role.STEWARD)


def post(client, address=NOTES, body='{"words": "é"}', **headers):
    return client.post(address, body, content_type="application/json", headers=headers)


def code(answer):
    return answer.status_code, answer.json()["error_code"]


def test_a_list_comes_page_by_page(client):
    first = client.get(NOTES).json()
    assert (first["total_count"], len(first["results"]), first["results"][0]) == (250, 100, {"slug": "note-0"})
    assert [row["slug"] for row in client.get(f"{NOTES}?offset=249").json()["results"]] == ["note-249"]
    for wrong in ("x", "-1", "999999999", ""):
        assert client.get(f"{NOTES}?offset={wrong}").json() == first


def test_a_query_set_is_read_for_its_page_alone(django_assert_num_queries):
    for rank in range(3):
        make_organisation(f"Ville {rank}")
    with django_assert_num_queries(2):
        page = NoteList.page(Organisation.objects.order_by("id"), lambda row: Note(slug=row.slug), 2)
    assert (page.total_count, len(page.results)) == (Organisation.objects.count(), Organisation.objects.count() - 2)


def test_json_is_written_as_it_reads(client):
    answer = client.get(f"{NOTES}/note-1")
    assert answer.content == '{"slug": "note-1", "words": "é"}'.encode()
    assert answer["Content-Type"] == "application/json"


def message(answer) -> str:
    """What an error says, its spaces plain."""
    return answer.json()["message"].replace("\xa0", " ")


def test_what_is_wrong_is_told_by_its_kind():
    unknown = [
        {"type": "missing", "loc": ("body", "body", "accept")},
        {"type": "extra_forbidden", "loc": ("body", "body", "accepte")},
    ]
    assert words_of(unknown) == ("accepte", "n’est pas connu")
    choice = {"type": "string_pattern_mismatch", "loc": ("query", "policy"), "ctx": {"pattern": "^(stop|text)$"}}
    assert words_of([choice])[1].endswith("il faut stop, text")
    high = {"type": "less_than_equal", "loc": ("body", "body", "day"), "ctx": {"le": 366}}
    assert words_of([high])[1].endswith("366 au plus")
    assert words_of([{"type": "is_instance_of", "loc": ("body", "body", "a", 0)}]) == (
        "a.0",
        "n’a pas la forme attendue",
    )


def words_of(errors: list[dict]) -> tuple[str, str]:
    name, problem = what_is_wrong(errors)
    return name, problem.text("fr").replace("\xa0", " ")


def test_any_origin_may_read_and_no_cache_keeps_it(client):
    for answer in (client.get(NOTES), client.get(f"{NOTES}/absent"), client.put(NOTES)):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Cache-Control"] == "no-store"
        assert {"Authorization", "Cookie", "Accept-Language"} <= set(answer["Vary"].split(", "))


def test_methods_are_those_declared(client):
    assert client.head(NOTES).status_code == 200
    refused = client.delete(NOTES)
    assert (code(refused), refused["Allow"]) == ((405, "method-not-allowed"), "GET, HEAD, POST, OPTIONS")
    assert client.options(CLOSED)["Allow"] == "GET, HEAD"


def test_pages_of_other_sites_may_ask_first_where_that_is_open(client):
    answer = client.options(NOTES)
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Methods"] == "GET, POST, OPTIONS"
    assert "X-Notes" in answer["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Methods" not in client.get(CLOSED)


def test_every_error_comes_through_the_mapper_of_the_house(client, settings):
    assert client.get(f"{NOTES}/note-13").json() == {"error_code": "misplaced", "message": "Ligne 13.", "line": 13}
    assert code(client.get(f"{NOTES}/absente")) == (404, "not-found")
    assert code(post(client, body='{"words": ')) == (400, "request-invalid")
    wrong = post(client, body='{"words": "é", "count": "trois"}')
    assert code(wrong) == (400, "request-invalid")
    assert message(wrong) == "« count » n’a pas la forme attendue : il faut un nombre entier."
    assert message(post(client, body="{}")) == "« words » manque."
    english = post(client, body="", **{"Accept-Language": "en"})
    assert message(english) == "“body” is missing."
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    assert code(post(client)) == (413, "request-too-large")


def test_a_wrong_key_and_a_private_portal_close_every_operation(client, settings):
    assert code(client.get(NOTES, headers={"Authorization": "Apikey faux"})) == (401, "api-key-wrong")
    settings.PARVIS = {**settings.PARVIS, "PARVIS_PRIVATE": True}
    for address in (NOTES, CLOSED, "/api/parvis/v1/openapi.json"):
        assert client.get(address).status_code == 401


def test_a_session_does_not_write_for_a_page_of_another_site(member):
    client = Client(enforce_csrf_checks=True)
    assert post(client).json()["slug"] == "anonyme"
    client.force_login(member)
    assert code(post(client)) == (403, "csrf")
    assert post(client, "/api/parvis/v1/count").status_code == 200
    assert client.get(NOTES).status_code == 200


def test_a_key_needs_no_proof_of_origin(member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    _key, text = create_key(OPERATOR, member, "essai")
    assert post(client, Authorization=f"Apikey {text}").status_code == 200


def test_every_operation_counts_for_one_call(client, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_QUOTA_ANONYMOUS_CALLS": 2}
    assert [client.get(address).status_code for address in (NOTES, f"{NOTES}/absente", CLOSED)] == [200, 404, 429]
    assert client.get("/api/parvis/v1/openapi.json").status_code == 200


def test_the_description_comes_out_of_what_is_declared(client):
    document = client.get("/api/parvis/v1/openapi.json").json()
    assert document["servers"] == [{"url": "http://testserver/api/parvis/v1"}]
    listing, adding = document["paths"]["/notes"]["get"], document["paths"]["/notes"]["post"]
    assert set(document["paths"]["/notes"]) == {"get", "post"}
    assert listing["parameters"][0]["description"] == "Combien d’éléments passer."
    assert set(listing["responses"]) == {"200", "401", "405", "429", "503"}
    assert set(adding["responses"]) - set(listing["responses"]) == {"400", "403", "413"}
    assert adding["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/Written")
    note = document["components"]["schemas"]["Note"]
    assert (note["required"], note["additionalProperties"]) == (["slug"], False)
    assert "title" not in note and "description" not in note
    assert list(note["properties"]) == ["slug", "words", "properties", "title"]
    assert note["properties"]["properties"]["description"] == "La langue."


@dataclass
class Place:
    name: str
    heights: tuple[float, ...] = ()
    depth: float | None = None
    words: Mapping[str, str] = field(default_factory=dict)


def test_a_body_says_the_attributes_of_a_dataclass_with_their_types():
    schema = body_of("Place", Place, forms={"url": Uri, "name": Annotated[str, among(["Évry"])]}).model_json_schema()
    assert list(schema["properties"]) == ["url", "name", "heights", "depth", "words"]
    assert schema["required"] == ["url", "name"]
    assert (schema["properties"]["url"]["format"], schema["properties"]["name"]["enum"]) == ("uri", ["Évry"])
    assert schema["properties"]["heights"]["items"] == {"type": "number"}


def test_a_body_of_chosen_attributes_is_read_from_the_object_and_leaves_numbers_as_they_are():
    body = body_of("Heights", Place, "heights", "depth").model_validate(Place("Évry", (5, 2.5), 3))
    assert body.model_dump_json() == '{"heights":[5,2.5],"depth":3}'


def test_the_description_speaks_english_too():
    assert API.document("", "en")["components"]["responses"]["Refused404"]["description"] == "Nothing of that name."
    assert API.document("", "fr")["components"]["responses"]["Refused404"]["description"] == "Rien de ce nom."
