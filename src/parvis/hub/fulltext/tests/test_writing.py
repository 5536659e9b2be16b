"""The index of a library follows what changes, whoever is killed meanwhile."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import tantivy

from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.fulltext import index
from parvis.hub.fulltext.analysis import register
from parvis.hub.fulltext.models import DocumentChange
from parvis.hub.fulltext.rules import DocumentFacet
from parvis.hub.fulltext.schema import KEY, folder_of, stems_field, words_field
from parvis.hub.fulltext.tests.papers import Papers, paper
from parvis.hub.fulltext.writing import documents_held, forget_removed, rebuild, write_changes, write_documents
from parvis.hub.search import folder
from parvis.hub.search.writing import rebuild as rebuild_house
from parvis.hub.store import store
from parvis.hub.territories.models import Territory


def held(papers: Papers, shelf: str = folder.OPEN) -> set[int]:
    """The keys of the documents of a shelf, as tantivy alone reads it."""
    path = folder_of(papers.library).current()
    searcher = tantivy.Index.open(str(path / shelf)).searcher()
    hits = searcher.search(tantivy.Query.all_query(), limit=1_000).hits
    return set(searcher.fast_field_values(KEY, [address for _score, address in hits]))


def test_a_change_leaves_a_row_until_it_is_written(papers):
    index.opened(papers.library)
    papers.put(paper(1, "école"))
    assert DocumentChange.objects.get().key == 1
    assert held(papers) == set()
    assert write_changes() == 1
    assert not DocumentChange.objects.exists()
    assert held(papers) == {1}


def test_a_row_saved_or_deleted_is_heard(papers):
    commune = Territory.objects.create(kind="commune", code="91228", name="Évry", folded="evry")
    assert DocumentChange.objects.filter(library="papers", key=commune.pk).count() == 1
    key = commune.pk
    commune.delete()
    assert DocumentChange.objects.filter(library="papers", key=key).count() == 2


def test_one_change_rewrites_one_document_and_leaves_the_index_where_it_is(papers):
    papers.put(*(paper(key, "école") for key in range(1, 4)))
    write_changes()
    path = folder_of(papers.library).current()
    papers.put(paper(2, "piscine"))
    assert papers.search(ANONYMOUS, "piscine").keys == (2,)
    assert set(papers.search(ANONYMOUS, "école").keys) == {1, 3}
    assert folder_of(papers.library).current() == path


def test_what_is_closed_leaves_what_all_may_find_and_what_is_removed_leaves_both(papers):
    papers.put(paper(1, "école"), paper(2, "école"))
    write_changes()
    papers.close(1, "member:7")
    papers.remove(2)
    write_changes()
    assert (held(papers), held(papers, folder.RESERVED)) == (set(), {1})


def test_an_index_that_is_lost_broken_or_of_other_fields_is_made_again(papers, monkeypatch):
    papers.put(paper(1, "école", facets={"matiere": ("7.5",)}))
    write_changes()
    place = folder_of(papers.library)
    first = place.current()
    store().delete(f"{place.room}/current")
    assert papers.search(ANONYMOUS, "école").keys == (1,)
    second = place.current()
    assert second != first
    assert not first.exists()
    (second / folder.OPEN / "meta.json").write_text("{")
    papers.put(paper(2, "école"))
    assert set(papers.search(ANONYMOUS, "école").keys) == {1, 2}
    other = replace(papers.library, facets=(*papers.library.facets, DocumentFacet("matiere", "Matière")))
    monkeypatch.setattr(Papers, "library", other)
    papers.install(monkeypatch)
    result = papers.search(ANONYMOUS, "école", counted=("matiere",))
    assert [(row.slug, row.count) for row in result.facets["matiere"]] == [("7.5", 1)]


def test_what_was_not_heard_of_is_found_once_the_whole_is_made_again(papers):
    papers.put(paper(1, "école"))
    write_changes()
    papers.put(paper(2, "école"), heard=False)
    assert papers.search(ANONYMOUS, "école").keys == (1,)
    seen: list[tuple[str, int, int | None]] = []
    assert rebuild(papers.library, lambda stage, done, total=None: seen.append((stage, done, total))) == 2
    assert seen == [("Papiers", 0, 2), ("Papiers", 1, 2)]
    assert set(papers.search(ANONYMOUS, "école").keys) == {1, 2}
    assert documents_held(papers.library) == papers.library.count() == 2


def test_all_may_be_marked_at_once(papers):
    papers.put(paper(1, "école"))
    write_changes()
    papers.put(paper(2, "école"), heard=False)
    DocumentChange.objects.create(library="papers")
    assert set(papers.search(ANONYMOUS, "école").keys) == {1, 2}
    assert not DocumentChange.objects.exists()


def test_the_index_of_the_house_made_again_leaves_those_of_libraries(papers):
    papers.put(paper(1, "école"))
    write_changes()
    path = folder_of(papers.library).current()
    rebuild_house()
    assert folder_of(papers.library).current() == path
    assert path.exists()


def test_who_reads_keeps_answering_while_another_index_takes_its_place(papers):
    papers.put(paper(1, "école"))
    shelves = index.opened(papers.library)
    rebuild(papers.library)
    query = tantivy.Query.term_query(shelves[0].schema, stems_field(), "ecol")
    assert index.first(shelves[0], query, 5, papers.library.sorts[0])[0] == 1
    assert index.opened(papers.library)[0].path != shelves[0].path


def test_words_of_what_was_removed_leave_the_files_of_the_index_in_the_night(papers):
    def is_on_the_disk(word: str) -> bool:
        path = folder_of(papers.library).current()
        searchers = [tantivy.Index.open(str(path / name)).searcher() for name in folder.SHELVES]
        return any(searcher.terms_with_prefix(words_field(), word) for searcher in searchers)

    papers.put(paper(1, "Madame Zyxwvut est sinistrée."), paper(2, "Le budget."), paper(3, "La voirie."))
    write_changes()
    assert is_on_the_disk("zyxwvut")
    assert forget_removed() == []
    papers.put(paper(1, "Madame X est sinistrée."))
    write_changes()
    assert papers.search(ANONYMOUS, "zyxwvut").total == 0
    assert is_on_the_disk("zyxwvut")
    assert forget_removed() == ["papers"]
    assert not is_on_the_disk("zyxwvut")
    assert papers.search(ANONYMOUS, "sinistrée").keys == (1,)
    assert forget_removed() == []


ROUND = 30
KILLS = 12

READER = """
import json, sys
import tantivy
from pathlib import Path
path, over = Path(sys.argv[1]), Path(sys.argv[2])
rounds = set()
while not over.exists():
    searcher = tantivy.Index.open(str(path)).searcher()
    hits = searcher.search(tantivy.Query.all_query(), limit=1000).hits
    values = searcher.fast_field_values("number_jour", [address for _score, address in hits])
    assert len(values) in (0, 30), len(values)
    assert len(set(values)) <= 1, values
    rounds |= set(values)
print(json.dumps(sorted(rounds)))
"""


@pytest.mark.slow
def test_killed_at_any_instant_the_writer_leaves_whole_rounds_and_readers_of_other_processes_see_no_other(tmp_path):
    papers, path, over = Papers(), tmp_path / "index", tmp_path / "over"
    path.mkdir()
    started = time.monotonic()
    _write_round(papers, path, 1)
    longest = 4 * (time.monotonic() - started)
    command = [sys.executable, "-c", READER, str(path / folder.OPEN), str(over)]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _reader in range(2)]
    dice, rank, kills = random.Random(20261129), 1, 0
    while kills < KILLS or rank < 5:
        writer = os.fork()
        if writer == 0:
            _write_without_end(papers, path, rank)
        time.sleep(dice.uniform(0, longest))
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        kills += 1
        if _round_of(path) == rank:
            longest *= 1.1  # a busy machine gives a writer less to do
        rank = _round_of(path)
        assert kills < 10 * KILLS, "the writer never has the time to write"
    _write_round(papers, path, rank + 1)
    assert _round_of(path) == rank + 1
    over.touch()
    for reader in readers:
        rounds = json.loads(reader.communicate(timeout=120)[0])
        assert reader.returncode == 0
        assert len(rounds) > 1


def _write_round(papers: Papers, path: Path, rank: int) -> None:
    papers.documents = {key: paper(key, "école", numbers={"jour": rank}) for key in range(ROUND)}
    write_documents(papers.library, path, range(ROUND))


def _write_without_end(papers: Papers, path: Path, rank: int) -> None:
    try:
        while True:
            rank += 1
            _write_round(papers, path, rank)
    finally:
        os._exit(1)


def _round_of(path: Path) -> int:
    searcher = register(tantivy.Index.open(str(path / folder.OPEN))).searcher()
    hits = searcher.search(tantivy.Query.all_query(), limit=1_000).hits
    rounds = set(searcher.fast_field_values("number_jour", [address for _score, address in hits]))
    assert len(hits) == ROUND
    assert len(rounds) == 1
    return rounds.pop()


def test_while_another_writes_nothing_is_written_and_then_everything_is(papers):
    papers.put(paper(1, "école"))
    with folder_of(papers.library).alone(0.0):
        assert write_changes() == 0
        assert papers.search(OPERATOR, "école").is_ready is False
    write_changes()
    assert not DocumentChange.objects.exists()
    assert papers.search(ANONYMOUS, "école").total == 1
