"""A table against its schema, right then with faults: time and memory, beside frictionless on the same file."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from parvis.config.bench.figures import Figure

SCHEMA = {
    "fields": [
        {
            "name": "code_insee",
            "type": "string",
            "constraints": {"required": True, "pattern": "^([013-9]\\d|2[AB1-9])\\d{3}$"},
        },
        {"name": "compteur", "type": "string", "constraints": {"required": True, "maxLength": 40}},
        {"name": "adresse", "type": "string"},
        {"name": "horodatage", "type": "datetime", "constraints": {"required": True}},
        {"name": "jour", "type": "date", "constraints": {"minimum": "2020-01-01"}},
        {"name": "passages", "type": "integer", "constraints": {"minimum": 0}},
        {"name": "debit", "type": "number", "constraints": {"minimum": 0}},
        {"name": "latitude", "type": "number", "constraints": {"minimum": -90, "maximum": 90}},
        {"name": "longitude", "type": "number", "constraints": {"minimum": -180, "maximum": 180}},
        {"name": "en_service", "type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]},
    ]
}
BUDGET = 1 / 15
FAULTS = 600
_WRONG = {0: "9x001", 3: "hier", 4: "2019-02-30", 5: "-3", 6: "abc", 7: "120", 8: "-181.5", 9: "peut-être"}
"""Rank of a column and what is wrong there."""
MEGABYTES = 1024

# Each in a process of its own, as for imports: time and peak of memory are those of the work and nothing else.
_START = """
import json, sys, time
from pathlib import Path
source, schema, folder = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
"""
_OURS = """
from parvis.core.unused import leave_pandas_out
leave_pandas_out()
from parvis.core.schemas.retrieval import load_schema
from parvis.core.validation.validator import validate
start, busy = time.perf_counter(), time.process_time()
report = validate(source, load_schema(schema), folder)
faults = report.total
"""
_PEER = """
from frictionless import Resource, Schema, system
start, busy = time.perf_counter(), time.process_time()
with system.use_context(trusted=True):
    report = Resource(path=str(source), schema=Schema(str(schema))).validate()
faults = report.stats["errors"]
"""
_END = """
status = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
seconds, processor = time.perf_counter() - start, time.process_time() - busy
print(json.dumps({"seconds": seconds, "processor": processor, "megabytes": int(status) / 1024, "faults": faults}))
"""


def validation_figures(folder: Path, sample: Path) -> list[Figure]:
    """Time to find the whole file right, then to find all its faults, beside frictionless in the same run; the peak of memory."""
    schema = folder / "schema.json"
    schema.write_text(json.dumps(SCHEMA), encoding="utf-8")
    faulty = folder / "fautes.csv"
    faults = write_faulty(sample, faulty)
    figures = _beside(folder, sample, schema, 0, "fichier juste")
    return [*figures, *_beside(folder, faulty, schema, faults, f"fichier de {faults} fautes")]


def write_faulty(sample: Path, target: Path) -> int:
    """Copy the sample with faults spread over its rows and columns; gives how many."""
    with sample.open(encoding="utf-8") as source:
        rows = sum(1 for _ in source) - 1
    step = max(rows // FAULTS, 1)
    wrong = list(_WRONG.items())
    faults = 0
    with sample.open(encoding="utf-8") as source, target.open("w", encoding="utf-8") as stream:
        for rank, line in enumerate(source):
            if rank and faults < FAULTS and rank % step == 0:
                cells = line.rstrip("\n").split(",")
                place, text = wrong[faults % len(wrong)]
                cells[place] = text
                faults += 1
                line = ",".join(cells) + "\n"
            stream.write(line)
    return faults


def _beside(folder: Path, source: Path, schema: Path, faults: int, label: str) -> list[Figure]:
    parvis_run = _measured(_OURS, source, schema, folder / "faults", faults)
    memory = Figure("validation", f"{label}, mémoire au plus haut", "Mo", parvis_run["megabytes"], budget=MEGABYTES)
    if importlib.util.find_spec("frictionless") is None:
        return [Figure("validation", label, "s", parvis_run["seconds"]), memory]
    peer = _measured(_PEER, source, schema, folder, faults)
    times = [
        Figure("validation", what, "s", parvis_run[key], "frictionless", peer[key], BUDGET)
        for key, what in (("seconds", label), ("processor", f"{label}, processeur"))
    ]
    return [*times, memory]


def _measured(work: str, source: Path, schema: Path, folder: Path, faults: int) -> dict[str, Any]:
    """The facts that one process tells of its work; RuntimeError when it failed or found other faults than there are."""
    command = [sys.executable, "-c", _START + work + _END, str(source), str(schema), str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    match = re.search(r"\{.*\}\s*\Z", run.stdout)
    if run.returncode or match is None:
        raise RuntimeError(f"validation: {run.stderr.strip()[-2000:]}")
    facts: dict[str, Any] = json.loads(match[0])
    if facts["faults"] != faults:
        raise RuntimeError(f"validation: {facts['faults']} faults were found of {faults}")
    return facts
