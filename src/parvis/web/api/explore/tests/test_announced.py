"""Datasets that one may know of and not read (specification, section 2)."""

from __future__ import annotations

import json

import pytest
import rdflib
from rdflib.namespace import DCAT

from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import bump_revision

pytestmark = pytest.mark.django_db
API = "/api/explore/v2.1/catalog"
ONE = f"{API}/datasets/sur-demande"


@pytest.fixture
def announced(publish):
    """A dataset whose data is open to some, and that everybody may know of."""
    dataset = publish(dataset_id="sur-demande", title="Sur demande", access=Access.RESTRICTED)
    dataset.announced = True
    dataset.save()
    bump_revision()
    return dataset


def test_its_object_says_that_its_data_is_not_visible(client, announced):
    (listed,) = client.get(f"{API}/datasets").json()["results"]
    for body in (listed, client.get(ONE).json()):
        assert (body["visibility"], body["data_visible"]) == ("restricted", False)
        assert body["metas"]["default"]["title"] == "Sur demande"
        assert body["metas"]["default"]["records_count"] is None


@pytest.mark.parametrize(
    "path", ["/records", "/records/x", "/facets", "/exports", "/exports/csv", "/attachments", "/files/x"]
)
def test_its_rows_and_documents_are_forbidden(client, announced, path):
    response = client.get(ONE + path)
    assert response.status_code == 403
    assert response.json() == {
        "error_code": "ForbiddenAccess",
        "message": "You don't have permission to access the requested resource",
    }


def test_catalogues_of_others_read_no_file_of_it(client, announced, body):
    graph = rdflib.Graph().parse(data=body(client.get(f"{API}/exports/dcat")), format="xml")
    dataset = rdflib.URIRef("http://testserver/explore/dataset/sur-demande/")
    assert (None, DCAT.dataset, dataset) in graph
    assert list(graph.objects(dataset, DCAT.distribution)) == []
    (entry,) = json.loads(body(client.get(f"{API}/exports/data.json")))["dataset"]
    assert (entry["accessLevel"], entry["distribution"]) == ("restricted public", [])
