"""``metas.explore``: what the portal publishes of the use of its datasets, ordered and filtered like any metadata."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.core.progress import no_progress
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import unpublish
from parvis.hub.publications.services import publish_rows
from parvis.hub.sites.services import main_site
from parvis.hub.usage.publication import DATASET_ID, PUBLICATION
from parvis.hub.usage.rules import Nature, Seen, Subject
from parvis.hub.usage.services import add_counts

pytestmark = pytest.mark.django_db
DATASETS = "/api/explore/v2.1/catalog/datasets"
DAY = date(2026, 11, 25)
NOTHING = {"download_count": None, "api_call_count": None, "popularity_score": None}


def add(day: date, name: str, count: int, nature: Nature, *, robots: bool = False) -> None:
    add_counts({(day, main_site().pk, Seen(nature, Subject.DATASET, name), robots): count}, {})


@pytest.fixture
def used(publish):
    publish(dataset_id="arbres")
    publish(dataset_id="bancs")
    publish(dataset_id="secret", access=Access.RESTRICTED)
    add(date(2026, 10, 2), "arbres", 90, Nature.VIEW)
    add(date(2026, 10, 2), "arbres", 4, Nature.DOWNLOAD)
    add(date(2026, 11, 3), "arbres", 5, Nature.DOWNLOAD)
    add(date(2026, 11, 3), "arbres", 1_000, Nature.DOWNLOAD, robots=True)
    add(date(2026, 11, 3), "bancs", 2, Nature.CALL)
    add(date(2026, 11, 3), "secret", 9, Nature.VIEW)
    add(DAY, "bancs", 700, Nature.DOWNLOAD)


def of(client, dataset_id: str) -> dict[str, object]:
    body = client.get(f"{DATASETS}/{dataset_id}?include_app_metas=true").json()
    explore = body["metas"]["explore"]
    return {name: explore[name] for name in NOTHING}


def listed(client, **question: str) -> list[str]:
    return [row["dataset_id"] for row in client.get(DATASETS, {"select": "dataset_id", **question}).json()["results"]]


def test_a_portal_that_publishes_no_usage_says_nothing_of_it(client, used):
    assert of(client, "arbres") == NOTHING
    assert listed(client, where="explore.download_count is null and dataset_id in ('arbres', 'bancs')") == [
        "arbres",
        "bancs",
    ]


def test_counts_are_those_that_are_published(client, used):
    publish_rows(OPERATOR, PUBLICATION, DAY, no_progress)
    assert of(client, "arbres") == {"download_count": 9, "api_call_count": 0, "popularity_score": 2.0}
    assert of(client, "bancs") == {"download_count": 0, "api_call_count": 2, "popularity_score": 0.477}
    page = client.get(DATASETS, {"where": "dataset_id = 'arbres'", "include_app_metas": "true"}).json()
    assert page["results"][0]["metas"]["explore"]["download_count"] == 9
    assert "explore" not in client.get(f"{DATASETS}/arbres").json()["metas"]


def test_datasets_are_ordered_and_filtered_by_their_use(client, used):
    publish_rows(OPERATOR, PUBLICATION, DAY, no_progress)
    assert listed(client, order_by="explore.popularity_score desc", limit="2") == ["arbres", "bancs"]
    assert listed(client, order_by="metas.explore.popularity_score desc", limit="1") == ["arbres"]
    assert listed(client, where="explore.api_call_count > 0") == ["bancs"]


def test_counts_follow_the_next_publication_and_leave_with_it(client, used):
    publish_rows(OPERATOR, PUBLICATION, DAY, no_progress)
    stamp = Dataset.objects.get(dataset_id="bancs").stamp
    assert of(client, "bancs")["download_count"] == 0
    published = publish_rows(OPERATOR, PUBLICATION, date(2026, 11, 26), no_progress)
    assert of(client, "bancs")["download_count"] == 700
    assert listed(client, order_by="explore.download_count desc", limit="1") == ["bancs"]
    assert Dataset.objects.get(dataset_id="bancs").stamp == stamp
    unpublish(OPERATOR, published)
    assert of(client, "bancs") == NOTHING


def test_nothing_is_told_of_datasets_that_are_not_for_all(admin_client, used):
    publish_rows(OPERATOR, PUBLICATION, DAY, no_progress)
    assert of(admin_client, "secret") == NOTHING
    assert DATASET_ID in listed(admin_client, where="explore.download_count = 0", limit="50")
