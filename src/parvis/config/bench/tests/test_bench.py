"""The benchmark, run whole on a small file; what it measures is not judged here."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from parvis.config.bench.datasette import is_here
from parvis.config.bench.figures import Figure
from parvis.config.cli.arguments import BENCH_PARTS
from parvis.config.cli.bench import PARTS
from parvis.hub.home.layouts import LAYOUT_NAMES

BIN = Path(sys.executable).parent
FEW = ("--rows", "2000", "--seconds", "0.1", "--json")
DONE = (0, 1)
"""1 tells that a budget was passed: two thousand rows prove nothing."""

BEYOND = ("mémoire prise", "au-delà d’un portail vide", "mémoire de l’écrivain")
"""What a process took beyond what it held before, which may be nothing of so few rows."""


def measure(home: Path, *options: str) -> list[dict]:
    """Run the command in a process of its own, as its users do, and read its figures."""
    run = subprocess.run(
        [BIN / "parvis", "bench", *FEW, *options],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(home)},
    )
    assert run.returncode in DONE, run.stderr
    assert not list(home.glob("parvis-bench-*"))
    return json.loads(run.stdout)["figures"]


@pytest.mark.slow
def test_bench_measures_every_part_beside_its_peers(tmp_path):
    figures = measure(tmp_path, "--format", "csv", "--format", "geojson")
    subjects = {
        "fond",
        "import",
        "isolement",
        "question",
        "tuile",
        "export",
        "odata",
        "départ",
        "page",
        "débit",
        "équité",
        "appelants lents",
        "validation",
        "corrections",
        "contributions",
        "qualité",
        "agenda",
        "rapprochement",
        "catalogue",
        "actes",
        "formes",
        "mémoire",
        "moisson",
        "emménagement",
        "poussées",
        "recette",
        "tout exporter",
    }
    assert {figure["subject"] for figure in figures} == subjects
    measured = [figure for figure in figures if figure["subject"] not in ("équité", "appelants lents")]
    assert all(math.isfinite(figure["ours"]) for figure in measured)
    empty = [(figure["subject"], figure["what"]) for figure in measured if not figure["ours"] > 0]
    assert [what for what in empty if not any(words in what[1] for words in BEYOND)] == []
    assert all(figure["peer"] is None or figure["peer"] > 0 for figure in figures)
    refused = [figure for figure in figures if "refusées à côté" in figure["what"]]
    assert [figure["ours"] for figure in refused if figure["subject"] == "appelants lents"] == [0]
    peers = {figure["peer_name"] for figure in figures}
    assert {"DuckDB, même Parquet : types, point, ordre", "DuckDB, read_csv → Parquet", "DuckDB seul"} <= peers
    assert ("sqlite-utils" in peers) == (shutil.which("sqlite-utils", path=str(BIN)) is not None)
    labels = {figure["what"] for figure in figures}
    assert {f"accueil « {layout} », p95" for layout in LAYOUT_NAMES} | {"page thématique, six blocs, p95"} <= labels
    leaving = [(figure["unit"], figure["peer_name"]) for figure in figures if figure["subject"] == "tout exporter"]
    besides = ("cp des mêmes fichiers", "DuckDB seul, mêmes lignes et formats", "sha256 des mêmes fichiers")
    assert leaving == [*(("s", name) for name in besides), ("Mo", "")], leaving
    moving = {figure["what"]: figure["ours"] for figure in figures if figure["subject"] == "emménagement"}
    requests = [value for what, value in moving.items() if what.startswith("demandes")]
    assert len(moving) == 7
    assert requests[0] > requests[1] > 0, "what has not changed is compared, not brought again"
    beside = {figure["subject"] for figure in figures if figure["peer_name"] == "Datasette"}
    assert beside == ({"question", "export", "page", "débit", "formes"} if is_here() else set())


@pytest.mark.slow
def test_one_part_may_be_measured_alone(tmp_path):
    figures = measure(tmp_path, "--only", "questions")
    assert {figure["subject"] for figure in figures} == {"question"}
    labels = {figure["what"] for figure in figures}
    assert {"page de 20 lignes", "deux facettes", "groupe et moyenne", "une ligne par son identifiant"} <= labels


def test_the_parts_named_in_the_help_are_those_there_are():
    assert tuple(PARTS) == BENCH_PARTS


def test_a_budget_is_a_ceiling_for_durations_and_a_floor_for_rates():
    assert Figure("x", "durée", "ms", 10, "pair", 5, budget=2).within
    assert not Figure("x", "durée", "ms", 11, "pair", 5, budget=2).within
    assert Figure("x", "débit", "/s", 1000, budget=1000, rate=True).within
    assert not Figure("x", "débit", "/s", 999, budget=1000, rate=True).within
    assert Figure("x", "débit", "/s", 10, "pair", 5, budget=2, rate=True).within
    assert Figure("x", "débit", "/s", 10).within is None
