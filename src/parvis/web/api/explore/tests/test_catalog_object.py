"""``/catalog/datasets/{id}``: one dataset object (specification, sections 4.4, 6 and 10.1)."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.attachments import add_attachment
from parvis.hub.catalogue.services import update_card

pytestmark = pytest.mark.django_db
API = "/api/explore/v2.1"
OBJECT = f"{API}/catalog/datasets/epines"

DEFAULT = [
    "title",
    "description",
    "theme",
    "keyword",
    "license",
    "license_url",
    "language",
    "metadata_languages",
    "timezone",
    "modified",
    "modified_updates_on_metadata_change",
    "modified_updates_on_data_change",
    "data_processed",
    "metadata_processed",
    "geographic_reference",
    "geographic_reference_auto",
    "territory",
    "geometry_types",
    "bbox",
    "publisher",
    "references",
    "records_count",
    "attributions",
    "source_domain",
    "source_domain_title",
    "source_domain_address",
    "source_dataset",
    "shared_catalog",
    "federated",
    "parent_domain",
    "update_frequency",
]
DCAT = [
    "created",
    "issued",
    "creator",
    "contributor",
    "contact_name",
    "contact_email",
    "accrualperiodicity",
    "spatial",
    "temporal",
    "granularity",
    "dataquality",
    "publisher_type",
    "conforms_to",
    "temporal_coverage_start",
    "temporal_coverage_end",
    "accessRights",
    "relation",
]


def test_each_metadata_is_there_null_when_nothing_is_known(client, thorns):
    metas = client.get(OBJECT).json()["metas"]
    assert list(metas) == ["dcat", "default", "custom"]
    assert list(metas["default"]) == DEFAULT
    assert list(metas["dcat"]) == DCAT
    assert metas["default"]["timezone"] is None
    assert metas["dcat"]["temporal"] is None


def test_metadata_have_the_types_clients_read(client, thorns):
    default = client.get(OBJECT).json()["metas"]["default"]
    assert default["metadata_languages"] == ["fr"]
    assert default["federated"] is False
    assert default["records_count"] == 4
    assert default["modified"].endswith("+00:00")


def test_metadata_of_the_application_are_shown_when_asked_for(client, thorns):
    metas = client.get(OBJECT, {"include_app_metas": "True"}).json()["metas"]
    assert list(metas) == ["dcat", "default", "custom", "explore", "parvis"]
    assert metas["parvis"]["version"] == thorns.current.name


def test_metadata_of_a_portal_are_its_own_template(client, thorns):
    update_card(OPERATOR, thorns, {"custom": {"data-owner": "Parcs"}})
    assert client.get(OBJECT).json()["metas"]["custom"] == {"data-owner": "Parcs"}


def test_words_of_closed_lists_follow_the_language_asked(client, thorns):
    update_card(OPERATOR, thorns, {"themes": ["environnement"], "frequency": "annual"})
    defaults = {lang: client.get(OBJECT, {"lang": lang}).json()["metas"]["default"] for lang in ("fr", "en", "de")}
    assert [defaults[lang]["theme"] for lang in defaults] == [
        ["Environnement et climat"],
        ["Environment and climate"],
        ["Environnement et climat"],
    ]
    assert defaults["en"]["update_frequency"] == "Yearly"
    assert client.get(OBJECT, {"lang": "en"})["Content-Language"] == "en"


def test_the_kind_of_a_publisher_is_told_in_the_language_asked_whatever_the_browser_prefers(client, thorns):
    Organisation.objects.update(kind=Organisation.Kind.STATE)
    answers = [
        client.get(OBJECT, {"lang": lang}, headers={"Accept-Language": browser}).json()["metas"]["dcat"]
        for lang in ("fr", "en")
        for browser in ("en", "fr")
    ]
    french, english = "État et ses établissements", "State and its agencies"
    assert [answer["publisher_type"] for answer in answers] == [french, french, english, english]


def test_fields_and_features_tell_what_the_columns_hold(client, thorns):
    body = client.get(OBJECT).json()
    fields = {field["name"]: field for field in body["fields"]}
    assert fields["tags"]["annotations"] == {"multivalued": ",", "facet": True, "disjunctive": True}
    assert fields["1_uai"] == {
        "name": "1_uai",
        "label": "Établissement",
        "type": "text",
        "description": None,
        "annotations": {},
    }
    assert body["features"] == ["analyze", "timeserie", "geo", "image"]
    assert body["dataset_uid"].startswith("da_") and len(body["dataset_uid"]) == 9
    assert (body["visibility"], body["has_records"], body["data_visible"]) == ("domain", True, True)
    assert body["alternative_exports"] == []


def test_an_attachment_is_told_with_its_absolute_address(client, thorns):
    add_attachment(OPERATOR, thorns, "Méthode", "methode.txt", ContentFile(b"comment"))
    (attachment,) = client.get(OBJECT).json()["attachments"]
    assert attachment == {
        "id": "methode-txt",
        "title": "Méthode",
        "mimetype": "text/plain; charset=utf-8",
        "url": f"http://testserver{OBJECT}/attachments/methode-txt",
    }


def test_links_are_there_when_asked_for_only(client, thorns):
    assert "_links" not in client.get(OBJECT).json()
    links = client.get(OBJECT, {"include_links": "true"}).json()["_links"]
    assert links[0] == {"rel": "self", "href": f"http://testserver{OBJECT}"}
    assert {link["rel"] for link in links} <= {"self", "first", "last", "next", "dataset", "catalog"}


@pytest.mark.parametrize("name", ["inconnu", "nom@ailleurs.fr", "nom%40ailleurs.fr"])
def test_an_unknown_or_federated_dataset_is_not_found(client, db, name):
    response = client.get(f"{API}/catalog/datasets/{name}")
    assert response.status_code == 404
    assert response.json() == {
        "error_code": "NotFoundResource",
        "message": f"The requested dataset {name.replace('%40', '@')} does not exist.",
    }
    assert response["Content-Type"] == "application/json"
    assert response.content.startswith(b'{\n  "error_code"')


def test_a_final_slash_changes_nothing_and_nothing_redirects(client, thorns):
    assert client.get(OBJECT).content == client.get(f"{OBJECT}/").content


def test_the_accept_header_is_never_looked_at(client, thorns):
    for accept in ("application/json; charset=utf-8json", "text/html", "x"):
        assert client.get(OBJECT, headers={"accept": accept}).status_code == 200


def test_metadata_stay_in_the_words_they_came_in_as_long_as_nobody_says_otherwise(client, thorns):
    sidecar = {
        "default": {
            "license": "Licence Ouverte v2.0",
            "license_slug": "lov2",
            "attributions": ["A", "B"],
            "timezone": "Europe/Paris",
        },
        "dcat": {"creator": "Cabinet Dupont", "spatial": "Île-de-France"},
    }
    update_card(OPERATOR, thorns, {"as_told": sidecar, "source": "A ; B", "licence": "lov2"})
    metas = client.get(OBJECT).json()["metas"]
    assert (metas["default"]["license"], metas["default"]["attributions"]) == ("Licence Ouverte v2.0", ["A", "B"])
    assert metas["default"]["timezone"] == "Europe/Paris"
    assert (metas["dcat"]["creator"], metas["dcat"]["spatial"]) == ("Cabinet Dupont", "Île-de-France")
    update_card(OPERATOR, thorns, {"licence": "odbl", "source": "C"})
    default = client.get(OBJECT).json()["metas"]["default"]
    assert default["license"] == "Open Database License (ODbL) 1.0"
    assert default["attributions"] == ["C"]
