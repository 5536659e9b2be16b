"""False alarms on real files: those of the demonstration, small enough to be searched at each run."""

from __future__ import annotations

from pathlib import Path

import pytest

from parvis.core.privacy import search_file
from parvis.packs.bundled_files import demo_pack

SMALL = 260_000
NAMED = {"subventions-poitiers-2017"}
"""Files that name persons indeed, and have a decision."""

ROWS = [row for row in demo_pack().datasets if row.file.stat().st_size < SMALL]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.dataset_id)
def test_a_real_file_waits_only_when_it_names_persons(row, tmp_path: Path) -> None:
    report = search_file(row.file, work=tmp_path)
    assert bool(report.blocking) == (row.dataset_id in NAMED)
    assert bool(row.privacy) == (row.dataset_id in NAMED)
