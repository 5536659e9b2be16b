"""Several files of one item: one copied and the others told, or each a dataset of its own."""

import pytest
from django.test import Client

from parvis.core.sources.contract import Item, Resource
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting.files import files_of, item_name, others_of
from parvis.hub.harvesting.sources import SourceIncomplete, save_source
from parvis.hub.harvesting.tests.catalogue_server import dataset, reply
from parvis.hub.quality.links import links_of

SITE = "https://donnees.example.fr"
BUDGET = Item(
    "b",
    "Budget",
    resources=(
        Resource(f"{SITE}/2024.csv", "2024.csv", "csv", bytes=2_000),
        Resource(f"{SITE}/2024.xlsx", "2024.xlsx", "xlsx"),
        Resource(f"{SITE}/2025.csv", "Année 2025", "csv"),
        Resource(f"{SITE}/note.pdf", "Note de présentation", "pdf", bytes=40_000),
        Resource("http://10.0.0.8/interne.pdf", "Interne", "pdf"),
        Resource("javascript:alert(1)", "Piège", "pdf"),
        Resource("http://intranet/doc.pdf", "Intranet", "pdf"),
    ),
)


def test_one_item_a_table_under_names_that_stay():
    parts = files_of(BUDGET)
    assert [(part.identifier, part.title, part.resources[0].url) for part in parts] == [
        ("b#fichier:2024", "Budget – 2024", f"{SITE}/2024.csv"),
        ("b#fichier:annee-2025", "Budget – Année 2025", f"{SITE}/2025.csv"),
    ]
    assert {item_name(part.identifier) for part in parts} == {"b"}
    moved = Item(
        "b",
        "Budget",
        resources=tuple(Resource("https://autre.fr/x", row.title, row.format) for row in BUDGET.resources[::-1]),
    )
    assert {part.identifier for part in files_of(moved)} == {part.identifier for part in parts}
    alone = Item("a", "Seul", resources=BUDGET.resources[:2])
    assert files_of(alone) == [alone], "two formats of one table are one dataset, which keeps its name"


def test_only_addresses_that_anybody_may_follow_are_told():
    rows = others_of(BUDGET, f"{SITE}/2024.csv")
    assert [(row["title"], row["format"], row["bytes"]) for row in rows] == [
        ("2024", "xlsx", None),
        ("Année 2025", "csv", None),
        ("Note de présentation", "pdf", 40_000),
    ]


@pytest.fixture
def town_files(portal):
    """A dataset of three files, as the portal tells it."""
    files = [("lieux.csv", "text/csv"), ("horaires.csv", "text/csv"), ("notice.pdf", "application/pdf")]
    for name, _kind in files:
        portal.answers[f"/f/{name}"] = lambda handler: reply(
            handler, b"a;b\n1;2\n" + handler.path.encode() + b";3\n", ETag='"1"'
        )
    exports = [{"title": name, "url": f"{portal.address}/f/{name}", "mimetype": kind} for name, kind in files]
    exports[2]["url"] = f"{SITE}/notice.pdf"
    return [{**dataset("musees", title="Musées"), "has_records": False, "alternative_exports": exports}]


def test_the_other_files_are_links_on_the_page_of_the_dataset(source, portal, read, town_files):
    portal.datasets = town_files
    read(source)
    here = Dataset.objects.get()
    page = Client().get(f"{here.get_absolute_url()}information/").content.decode()
    assert f'href="{SITE}/notice.pdf"' in page
    assert "/f/horaires.csv" not in page, "nobody is sent into a private network"
    assert (f"{SITE}/notice.pdf", "card") in links_of(here)
    stamp = here.stamp
    town_files[0]["alternative_exports"].pop()
    read(source, complete=True)
    here.refresh_from_db()
    assert here.stamp > stamp
    assert "notice.pdf" not in Client().get(f"{here.get_absolute_url()}information/").content.decode()


def test_each_file_is_a_dataset_when_the_source_wants_it(source, portal, read, town_files):
    save_source(OPERATOR, source.organisation, source, options={"files": "each"}, gone_after=1)
    portal.datasets = town_files
    portal.total = 1
    assert read(source).counts["created"] == 2
    assert set(Dataset.objects.values_list("title", flat=True)) == {"Musées – lieux", "Musées – horaires"}
    assert read(source, complete=True).counts["unchanged"] == 2
    portal.datasets, portal.total = [*town_files, dataset("z")], 3
    run = read(source, complete=True)
    assert run.is_suspicious, "three were announced and two were given, whatever the number of their files"
    with pytest.raises(SourceIncomplete):
        save_source(OPERATOR, source.organisation, source, options={"files": "toutes"})
