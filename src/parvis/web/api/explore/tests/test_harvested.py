"""What this portal tells of its catalogue, read as another portal would harvest it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from parvis.core.sources.contract import Settings
from parvis.core.sources.dialects import DIALECTS
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.services import update_card
from parvis.hub.harvesting.cards import card_of_item
from parvis.hub.harvesting.rules import Correspondence
from parvis.web.api.explore import catalogue_files

pytestmark = pytest.mark.django_db
EXPORTS = "/api/explore/v2.1/catalog/exports"


@pytest.fixture
def harvest(client, tmp_path):
    """``harvest(dialect, path)``: the items by title, and why some are none."""

    def read(slug, path):
        settings, items, reasons = Settings(f"http://testserver{path}"), [], []
        pending = list(DIALECTS[slug].first(settings))
        while pending:
            request = pending.pop(0)
            parts = urlsplit(request.url)
            response = client.get(f"{parts.path}?{parts.query}", headers=dict(request.headers))
            assert response.status_code == 200
            answer = tmp_path / "answer"
            answer.write_bytes(b"".join(response.streaming_content) if response.streaming else response.content)
            page = DIALECTS[slug].read(answer, request, settings)
            items += page.items
            reasons += page.refusals
            pending += page.following
        assert reasons == []
        return {item.title: item for item in items}

    return read


@pytest.mark.parametrize(
    ("slug", "path"),
    [
        ("dcat", "/catalog.ttl"),
        ("dcat", "/catalog.rdf"),
        ("dcat", "/catalog.jsonld"),
        ("data_json", f"{EXPORTS}/data.json"),
        ("explore_v1", "/"),
    ],
)
def test_a_card_comes_whole_to_another_portal(harvest, publish, dataset, monkeypatch, slug, path):
    monkeypatch.setattr(catalogue_files, "GRAPH_PAGE", 1)
    other = publish(dataset_id="arbres", title="Arbres & « haies »", themes=["environnement"], keywords=["a", "b"])
    card = {"frequency": "annual", "contact_email": "a@b.fr", "description": "<p>Tous</p>", "hvd": ["environnement"]}
    update_card(OPERATOR, other, card)
    items = harvest(slug, path)
    assert sorted(items) == sorted(["Arbres & « haies »", dataset.title])
    item = items["Arbres & « haies »"]
    assert "arbres" in item.identifier
    assert (item.description, item.publisher) == ("Tous", other.organisation.name)
    assert (item.licence, item.frequency, item.keywords) == (other.licence, "annual", ("a", "b"))
    assert "environnement" in item.themes or "Environnement et climat" in item.themes
    assert item.modified
    assert "csv" in [part.format for part in item.resources]
    assert item.contact_email == "a@b.fr"
    if slug == "dcat":
        assert card_of_item(item, Correspondence(), source_title="Ailleurs").values["hvd"] == ["environnement"]
        assert item.themes == ("environnement",)
