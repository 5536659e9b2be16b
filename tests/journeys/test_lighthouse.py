"""What Lighthouse gives to four pages of the demonstration: ``make lighthouse``, which installs it; it is no part of ``make test``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HERE = Path(__file__).resolve().parents[1] / "lighthouse"
LEAST = {"accessibility": 100, "best-practices": 95, "seo": 95}
MOST_SHIFT = 0.05
PATHS = ("/", "/explore/", "/explore/dataset/arbres-saint-germain-en-laye/information/", "/pages/fibre/")


@pytest.mark.skipif(not os.environ.get("PARVIS_LIGHTHOUSE"), reason="make lighthouse")
def test_lighthouse_finds_nothing_to_say(portal):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "Chromium est introuvable : sudo apt-get install chromium"
    command = ["node", "measure.mjs", chromium, *(portal + path for path in PATHS)]
    run = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True, timeout=600)
    measured = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    faults = []
    for audit in measured:
        print(
            audit["address"].removeprefix(portal),
            audit["scores"],
            f"shift {audit['shift']:.3f}",
            *audit["missed"],
            sep="\n  ",
        )
        faults += [(audit["address"], name) for name, least in LEAST.items() if audit["scores"][name] < least]
        faults += [(audit["address"], audit["failed"])] if audit["failed"] else []
        faults += [(audit["address"], "shift")] if audit["shift"] >= MOST_SHIFT else []
    assert len(measured) == len(PATHS)
    assert faults == []
