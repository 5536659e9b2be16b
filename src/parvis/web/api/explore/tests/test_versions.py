"""``version=``: reading a dataset as it was (an extension of Parvis)."""

from __future__ import annotations

import pytest

from parvis.core.engine.factories import make_version
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_version as make_row
from parvis.hub.catalogue.services import publish as publish_dataset
from parvis.hub.datastore.factories import versions_folder
from parvis.web.api.explore.tests.conftest import COLUMNS, ROWS

pytestmark = pytest.mark.django_db
BASE = "/api/explore/v2.1/catalog/datasets/equipements"


@pytest.fixture
def former(dataset) -> str:
    """The name of the first version of a dataset that has a second one, of one row."""
    first, second = dataset.current.name, make_row(dataset, rows=1)
    make_version(versions_folder(dataset.uid) / second.name, COLUMNS, ROWS[:1])
    publish_dataset(OPERATOR, dataset, second)
    return first


def test_records_facets_and_exports_are_read_at_the_version_named(client, former, body):
    parameters = {"version": former}
    assert client.get(f"{BASE}/records").json()["total_count"] == 1
    assert client.get(f"{BASE}/records", parameters).json()["total_count"] == 4
    counts = client.get(f"{BASE}/facets", {**parameters, "facet": "commune"}).json()["facets"][0]["facets"]
    assert [row["count"] for row in counts] == [2, 1]
    assert len(body(client.get(f"{BASE}/exports/jsonl", parameters)).splitlines()) == 4


@pytest.mark.parametrize("path", ["/records", "/facets", "/exports/csv"])
def test_an_unknown_version_is_not_found_by_name(client, former, path):
    response = client.get(BASE + path, {"version": "../../nimporte"})
    assert response.status_code == 404
    assert response.json() == {
        "error_code": "NotFoundResource",
        "message": "The requested version ../../nimporte does not exist.",
    }


def test_the_version_of_another_dataset_is_not_found(client, former, publish):
    publish(dataset_id="autre")
    assert client.get("/api/explore/v2.1/catalog/datasets/autre/records", {"version": former}).status_code == 404
