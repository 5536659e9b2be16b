"""Cards that a portal tells in several languages, brought here: asked by ``lang``, left to who changed them, told when they did not come."""

from __future__ import annotations

import json

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.translating import translate_card
from parvis.hub.harvesting.models import RunItem
from parvis.hub.harvesting.tests.far_portal import API, FarPortal, rows


def bilingual(far: FarPortal, name: str, title: str) -> None:
    """A dataset whose object is in English when ``lang=en`` is asked."""
    row = far.add(name, rows(2), title="Comptages", keyword=["vélo"], metadata_languages=["fr", "en", "it"])
    english = json.loads(json.dumps(row))
    english["metas"]["default"] |= {"title": title, "keyword": ["bicycle"]}
    english["fields"][0] |= {"label": "Municipality code", "description": "Five signs"}
    far.portal.answers[f"{API}/{name}"] = lambda handler: far._send(
        handler,
        name,
        json.dumps(english if "lang=en" in handler.path else row).encode(),
        Content_Type="application/json",
    )


def test_a_card_comes_in_each_language_that_the_portal_and_this_instance_share(source, portal, read):
    far = FarPortal(portal)
    bilingual(far, "velos", "Counts")
    source.mode = "metadata"
    source.save()
    read(source)
    entry = Dataset.objects.get(dataset_id="velos").translations["en"]
    assert (entry["title"], entry["keywords"]) == ("Counts", ["bicycle"])
    assert entry["fields"] == {"code": {"label": "Municipality code", "description": "Five signs"}}
    assert "title" in entry["sources"]
    assert list(Dataset.objects.get(dataset_id="velos").translations) == ["en"]


def test_what_somebody_translated_here_is_left_and_the_rest_follows(source, portal, read):
    far = FarPortal(portal)
    bilingual(far, "velos", "Counts")
    source.mode = "metadata"
    source.save()
    read(source)
    dataset = Dataset.objects.get(dataset_id="velos")
    translate_card(OPERATOR, dataset, "en", {"title": "Bicycle counts"})
    portal.datasets.clear()
    bilingual(far, "velos", "Hourly counts")
    portal.datasets[0]["metas"]["default"]["modified"] = "2030-01-01T00:00:00+00:00"
    read(source)
    dataset.refresh_from_db()
    assert dataset.translations["en"]["title"] == "Bicycle counts"
    assert dataset.translations["en"]["keywords"] == ["bicycle"]


def test_a_language_that_does_not_come_is_told_and_stops_nothing(source, portal, read):
    far = FarPortal(portal)
    far.add("velos", rows(2), title="Comptages", metadata_languages=["fr", "en"])
    far.secret.add("velos")
    source.mode = "metadata"
    source.save()
    run = read(source)
    assert Dataset.objects.get(dataset_id="velos").translations == {}
    assert "sa fiche n’a pas été lue" in json.dumps(
        list(RunItem.objects.filter(run=run).values_list("reasons")), ensure_ascii=False
    )
