"""The index follows what changes, whoever is killed meanwhile."""

from __future__ import annotations

import os
import random
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import tantivy

from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import set_access, unpublish
from parvis.hub.charts.factories import make_chart, make_stands
from parvis.hub.search import folder, index
from parvis.hub.search.everything import search_everything
from parvis.hub.search.models import Change
from parvis.hub.search.rules import ANYBODY, SearchDocument
from parvis.hub.search.schema import register_analysers
from parvis.hub.search.writing import _shelves, datasets_held, rebuild, replace, write_changes
from parvis.hub.store import store


def titles(words: str) -> list[str]:
    return [hit.title for group in search_everything(ANONYMOUS, words) for hit in group.hits]


def documents_of(shelf: str) -> set[str]:
    """What names the documents of a shelf, as tantivy alone reads it."""
    opened = tantivy.Index.open(str(folder.current() / shelf))
    searcher = opened.searcher()
    hits = searcher.search(tantivy.Query.all_query(), limit=1_000).hits
    return {searcher.doc(address)["uid"][0] for _score, address in hits}


@pytest.mark.django_db
def test_a_change_leaves_a_row_beside_it_until_it_is_written(home):
    index.opened()
    dataset = make_dataset(title="Arbres du parc")
    assert Change.objects.filter(kind="dataset", key=dataset.pk).exists()
    assert f"dataset:{dataset.pk}" not in documents_of(folder.OPEN)
    assert write_changes() > 0
    assert not Change.objects.exists()
    assert f"dataset:{dataset.pk}" in documents_of(folder.OPEN)


@pytest.mark.django_db
def test_one_change_rewrites_one_document_and_leaves_the_index_where_it_is(home):
    datasets = [make_dataset(title=f"Jeu {rank}") for rank in range(3)]
    index.opened()
    path, before = folder.current(), documents_of(folder.OPEN)
    datasets[0].title = "Fontaines à boire"
    datasets[0].save()
    assert titles("fontaines") == ["Fontaines à boire"]
    assert (folder.current(), documents_of(folder.OPEN)) == (path, before)


@pytest.mark.django_db
def test_what_is_withdrawn_leaves_the_index(home):
    dataset = make_dataset(title="Fontaines à boire")
    index.opened()
    unpublish(OPERATOR, dataset)
    write_changes()
    assert f"dataset:{dataset.pk}" not in documents_of(folder.OPEN) | documents_of(folder.RESERVED)


@pytest.mark.django_db
def test_a_dataset_that_is_closed_and_what_is_drawn_from_it_are_no_longer_among_what_all_may_find(home):
    dataset = make_stands()
    chart = make_chart(dataset, title="Arceaux par commune")
    index.opened()
    names = {f"dataset:{dataset.pk}", f"chart:{chart.pk}"}
    assert names <= documents_of(folder.OPEN)
    set_access(OPERATOR, dataset, Access.INTERNAL, [], [])
    write_changes()
    assert not names & documents_of(folder.OPEN)
    assert names <= documents_of(folder.RESERVED)


@pytest.mark.django_db
def test_a_dataset_that_was_just_closed_is_not_found_even_before_the_index_knows(home, monkeypatch):
    dataset = make_dataset(title="Fontaines à boire")
    opened = index.opened()
    monkeypatch.setattr(index, "opened", lambda: opened)  # no worker passes any more
    assert titles("fontaines") == ["Fontaines à boire"]
    set_access(OPERATOR, dataset, Access.INTERNAL, [], [])
    assert titles("fontaines") == []


@pytest.mark.django_db
def test_an_organisation_that_takes_another_name_is_found_by_it_and_so_are_its_datasets(home):
    town = make_organisation("Ville de Lisses")
    make_dataset(town, title="Menus", description="Semaine par semaine.")
    index.opened()
    town.name = "Métropole de Sénart"
    town.save()
    assert "Menus" in titles("senart")
    assert titles("lisses") == []


@pytest.mark.django_db
def test_an_index_that_is_lost_is_made_again(home):
    dataset = make_dataset(title="Fontaines à boire")
    index.opened()
    write_changes()
    path = folder.current()
    store().delete(f"{folder.room()}/current")
    assert titles("fontaines") == [dataset.title]
    assert folder.current() != path
    assert not path.exists()


@pytest.mark.django_db
def test_what_was_not_heard_of_is_found_once_the_whole_is_made_again(home):
    dataset = make_dataset(title="Fontaines")
    index.opened()
    type(dataset).objects.filter(pk=dataset.pk).update(title="Bornes à incendie")
    assert titles("bornes incendie") == []
    assert rebuild() > 0
    assert titles("bornes incendie") == ["Bornes à incendie"]
    assert datasets_held() == 1


KILLS = 40


def test_killed_at_any_instant_the_writer_leaves_an_index_that_opens_with_whole_rounds(tmp_path):
    path = tmp_path / "index"
    path.mkdir()
    started = time.monotonic()
    replace(_shelves(path), {}, [])
    longest = 8 * (time.monotonic() - started)
    seen = {0}
    dice = random.Random(20261128)
    kills = 0
    while kills < KILLS or len(seen) <= 5:
        writer = os.fork()
        if writer == 0:
            _write_without_end(path, max(seen))
        time.sleep(dice.uniform(0, longest))
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        kills += 1
        rank = _round_of(path)
        if rank in seen:
            longest *= 1.1  # a busy machine gives a writer less to do
        seen.add(rank)
        assert kills < 10 * KILLS, "the writer never has the time to write"


def _write_without_end(path: Path, rank: int) -> None:
    try:
        while True:
            rank += 1
            moment = datetime.now(UTC)
            rows = [
                SearchDocument(
                    kind="dataset", key=key, title=f"Jeu {key}", rows=rank, modified=moment, seen_by=(ANYBODY,)
                )
                for key in range(40)
            ]
            replace(_shelves(path), {"dataset": range(40)}, rows)
    finally:
        os._exit(1)


def _round_of(path: Path) -> int:
    """The round that all documents are of; the index opens, and none is missing or of another round."""
    opened = register_analysers(tantivy.Index.open(str(path / folder.OPEN)))
    searcher = opened.searcher()
    hits = searcher.search(tantivy.Query.all_query(), limit=1_000).hits
    rounds = set(searcher.fast_field_values("rows", [address for _score, address in hits]))
    assert len(hits) in (0, 40)
    assert len(rounds) <= 1
    return rounds.pop() if rounds else 0
