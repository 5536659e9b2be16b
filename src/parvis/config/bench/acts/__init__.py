"""A million acts of a region: how fast they are indexed, and found while others are deposited and a reader is killed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping

from parvis.config.bench.figures import Figure

FACETS, OPENING, RATE, MEMORY = 50, 2_000, 500, 1_000
"""Budgets of the design: milliseconds (p95) of three words with facets, and of opening; acts a second; megabytes."""
LEAST = 500
"""Acts of a trial of the benchmark on a few rows."""


def acts_figures(environment: Mapping[str, str], acts: int, turns: int) -> list[Figure]:
    """Everything measured with so many acts, each question asked so many times with other words, in processes of their own."""
    command = [sys.executable, "-m", "parvis.config.bench.acts.measured", str(acts), str(turns)]
    settings = {**environment, "DJANGO_SETTINGS_MODULE": "parvis.config.settings"}
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=settings)
    if run.returncode:
        raise RuntimeError(run.stderr.strip()[-2000:])
    measures = json.loads(run.stdout.splitlines()[-1])
    return [_figure(name, value, acts) for name, value in measures.items()]


def _figure(name: str, value: float, acts: int) -> Figure:
    what, unit = name.rsplit("|", 1)
    budget = {
        "indexation": RATE,
        "ouverture et première recherche": OPENING,
        "trois mots et six facettes, p95": FACETS,
        "trois mots et six facettes pendant des dépôts, p95": FACETS,
        "mémoire d’un lecteur": MEMORY,
        "mémoire de l’écrivain": MEMORY,
    }.get(what)
    number = f"{acts:,}".replace(",", " ")
    return Figure("actes", f"{what} ({number} actes)", unit, value, budget=budget, rate=unit == "/s")
