"""Runs, of a real server: what is created, updated, unchanged, kept, archived, and what a lying source gets."""

import pytest

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.services import update_card
from parvis.hub.harvesting.rules import Outcome, State
from parvis.hub.harvesting.selectors import items_of, reasons_of
from parvis.hub.harvesting.tests.catalogue_server import dataset, reply


def outcomes(run) -> dict[str, int]:
    return {name: count for name, count in run.counts.items() if count and name != "seen"}


def reasons(run, outcome="") -> str:
    return " | ".join(text for row in items_of(run, outcome) for text in reasons_of(row))


def test_a_catalogue_comes_whole_then_only_what_changed_comes(source, portal, read):
    portal.datasets = [dataset("a"), dataset("b")]
    first = read(source)
    assert (first.error, first.state) == (None, State.DONE)
    assert (first.state, outcomes(first), first.is_whole) == (State.DONE, {"created": 2}, True)
    here = Dataset.objects.get(dataset_id="a")
    assert (here.title, here.licence, here.themes, here.current.rows, here.status) == (
        "Jeu a",
        "lov2",
        ["transports"],
        2,
        Status.PUBLISHED,
    )
    assert here.source_url == f"{portal.address}/explore/dataset/a/"
    requests = len(portal.asked)
    second = read(source, complete=True)
    assert outcomes(second) == {"unchanged": 2}
    assert len(portal.asked) == requests + 1, "files that the source says unchanged are not asked for"
    portal.datasets[0] = dataset("a", title="Autre titre", data_processed="2026-02-01T00:00:00+00:00")
    portal.files["a"] = "ville;population\nÉvry;1\n"
    third = read(source, complete=True)
    assert outcomes(third) == {"updated": 1, "unchanged": 1}
    here.refresh_from_db()
    assert (here.title, here.current.rows, here.versions.count()) == ("Autre titre", 1, 2)


def test_what_a_person_wrote_here_stays(source, portal, read):
    portal.datasets = [dataset("a")]
    read(source)
    here = Dataset.objects.get(dataset_id="a")
    update_card(OPERATOR, here, {"title": "Le titre d’ici"})
    portal.datasets = [dataset("a", title="Le titre de là-bas", keyword=["neuf"])]
    run = read(source, complete=True)
    here.refresh_from_db()
    assert (here.title, here.keywords) == ("Le titre d’ici", ["neuf"])
    assert "titre" in reasons(run)


def test_whom_a_person_said_to_be_of_no_high_value_stays_so_whatever_the_source_says_and_until_a_person_says_otherwise(
    source, portal, read
):
    def read_with(*categories: str):
        row = dataset("a", keyword=[f"mot {len(portal.asked)}"])
        row["metas"]["parvis"] = {"hvd": list(categories)}
        portal.datasets = [row]
        run = read(source, complete=True)
        here = Dataset.objects.get(dataset_id="a")
        return here, reasons(run)

    here, _words = read_with()
    update_card(OPERATOR, here, {"hvd_refused": True})
    for categories in (["statistiques"], ["mobilite"]):
        here, words = read_with(*categories)
        assert (here.hvd, here.hvd_refused) == ([], True)
        assert "forte valeur" in words
    update_card(OPERATOR, here, {"hvd_refused": False})
    here, _words = read_with("statistiques", "mobilite")
    assert (here.hvd, here.hvd_refused) == (["statistiques", "mobilite"], False)


def test_what_is_gone_is_withdrawn_after_three_whole_readings_and_comes_back(source, portal, read):
    portal.datasets = [dataset(name) for name in "abcde"]
    read(source)
    removed = portal.datasets.pop()
    assert [outcomes(read(source, complete=True)).get("missing", 0) for _n in range(2)] == [1, 1]
    here = Dataset.objects.get(dataset_id="e")
    assert here.status == Status.PUBLISHED
    assert outcomes(read(source, complete=True))["archived"] == 1
    here.refresh_from_db()
    assert (here.status, here.versions.count()) == (Status.UNPUBLISHED, 1)
    portal.datasets.append(removed)
    assert outcomes(read(source, complete=True)) == {"updated": 1, "unchanged": 4}
    here.refresh_from_db()
    assert here.status == Status.PUBLISHED


@pytest.mark.parametrize("lie", ["empty", "cut"])
def test_an_empty_or_cut_catalogue_withdraws_nothing(source, portal, read, lie):
    portal.datasets = [dataset(name) for name in "abcde"]
    read(source)
    portal.total = 0 if lie == "empty" else 5
    portal.datasets = portal.datasets[: 0 if lie == "empty" else 2]
    source.gone_after = 1
    source.save()
    run = read(source, complete=True)
    assert (run.state, run.is_suspicious) == (State.DONE, True)
    assert not outcomes(run).keys() & {"missing", "archived"}
    assert Dataset.objects.filter(status=Status.PUBLISHED).count() == 5


def test_a_changed_identifier_is_followed_and_a_repeated_one_told(source, portal, read):
    portal.datasets = [dataset("a"), dataset("b")]
    read(source)
    renamed = {**dataset("a"), "dataset_uid": "da_autre"}
    portal.datasets = [renamed, dataset("b"), {**dataset("c"), "dataset_uid": "da_b"}]
    run = read(source, complete=True)
    assert Dataset.objects.count() == 2
    assert outcomes(run) == {"updated": 1, "unchanged": 1, "skipped": 1} or outcomes(run) == {
        "unchanged": 2,
        "skipped": 1,
    }
    assert "a changé son identifiant" in reasons(run)
    assert "déjà donné" in reasons(run, Outcome.SKIPPED)


def test_without_a_licence_nothing_is_put_online_and_a_strange_row_stops_nobody(source, portal, read):
    portal.datasets = [dataset("a", license=None), dataset("b"), {"dataset_id": "z", "metas": "?"}]
    run = read(source)
    assert outcomes(run) == {"created": 2, "failed": 1}
    assert Dataset.objects.get(dataset_id="a").status == Status.DRAFT
    assert "licence" in reasons(run, Outcome.CREATED)
    portal.datasets[0] = dataset("a", license=None)
    source.default_licence = "odbl"
    source.save()
    assert outcomes(read(source, complete=True))["updated"] == 1
    here = Dataset.objects.get(dataset_id="a")
    assert (here.status, here.licence) == (Status.PUBLISHED, "odbl")


def test_data_that_cannot_be_read_are_told_and_tried_again(source, portal, read):
    portal.datasets = [dataset("a")]
    path = "/api/explore/v2.1/catalog/datasets/a/exports/csv"
    portal.answers[path] = lambda handler: reply(handler, b"perdu", 404)
    run = read(source)
    assert outcomes(run) == {"failed": 1}
    assert "404" in reasons(run, Outcome.FAILED)
    assert Dataset.objects.get(dataset_id="a").status == Status.DRAFT
    del portal.answers[path]
    assert outcomes(read(source, complete=True)) == {"updated": 1}
    assert Dataset.objects.get(dataset_id="a").status == Status.PUBLISHED
