"""Pages of OData on one loaded version, beside what the Explore API gives of the same rows: a page of a walk, a file of JSON.

Each page is another every time; processor time is what is compared, since the machine does other things meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from time import process_time

from parvis.config.bench.figures import Figure
from parvis.core.engine import Source
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.explore import ExploreRequest, export, records
from parvis.core.explore.cursor import token, walk_key, write_token
from parvis.core.odata.edm import entity_set
from parvis.core.odata.pages import PAGE_ROWS, page
from parvis.core.odata.questions import read_question
from parvis.core.versions.manifest import read_manifest

SMALL = 100
SMALL_BUDGET, LARGE_BUDGET = 1.5, 3.0
"""A page of a walk costs what one of the Explore API does; a large one is ordered, where a file gives rows as they lie."""


def odata_figures(version: Path, turns: int) -> list[Figure]:
    """A short page and a whole one, somewhere in the rows, on the version in this folder."""
    source = Source(str(version.absolute()), read_manifest(version))
    engine = DuckDBEngine(version.parent.parent, memory="1GB", threads=2)
    engine.warm(source)
    places = count(1)
    question = read_question(entity_set("mesure", "Mesure", source.shape), {}, "Europe/Paris")
    key = walk_key(source, question.walk)

    def after() -> int:
        return next(places) * 7_919 % max(source.rows - PAGE_ROWS, 1)

    def ours(rows: int) -> None:
        page(engine, source, replace(question, token=write_token((), after(), key)), rows)

    def walk() -> None:
        request = ExploreRequest(limit=SMALL, timezone="Europe/Paris")
        records(engine, source, replace(request, after=token(request, source, (), after())))

    def file() -> None:
        request = ExploreRequest(limit=PAGE_ROWS, offset=after(), timezone="Europe/Paris")
        sum(map(len, export(engine, source, "json", request)))

    pairs = (
        (f"page de {SMALL} lignes", lambda: ours(SMALL), "une page de l’API Explore (after)", walk, SMALL_BUDGET),
        (
            f"page de {PAGE_ROWS:_} lignes".replace("_", " "),
            lambda: ours(PAGE_ROWS),
            "les mêmes lignes en JSON",
            file,
            LARGE_BUDGET,
        ),
    )
    figures = []
    for label, work, peer, other, budget in pairs:
        seconds, beside = _shortest((work, other), turns)
        figures.append(Figure("odata", f"{label}, processeur", "ms", seconds * 1000, peer, beside * 1000, budget))
    engine.close()
    return figures


def _shortest(works: tuple[Callable[[], None], Callable[[], None]], turns: int) -> tuple[float, float]:
    """The least processor time of each, asked in turn, once warm."""
    best = [float("inf")] * 2
    for turn in range(turns + 1):
        for rank, work in enumerate(works):
            start = process_time()
            work()
            if turn:
                best[rank] = min(best[rank], process_time() - start)
    return best[0], best[1]
