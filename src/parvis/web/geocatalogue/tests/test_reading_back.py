"""Our own records by OGC API – Records, read by the harvester of the house beside what it reads of our CSW: the same datasets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from parvis.core.sources.contract import Item, Settings
from parvis.core.sources.dialects import DIALECTS
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.services import update_card
from parvis.hub.harvesting.cards import card_of_item
from parvis.hub.harvesting.rules import Correspondence
from parvis.web.geocatalogue.tests.conftest import HOME

pytestmark = pytest.mark.django_db

SAME = (
    "title",
    "description",
    "publisher",
    "contact_email",
    "licence",
    "bbox",
    "temporal_start",
    "temporal_end",
)
THEMES = {"arbres": ("environnement",), "budget": ("economie",), "ecoles": ()}
INSPIRE = {
    "scope": True,
    "themes": ["us"],
    "topics": ["society"],
    "lineage": "Terrain.",
    "scale": 5000,
    "limits": ["e"],
}


def harvested(client, dialect_name: str, url: str, folder: Path) -> list[Item]:
    """All the items of a source that is ourselves."""
    dialect, settings = DIALECTS[dialect_name], Settings(url)

    def pages() -> Iterator[Item]:
        pending = list(dialect.first(settings))
        while pending:
            request = pending.pop(0)
            path = request.url.removeprefix(HOME)
            if request.method == "POST":
                answer = client.post(path, request.body, content_type="application/xml")
            else:
                answer = client.get(path, headers={"accept": request.headers["Accept"]})
            assert answer.status_code == 200, answer.content[:500]
            file = folder / "answer"
            file.write_bytes(b"".join(answer.streaming_content) if answer.streaming else answer.content)
            page = dialect.read(file, request, settings)
            assert not page.refusals
            pending += page.following
            yield from page.items

    return list(pages())


def test_records_in_json_say_what_records_of_iso_say(home, shown, client, tmp_path: Path):
    update_card(OPERATOR, shown, {"inspire": INSPIRE})
    by_csw = {item.identifier: item for item in harvested(client, "csw", f"{HOME}/csw", tmp_path)}
    for address in ("/ogc", "/ogc/collections/catalogue/items?f=html"):
        by_records = {item.identifier: item for item in harvested(client, "ogc_records", HOME + address, tmp_path)}
        assert set(by_records) == set(by_csw) == {"arbres", "budget", "ecoles"}
        for name, item in by_records.items():
            other = by_csw[name]
            assert {part: getattr(item, part) for part in SAME} == {part: getattr(other, part) for part in SAME}
            assert set(item.keywords) <= set(other.keywords)
            assert [part.url for part in item.resources] == [part.url for part in other.resources]
            assert [(part.format, part.dialect) for part in item.resources] == [
                (part.format, part.dialect) for part in other.resources
            ]
            assert item.themes == THEMES[name], "those of INSPIRE hide none"
            assert item.landing_page == f"{HOME}/explore/dataset/{name}/information/"
    card = card_of_item(by_records["arbres"], Correspondence(), source_title="Nous").values
    assert card["inspire"] == INSPIRE


def test_every_page_of_a_long_catalogue_is_read_once(home, shown, client, tmp_path: Path):
    for rank in range(130):
        make_dataset(shown.organisation, dataset_id=f"jeu-{rank:03}", title=f"Jeu {rank:03}")
    names = [item.identifier for item in harvested(client, "ogc_records", f"{HOME}/ogc", tmp_path)]
    assert len(names) == len(set(names)) == 133
