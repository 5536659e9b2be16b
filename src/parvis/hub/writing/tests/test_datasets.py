"""A program makes a dataset, changes its card beside people, publishes and withdraws it."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.services import update_card

pytestmark = pytest.mark.django_db


def test_a_draft_is_made_changed_and_told_in_the_journal(write, steward):
    made = write("POST", "/datasets", {"title": "Arbres d’alignement", "organisation": "ville", "keywords": ["arbre"]})
    assert made.status_code == 200, made.content
    card = made.json()
    assert (card["dataset_id"], card["status"], made["ETag"]) == (
        "arbres-d-alignement",
        "draft",
        f'"{card["revision"]}"',
    )
    changed = write(
        "PATCH", f"/datasets/{card['dataset_id']}", {"source": "Espaces verts", "temporal_start": "2024-01-01"}
    )
    assert (changed.json()["source"], changed.json()["keywords"]) == ("Espaces verts", ["arbre"])
    entry = Entry.objects.filter(action="dataset.update").latest("pk")
    assert (entry.person, entry.target) == (steward, "arbres-d-alignement")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"licence": "inconnue"}, "licence"),
        ({"contact_email": "pas une adresse"}, "contact_email"),
        ({"themes": ["inconnu"]}, "themes"),
        ({"territories": ["commune:99999"]}, "territories"),
        ({"title": None}, "title"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"inconnu": 1}, "inconnu"),
        ({"keywords": ["a"] * 31}, "keywords"),
        ({"keywords": "arbre"}, "keywords"),
        ({"as_told": {}}, "as_told"),
        ({"inspire": {"themes": ["zz"]}}, "themes"),
        ({"inspire": {"limits": ["noLimitations", "a"]}}, "limits"),
        ({"inspire": {"scale": 0}}, "scale"),
        ({"inspire": {"inconnu": 1}}, "inconnu"),
        ({"closure": ["caprice"]}, "caprice"),
        ({"fields": {"code": {"annotations": {"multivalued": ","}}}}, "annotations"),
    ],
)
def test_what_will_not_do_is_said_by_its_name_and_changes_nothing(write, places, body, name):
    before = write("GET", "/datasets/places").json()
    answer = write("PATCH", "/datasets/places", body)
    assert answer.status_code == 400
    assert name in answer.json()["message"]
    assert write("GET", "/datasets/places").json() == before


def test_words_of_a_column_are_added_to_those_that_people_gave(write, places):
    update_card(OPERATOR, places, {"fields": {"code": {"label": "Code INSEE"}, "nom": {"label": "Commune"}}})
    fields = write("PATCH", "/datasets/places", {"fields": {"code": {"unit": "u"}, "nom": {"label": None}}}).json()[
        "fields"
    ]
    assert fields == {"code": {"label": "Code INSEE", "unit": "u"}, "nom": {}}


def test_the_inspire_description_is_changed_name_by_name(write, places):
    first = {"scope": True, "themes": ["ad"], "scale": 500, "crs": "2154"}
    assert write("PATCH", "/datasets/places", {"inspire": first}).json()["inspire"] == {**first, "crs": "EPSG:2154"}
    after = write("PATCH", "/datasets/places", {"inspire": {"scale": None, "limits": ["a"]}}).json()["inspire"]
    assert after == {"scope": True, "themes": ["ad"], "crs": "EPSG:2154", "limits": ["a"]}
    assert write("PATCH", "/datasets/places", {"inspire": None}).json()["inspire"] == {}
    closed = write("PATCH", "/datasets/places", {"closure": ["personal"], "closure_note": "Noms.", "hvd_refused": True})
    assert (closed.json()["closure"], closed.json()["closure_note"], closed.json()["hvd_refused"]) == (
        ["personal"], "Noms.", True,
    )  # fmt: skip


@pytest.mark.parametrize(("name", "present"), [("themes", "administration"), ("hvd", "statistiques")])
def test_a_word_of_no_list_is_refused_with_the_words_of_the_list(write, places, name, present):
    answer = write("PATCH", "/datasets/places", {name: [present, "nulle-part"]})
    assert answer.status_code == 400
    assert "« nulle-part »" in answer.json()["message"] and f" {present}" in answer.json()["message"]


def test_a_change_over_somebody_elses_is_refused_and_tells_who_changed_what(write, places):
    etag = write("GET", "/datasets/places")["ETag"]
    update_card(OPERATOR, places, {"source": "Voirie", "frequency": "annual"})
    answer = write("PATCH", "/datasets/places", {"title": "Autre"}, If_Match=etag)
    assert (answer.status_code, answer.json()["error_code"]) == (412, "card-conflict")
    assert "frequency, source" in answer.json()["message"] and OPERATOR.name in answer.json()["message"]
    again = write("PATCH", "/datasets/places", {"title": "Autre"}, If_Match=answer["ETag"])
    assert (again.status_code, again.json()["title"], again.json()["source"]) == (200, "Autre", "Voirie")
    assert (
        write(
            "PATCH", "/datasets/places", {"title": "x"}, If_Match="n’importe quoi".encode().decode("latin-1")
        ).status_code
        == 412
    )
    assert write("DELETE", "/datasets/places", If_Match=etag).status_code == 412
    assert write("PATCH", "/datasets/places", {"title": "x"}, If_Match="*").status_code == 200


def test_a_dataset_is_withdrawn_thrown_away_taken_back_and_published_again(write, places, client):
    page = "/api/explore/v2.1/catalog/datasets/places"
    assert client.get(page).status_code == 200
    assert write("DELETE", "/datasets/places/publication").json()["status"] == "unpublished"
    assert client.get(page).status_code == 404
    assert write("DELETE", "/datasets/places/publication").json()["status"] == "unpublished"
    assert write("DELETE", "/datasets/places").json()["status"] == "deleted"
    assert write("POST", "/datasets/places/restore").json()["status"] == "unpublished"
    assert write("PUT", "/datasets/places/publication", {}).json()["status"] == "published"
    assert client.get(page).status_code == 200
    assert write("PUT", "/datasets/places/access", {"access": "internal"}).json()["access"] == "internal"
    assert client.get(page).status_code == 404
    assert write("PUT", "/datasets/places/access", {"access": "restricted", "groups": ["Absent"]}).status_code == 404


def test_what_is_not_whole_is_not_published_and_says_what_is_missing(write):
    write("POST", "/datasets", {"title": "Vide", "organisation": "ville", "dataset_id": "vide"})
    answer = write("PUT", "/datasets/vide/publication", {})
    assert (answer.status_code, answer.json()["error_code"]) == (400, "dataset-incomplete")
    english = write("PUT", "/datasets/vide/publication", {}, Accept_Language="en")
    assert english.json()["message"] != answer.json()["message"]


def test_a_dataset_follows_a_schema_and_takes_another_name(write, places):
    card = write("PUT", "/datasets/places/schema", {"schema": "scdl/subventions"}).json()
    assert card["schema"] == "scdl/subventions"
    assert write("PUT", "/datasets/places/schema", {"schema": "scdl/absent"}).status_code in (400, 404, 422)
    assert write("PUT", "/datasets/places/schema", {"schema": None}).json()["schema"] is None
    assert write("PUT", "/datasets/places/identifier", {"dataset_id": "É"}).status_code == 400
    for _time in range(2):
        renamed = write("PUT", "/datasets/places/identifier", {"dataset_id": "stationnement"}).json()
        assert renamed["dataset_id"] == "stationnement"


def test_a_card_is_translated_part_by_part_and_a_language_taken_back(write, places):
    english = {"title": "Places", "fields": {"code": {"label": "Code"}, "nom": {"label": "Name"}}}
    card = write("PATCH", "/datasets/places", {"translations": {"en": english, "de": {"title": "Orte"}}}).json()
    assert card["translations"]["en"]["fields"] == english["fields"]
    changes = {"en": {"keywords": ["place"], "fields": {"nom": None}}, "de": None}
    card = write("PATCH", "/datasets/places", {"translations": changes}).json()
    entry = card["translations"]["en"]
    assert (entry["title"], entry["keywords"], entry["fields"]) == ("Places", ["place"], {"code": {"label": "Code"}})
    assert list(card["translations"]) == ["en"]
    for wrong in (
        {"anglais": {"title": "x"}},
        {"en": {"title": "x" * 201}},
        {"en": {"unit": "x"}},
        {"en": {"sources": {}}},
    ):
        answer = write("PATCH", "/datasets/places", {"translations": wrong})
        assert answer.status_code in (400, 422), wrong
    assert write("GET", "/datasets/places").json()["translations"] == card["translations"]
