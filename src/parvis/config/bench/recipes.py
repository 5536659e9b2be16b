"""An import through ten steps of preparation, beside the same import without any."""

from __future__ import annotations

from pathlib import Path

from parvis.config.bench.figures import Figure
from parvis.config.bench.imports import CLOCKS, OURS, alone

BUDGET = 2.5
"""Times a plain import, for ten steps."""

_PREPARED = f"""
from parvis.core.ingest import ingest
from parvis.core.transforms import Step
STEPS = [
    Step("prepare.rename", {{"names": {{"debit": "débit"}}}}),
    Step("prepare.trim", {{"columns": ["jour"]}}),
    Step("prepare.type", {{"columns": ["débit"], "type": "double"}}),
    Step("prepare.type", {{"columns": ["jour"], "type": "date"}}),
    Step("prepare.date_part", {{"column": "jour", "part": "year", "to": "année"}}),
    Step("prepare.replace", {{"columns": ["en_service"], "from": "oui", "with": "O"}}),
    Step("prepare.regex_extract", {{"column": "jour", "pattern": "-([0-9]{{2}})-", "to": ["mois"]}}),
    Step("prepare.compute", {{"to": "double", "sql": "passages::DOUBLE * 2"}}),
    Step("prepare.filter", {{"where": [{{"column": "passages", "is": "filled"}}]}}),
    Step("prepare.drop", {{"columns": ["mois"]}}),
]
{CLOCKS}
manifest = ingest(source, name=source.name, destination=folder / "versions", work=folder / "work", steps=STEPS)
version = manifest.version
assert len(manifest.lineage) == len(STEPS)
"""


def recipe_figures(folder: Path, sample: Path) -> list[Figure]:
    """Processor, time and memory of both."""
    prepared, plain = alone(_PREPARED, sample, folder / "recette"), alone(OURS, sample, folder / "sans-recette")
    return [
        Figure("recette", f"import par dix étapes, {label}", unit, prepared[key], "import simple", plain[key], budget)
        for key, label, unit, budget in (
            ("processor", "processeur", "s", BUDGET), ("seconds", "durée", "s", None), ("megabytes", "mémoire", "Mo", None),
        )
    ]  # fmt: skip
