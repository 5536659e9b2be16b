"""Where figures come from is told in the same words everywhere, and the day of the data is that of who made them."""

from datetime import UTC, date, datetime

import pytest

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset, make_version
from parvis.hub.catalogue.provenance import data_date, provenance, ways_back
from parvis.hub.catalogue.services import publish, update_card

pytestmark = pytest.mark.django_db

TOLD = {"default": {"modified": "2021-07-18T00:00:00+00:00"}}


@pytest.fixture
def dataset():
    dataset = make_dataset(dataset_id="arceaux", as_told=TOLD)
    dataset.issued = dataset.data_modified = datetime(2026, 3, 3, 9, 22, tzinfo=UTC)
    dataset.save()
    return dataset


def test_a_card_tells_the_day_the_file_the_question_and_the_checks(dataset):
    version = dataset.current
    version.original, version.rows, version.rejects, version.nulled = "arceaux.csv", 1294, 0, 3
    facts = dict(provenance(dataset, version, "select count(*)"))
    assert facts["Date"] == "18\u00a0juillet\u00a02021"
    assert facts["Version"].endswith(", 1\u202f294 lignes")
    assert facts["Fichier source"] == "arceaux.csv"
    assert facts["Requête"] == "select count(*)"
    assert facts["Contrôles"] == "aucune ligne rejetée, 3 valeurs effacées"
    version.rejects, version.aside = 3, 2
    assert (
        dict(provenance(dataset, version))["Contrôles"]
        == "1 ligne rejetée, 2 lignes autour du tableau, 3 valeurs effacées"
    )
    assert "Requête" not in dict(provenance(dataset, version))
    assert [address for _label, address in ways_back(dataset, "/rows/")] == [
        "/rows/",
        "/explore/dataset/arceaux/quality/",
        "/explore/dataset/arceaux/information/#citer",
    ]


def test_the_day_of_the_data_outlives_a_change_of_its_card_but_not_new_data(dataset):
    update_card(OPERATOR, dataset, {"title": "Un titre corrigé"})
    dataset.refresh_from_db()
    assert "modified" not in dataset.as_told["default"]
    assert data_date(dataset) == date(2021, 7, 18)
    publish(OPERATOR, dataset, make_version(dataset))
    dataset.refresh_from_db()
    assert data_date(dataset) > date(2026, 3, 3)


def test_new_data_has_its_own_day_where_the_date_of_the_card_stays(dataset):
    dataset.as_told = {"default": {**TOLD["default"], "modified_updates_on_data_change": False}}
    dataset.save()
    publish(OPERATOR, dataset, make_version(dataset))
    dataset.refresh_from_db()
    assert dataset.as_told["default"]["modified"] == TOLD["default"]["modified"]
    assert data_date(dataset) > date(2026, 3, 3)
