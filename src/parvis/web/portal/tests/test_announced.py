"""Data on request: everybody may know that it exists, and nothing more."""

import pytest
from django.test import Client

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version as make_folder
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue import selectors
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Attachment, Version
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import rename_dataset, set_access, unpublish
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.privacy.services import decide
from parvis.hub.search.rules import SearchRequest
from parvis.hub.search.selectors import search

pytestmark = pytest.mark.django_db

API = "/api/explore/v2.1/catalog"
VALUES = (b"Malraux", b"47128", b"2.4312")


@pytest.fixture
def announced():
    dataset = make_dataset(
        make_organisation("Ville"), dataset_id="aides", title="Aides versées", access=Access.INTERNAL
    )
    columns = [
        Column("nom", "Nom", ColumnType.TEXT, annotations={"facet": True}),
        Column("montant", "Montant", ColumnType.INT),
        Column("lieu", "Lieu", ColumnType.GEO_POINT),
    ]
    make_folder(
        versions_folder(dataset.uid) / dataset.current.name, columns, [("Malraux", 47128, "POINT(2.4312 48.6)")]
    )
    Version.objects.filter(pk=dataset.current.pk).update(rows=4711, has_geometry=True)
    Attachment.objects.create(dataset=dataset, slug="notice", title="Notice", file="x", mimetype="a/b", bytes=1)
    set_access(OPERATOR, dataset, Access.INTERNAL, [], [], announced=True)
    return selectors.dataset(OPERATOR, "aides")


def test_rules_and_lists_say_the_same(announced):
    assert list(selectors.datasets_announced_to(ANONYMOUS)) == [announced]
    assert list(selectors.datasets_visible_to(ANONYMOUS)) == []
    with pytest.raises(selectors.DataOnRequest):
        selectors.public_dataset(ANONYMOUS, "aides")
    member = actor_of(make_member(announced.organisation, Role.READER))
    assert selectors.public_dataset(member, "aides") == announced


def test_nothing_is_announced_once_it_is_withdrawn_or_public(announced):
    why = "Des aides versées à des organismes, sans personne nommée."
    decide(OPERATOR, announced, announced.current, ground="not-personal", explanation=why)
    set_access(OPERATOR, announced, Access.PUBLIC, [], [], announced=True)
    assert not announced.announced
    set_access(OPERATOR, announced, Access.INTERNAL, [], [], announced=True)
    unpublish(OPERATOR, announced)
    assert announced.status == Status.UNPUBLISHED
    assert not selectors.datasets_announced_to(ANONYMOUS).exists()
    assert Client().get(f"{API}/datasets/aides").status_code == 404


def test_the_object_says_that_the_data_is_not_visible_and_tells_nothing_of_it(client, announced):
    listed = client.get(f"{API}/datasets").json()
    alone = client.get(f"{API}/datasets/aides", {"include_app_metas": "true"}).json()
    assert listed["total_count"] == 1
    for body in (listed["results"][0], alone):
        assert body["data_visible"] is False
        assert [field["name"] for field in body["fields"]] == ["nom", "montant", "lieu"]
        assert body["metas"]["default"]["title"] == "Aides versées"
        assert body["metas"]["default"]["records_count"] is None
        assert body["metas"]["default"]["bbox"] is None
        assert body["attachments"] == []
        assert "4711" not in str(body)
    client.force_login(make_member(announced.organisation, Role.READER))
    mine = client.get(f"{API}/datasets/aides").json()
    assert mine["data_visible"] is True
    assert mine["metas"]["default"]["records_count"] == 1


@pytest.mark.parametrize(
    "end",
    [
        "records",
        "facets",
        "exports",
        "exports/csv",
        "exports/geojson",
        "attachments",
        "attachments/notice",
        "records/1",
    ],
)
def test_its_rows_and_documents_are_forbidden_by_name(client, announced, end):
    answer = client.get(f"{API}/datasets/aides/{end}")
    assert answer.status_code == 403
    assert answer.json()["error_code"] == "ForbiddenAccess"
    assert not any(value in answer.content for value in VALUES)


def test_its_map_is_forbidden_too(client, announced):
    for path in ("/tiles/aides/layer.json", "/tiles/aides/0/0/0.mvt"):
        assert client.get(path).status_code == 403, path


def test_its_page_says_whom_to_ask_and_shows_no_row(client, announced):
    assert client.get("/explore/dataset/aides/").status_code == 302
    answer = client.get("/explore/dataset/aides/information/")
    assert answer.status_code == 200
    assert "Données sur demande" in answer.content.decode()
    assert "montant" in answer.content.decode()
    assert "4711" not in answer.content.decode()
    assert not any(value in answer.content for value in VALUES)
    for tab in ("table", "map", "export", "api", "attachments/notice"):
        closed = client.get(f"/explore/dataset/aides/{tab}/")
        assert closed.status_code == 403, tab
        assert not any(value in closed.content for value in VALUES)


def test_a_search_finds_it_without_counting_its_rows(client, announced):
    assert search(ANONYMOUS, SearchRequest("aides")).datasets == ()
    datasets = search(ANONYMOUS, SearchRequest("aides"), announced=True).datasets
    assert [(dataset.dataset_id, dataset.on_request) for dataset in datasets] == [("aides", True)]
    page = client.get("/explore/?q=aides").content.decode()
    assert "Données sur demande" in page
    assert "4 711" not in page.replace("\u202f", " ").replace("\xa0", " ")


def test_its_former_identifier_leads_to_it(client, announced):
    rename_dataset(OPERATOR, announced, "aides-versees")
    assert client.get(f"{API}/datasets/aides").status_code == 301
    assert client.get("/explore/dataset/aides/information/").status_code == 301
