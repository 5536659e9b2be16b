"""What comes after an import: corrections proposed and made, portraits and quality; beside DuckDB on the same file."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from parvis.config.bench.figures import Figure
from parvis.config.bench.imports import CLOCKS, alone
from parvis.config.bench.sample import QUIET
from parvis.config.bench.validations import SCHEMA

MENDING_BUDGET = 8
QUALITY_BUDGET = 1.5

_TO_MEND = """SELECT * REPLACE (strftime(CAST(jour AS DATE), '%d/%m/%Y') AS jour, replace(debit, '.', ',') AS debit,
    upper(en_service) AS en_service, CASE WHEN passages LIKE '%00' THEN passages || ' ' ELSE passages END AS passages)
FROM read_csv('{source}', all_varchar = true)"""
"""The sample as French hands write it: days, decimal commas, capitals, blanks."""

_PREPARED = """
from parvis.core.formats.file_reader import read
from parvis.core.repairs import propose
from parvis.core.schemas.retrieval import load_schema
from parvis.core.staging import open_workspace
from parvis.core.transforms import apply_steps
schema = load_schema(Path(sys.argv[3]))
"""
_PROPOSED = f"""{_PREPARED}{CLOCKS}
with open_workspace(folder / "work") as workspace:
    staged, _detected = read(source, workspace, name=source.name)
    proposals = propose(workspace, staged, schema)
assert {{proposal.column for proposal in proposals}} >= {{"jour", "debit", "en_service", "passages"}}
"""
_MENDED = f"""{_PREPARED}
with open_workspace(folder / "before") as workspace:
    staged, _detected = read(source, workspace, name=source.name)
    proposals = propose(workspace, staged, schema)
steps = [step for row in proposals if (step := row.step(row.choices[0].variant if row.choices else ""))]
{CLOCKS}
with open_workspace(folder / "work") as workspace:
    staged, _detected = read(source, workspace, name=source.name)
    apply_steps(workspace, staged, steps, secret=b"")
"""
_READ = f"""
import duckdb
{CLOCKS}
with duckdb.connect(config={{"threads": 2}}) as connection:
    connection.execute(f"CREATE TABLE rows AS FROM read_csv('{{source}}', all_varchar = true)")
"""
_QUALITY = f"""
from parvis.core.quality.measures import measure
from parvis.core.quality.portraits import portraits
{CLOCKS}
measure(source)
portraits(source)
"""
_SUMMARY = f"""
import duckdb
{CLOCKS}
with duckdb.connect(config={{"threads": 2}}) as connection:
    connection.execute(f"SUMMARIZE FROM read_parquet('{{source}}/**/*.parquet')").fetchall()
"""


def mending_figures(folder: Path, sample: Path) -> list[Figure]:
    """A file to mend: read and told what can be put right, then read and put right; beside DuckDB that reads it as texts."""
    source, schema = folder / "a-corriger.csv", folder / "schema-corrections.json"
    schema.write_text(json.dumps(SCHEMA), encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute(QUIET)
        connection.execute(f"COPY ({_TO_MEND.format(source=sample)}) TO '{source}' (HEADER, DELIMITER ';')")
    peer = alone(_READ, source, folder / "lecture")
    return [
        Figure(
            "corrections",
            f"{label}, processeur",
            "s",
            run["processor"],
            "DuckDB, lecture seule",
            peer["processor"],
            MENDING_BUDGET,
        )
        for label, run in (
            ("lues et proposées", alone(_PROPOSED, source, folder / "propositions", str(schema))),
            ("lues et faites", alone(_MENDED, source, folder / "corrections", str(schema))),
        )
    ]


def quality_figures(folder: Path, version: Path) -> list[Figure]:
    """The measures of quality and the portraits of a version, beside DuckDB's own summary of its columns."""
    run, peer = (alone(work, version, folder / name) for work, name in ((_QUALITY, "qualite"), (_SUMMARY, "resume")))
    return [
        Figure("qualité", f"mesures et portraits, {label}", "s", run[key], "DuckDB, SUMMARIZE", peer[key], budget)
        for key, label, budget in (("processor", "processeur", QUALITY_BUDGET), ("seconds", "durée", None))
    ]
