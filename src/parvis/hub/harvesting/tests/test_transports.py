"""Sources that are no web server: a folder of the machine, by pattern or its newest file alone, and a database."""

import os

import pytest

from parvis.core.databases import BadQuery
from parvis.core.errors import ParvisError
from parvis.core.sources.contract import Settings
from parvis.core.sources.database import database_of
from parvis.core.sources.dialects import DIALECTS
from parvis.core.sources.errors import BadSource
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting.preview import preview
from parvis.hub.harvesting.rules import State, keys_of
from parvis.hub.harvesting.sources import checked, save_source


@pytest.fixture
def depot(settings, tmp_path):
    """A folder that the operator opened to sources, with two deliveries."""
    folder = tmp_path / "depots"
    folder.mkdir()
    settings.PARVIS = {**settings.PARVIS, "PARVIS_SOURCES_FOLDERS": (folder,), "PARVIS_SOURCES_PAUSE": 0.0}
    for day, rows in ((1, "a;1\n"), (2, "a;1\nb;2\n")):
        path = folder / f"comptages-0{day}.csv"
        path.write_text("lieu;passages\n" + rows)
        os.utime(path, (1_700_000_000 + day, 1_700_000_000 + day))
    return folder


def test_each_file_of_a_folder_becomes_a_dataset(home, town, depot, read):
    source = save_source(
        OPERATOR, town.organisation, dialect="folder", url=f"file://{depot}/*.csv", options={"licence": "lov2"}
    )
    assert read(source).state == State.DONE
    rows = {dataset.title: dataset.current.rows for dataset in Dataset.objects.select_related("current")}
    assert rows == {"Comptages 01": 1, "Comptages 02": 2}
    assert read(source).counts.get("unchanged") == 2


def test_the_newest_file_alone_renews_one_dataset(home, town, depot, read):
    options = {"licence": "lov2", "newest": "1", "title": "Comptages"}
    source = save_source(OPERATOR, town.organisation, dialect="folder", url=f"file://{depot}/*.csv", options=options)
    read(source)
    dataset = Dataset.objects.get()
    assert (dataset.title, dataset.current.rows) == ("Comptages", 2)
    (depot / "comptages-03.csv").write_text("lieu;passages\na;1\nb;2\nc;3\n")
    read(source)
    dataset = Dataset.objects.get()
    assert (dataset.current.rows, dataset.versions.count()) == (3, 2)


def test_a_source_is_tried_and_one_that_never_came_leaves_nothing(home, town, depot, read):
    (depot / "vide.csv").write_text("")
    wrong = {"dialect": "file", "url": f"file://{depot}/absent.csv", "title": "Comptages"}
    with pytest.raises(ParvisError):
        preview(checked(town.organisation, **wrong))
    for url in (f"file://{depot}/../secrets.csv", "ftp://ville:motdepasse@nas.fr/a.csv"):
        with pytest.raises(ParvisError) as refused:
            save_source(OPERATOR, town.organisation, dialect="file", url=url)
        assert "motdepasse" not in refused.value.message("fr")
    assert "« username »" in refused.value.message("fr"), "where they go is said"
    with pytest.raises(BadQuery):
        options = {"query": "delete from agents"}
        save_source(OPERATOR, town.organisation, dialect="database", url="postgresql://base.fr/ville", options=options)
    run = read(save_source(OPERATOR, town.organisation, **wrong))
    assert (run.state, Dataset.objects.count()) == (State.FAILED, 0)
    right = {**wrong, "url": f"file://{depot}/comptages-01.csv"}
    assert preview(checked(town.organisation, **right)).items[0].title == "Comptages"
    read(save_source(OPERATOR, town.organisation, **right))
    assert Dataset.objects.get().dataset_id == "comptages"


def test_a_folder_that_the_operator_did_not_open_is_not_read(home, town, depot, tmp_path, read):
    (tmp_path / "secrets.csv").write_text("a;b\n1;2\n")
    source = save_source(OPERATOR, town.organisation, dialect="folder", url=f"file://{tmp_path}/*.csv")
    assert read(source).state == State.FAILED
    assert not Dataset.objects.exists()


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("postgresql://qui:secret@base.fr/ville", {"table": "a"}),
        ("oracle://base.fr/ville", {"table": "a"}),
        ("postgresql://base.fr/", {"table": "a"}),
        ("postgresql://base.fr/ville", {}),
        ("postgresql://base.fr/ville", {"table": "a", "query": "SELECT 1"}),
        ("postgresql://base.fr/ville", {"table": "a", "tls": "non"}),
    ],
)
def test_a_database_is_named_without_a_password_and_with_what_is_read(url, options):
    with pytest.raises(BadSource):
        DIALECTS["database"].items(Settings(url, options))


def test_two_readings_of_a_database_are_two_datasets():
    """As the search for those that are here already has it."""
    readings = ({"table": "agents"}, {"table": "lieux"}, {"query": "SELECT 1 AS a"}, {"query": "SELECT 2 AS a"})
    items = [DIALECTS["database"].items(Settings("postgresql://base.fr/ville", options))[0] for options in readings]
    assert len({key for item in items for key in keys_of(item)}) == 4
    assert database_of(Settings("postgresql://base.fr/ville", {"table": "a", "tls": "off"})).tls == "off"
