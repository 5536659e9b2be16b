"""Versions written from the text of a file, the real way."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from parvis.core.ingest import ingest
from parvis.core.versions.misfits import MisfitPolicy


@pytest.fixture(scope="session")
def version_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """``version_of(text)`` imports the text of a CSV file and gives the folder of the version."""
    root = tmp_path_factory.mktemp("quality")
    numbers = itertools.count(1)

    def make(text: str, policy: MisfitPolicy = MisfitPolicy.STOP) -> Path:
        name = f"v{next(numbers)}"
        source = root / f"{name}.csv"
        source.write_text(text, encoding="utf-8")
        ingest(source, name="jeu.csv", destination=root, work=root / "work", version=name, policy=policy)
        return root / name

    return make
