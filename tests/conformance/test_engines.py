"""The cases about rows, groups and facets, asked of both engines over the same files: no server, no database between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from conformance.conftest import Home
from conformance.reading import Case, read_cases
from parvis.core.engine import Engine, Source
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.engine.tests.plain.engine import PlainEngine
from parvis.core.errors import RequestError
from parvis.core.explore import ExploreRequest, facets, records
from parvis.core.versions.manifest import read_manifest

DATASETS = "/catalog/datasets/"


def asked(case: Case) -> tuple[str, str, list[tuple[str, str]]] | None:
    """The dataset, ``records`` or ``facets``, and the parameters of a case; None when it is about something else."""
    address = urlsplit(case.address)
    dataset, _slash, endpoint = address.path.removeprefix(DATASETS).partition("/")
    if not address.path.startswith(DATASETS) or endpoint not in ("records", "facets"):
        return None
    return dataset, endpoint, parse_qsl(address.query, keep_blank_values=True)


@pytest.fixture(scope="session")
def sources(home: Home) -> dict[str, Source]:
    """The versions of the instance, by the name of the file they were imported from."""
    versions = [
        folder for folder in (home.folder / "datasets").glob("*/versions/*") if (folder / "manifest.json").is_file()
    ]
    manifests = {folder: read_manifest(folder) for folder in versions}
    return {
        Path(manifest.original.file).stem: Source(folder.relative_to(home.folder).as_posix(), manifest)
        for folder, manifest in manifests.items()
    }


@pytest.fixture(scope="session")
def engines(home: Home) -> Iterator[tuple[Engine, Engine]]:
    """DuckDB, and Python row by row."""
    engine = DuckDBEngine(home.folder / "datasets", locate=home.folder.joinpath, memory="300MB")
    yield engine, PlainEngine(home.folder.joinpath)
    engine.close()


def answer(engine: Engine, source: Source, endpoint: str, pairs: list[tuple[str, str]]) -> Any:
    """What an engine answers, or the class of what it refuses."""
    try:
        request = ExploreRequest.from_query(pairs)
        if endpoint == "facets":
            return facets(engine, source, request)
        page = records(engine, source, request)
        return page.total_count, page.results
    except RequestError as error:
        return type(error)


# Each engine draws orders of its own at random.
@pytest.mark.parametrize(
    "case", [case for case in read_cases() if asked(case) and "random(" not in case.path], ids=lambda case: case.name
)
def test_both_engines_answer_a_case_alike(engines, sources, case):
    dataset, endpoint, pairs = asked(case)
    if dataset not in sources:
        dataset = "arbres-essai"  # cases about datasets that are not there
    duckdb_answer, plain_answer = (answer(engine, sources[dataset], endpoint, pairs) for engine in engines)
    assert plain_answer == duckdb_answer
