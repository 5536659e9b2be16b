"""A table against its schema: time and memory, beside frictionless on the same file."""

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
MEGABYTES = 1024

# Each in a process of its own, as for imports: time and peak of memory are those of the work and nothing else.
_START = """
import json, sys, time
from pathlib import Path
source, schema, folder = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
"""
_OURS = """
from parvis.core.schemas.retrieval import load_schema
from parvis.core.validation.validator import validate
start, busy = time.perf_counter(), time.process_time()
report = validate(source, load_schema(schema), folder)
valid, rows = report.valid, report.rows
"""
_PEER = """
from frictionless import Resource, Schema, system
start, busy = time.perf_counter(), time.process_time()
with system.use_context(trusted=True):
    report = Resource(path=str(source), schema=Schema(str(schema))).validate()
valid, rows = report.valid, report.tasks[0].stats.get("rows", 0)
"""
_END = """
status = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
seconds, processor = time.perf_counter() - start, time.process_time() - busy
print(json.dumps({"seconds": seconds, "processor": processor, "megabytes": int(status) / 1024, "valid": valid, "rows": rows}))
"""


def validation_figures(folder: Path, sample: Path) -> list[Figure]:
    """Time to find the whole file right, its ratio to frictionless on the same file in the same run, and the peak of memory."""
    schema = folder / "schema.json"
    schema.write_text(json.dumps(SCHEMA), encoding="utf-8")
    parvis_run = _measured(_OURS, sample, schema, folder / "faults")
    figures = [Figure("validation", "mémoire, au plus haut", "Mo", parvis_run["megabytes"], budget=MEGABYTES)]
    if importlib.util.find_spec("frictionless") is None:
        return [Figure("validation", "fichier entier", "s", parvis_run["seconds"]), *figures]
    peer = _measured(_PEER, sample, schema, folder)
    times = [
        Figure(
            "validation", label, "s", parvis_run[key], "frictionless", peer[key], BUDGET if key == "seconds" else None
        )
        for key, label in (("seconds", "fichier entier"), ("processor", "fichier entier, processeur"))
    ]
    return [*times, *figures]


def _measured(work: str, sample: Path, schema: Path, folder: Path) -> dict[str, Any]:
    """The facts that one process tells of its work; RuntimeError when it failed or found the file wrong."""
    command = [sys.executable, "-c", _START + work + _END, str(sample), str(schema), str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    match = re.search(r"\{.*\}\s*\Z", run.stdout)
    if run.returncode or match is None:
        raise RuntimeError(f"validation: {run.stderr.strip()[-2000:]}")
    facts: dict[str, Any] = json.loads(match[0])
    if not facts["valid"]:
        raise RuntimeError("validation: the sample was found wrong")
    return facts
