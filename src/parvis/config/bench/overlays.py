"""Accepted contributions laid over a source while it is imported; beside the same import without any."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from parvis.config.bench.figures import Figure
from parvis.config.bench.imports import CLOCKS, OURS, alone
from parvis.config.bench.sample import QUIET
from parvis.core.overlays import CellChange, Overlay

BUDGET = 2.2
"""Types are guessed twice, before and after: what is written may be the first value of a column."""
CHANGES = 1_000

_LAID = f"""
import json
from parvis.core.ingest import ingest
from parvis.core.overlays import Overlay
overlay = Overlay.from_dict(json.loads(Path(sys.argv[3]).read_text(encoding="utf-8")))
{CLOCKS}
manifest = ingest(source, name=source.name, destination=folder / "versions", work=folder / "work", overlay=overlay)
version = manifest.version
assert manifest.lineage[-1]["details"]["applied"] == len(overlay.cells)
"""


def overlay_figures(folder: Path, sample: Path) -> list[Figure]:
    """A thousand corrected cells, spread over the file, or one for each row of a shorter one."""
    with duckdb.connect() as connection:
        connection.execute(QUIET)
        rows = connection.execute(
            f"SELECT strftime(horodatage::TIMESTAMP, '%Y-%m-%dT%H:%M:%S'), passages::VARCHAR FROM read_csv('{sample}') "
            f"USING SAMPLE {CHANGES} ROWS (reservoir, 7)"
        ).fetchall()
    cells = (CellChange(moment, (moment,), "passages", value, str(int(value) + 1)) for moment, value in rows)
    overlay = folder / "contributions.json"
    overlay.write_text(json.dumps(Overlay(("horodatage",), tuple(cells)).to_dict()), encoding="utf-8")
    laid = alone(_LAID, sample, folder / "avec", str(overlay))
    peer = alone(OURS, sample, folder / "sans")
    return [
        Figure(
            "contributions",
            "1 000 corrections posées pendant l’import, processeur",
            "s",
            laid["processor"],
            "le même import sans elles",
            peer["processor"],
            BUDGET,
        )
    ]
