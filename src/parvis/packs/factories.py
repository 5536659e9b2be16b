"""Versions of the datasets of a pack, for tests: its files are read as its loading reads them."""

from __future__ import annotations

from pathlib import Path

from parvis.core.formats.options import ReadOptions
from parvis.core.ingest import ingest
from parvis.core.profiling.plans import Override
from parvis.core.versions.manifest import Manifest
from parvis.core.versions.misfits import MisfitPolicy
from parvis.packs.bundled_files import PackDataset


def read_file(dataset: PackDataset, destination: Path, work: Path) -> Manifest:
    """Read the file of a dataset into a version below ``destination``; its manifest."""
    return ingest(
        dataset.file,
        name=dataset.file.name,
        destination=destination,
        work=work,
        options=ReadOptions.from_dict(dict(dataset.reading)),
        overrides={name: Override.from_dict(row) for name, row in dataset.overrides.items()},
        policy=MisfitPolicy(dataset.on_misfit),
    )
