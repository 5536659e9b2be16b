"""No change of the bytes of a picture ends the process that decodes it, nor has it take more than a picture takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("mutated_pictures.py")
NUMBER = int(os.environ.get("PARVIS_FUZZ_PICTURES", "80"))
"""Of each kind."""
SEED = os.environ.get("PARVIS_FUZZ_SEED", "1")
OUTCOMES = {"clean", "picture-broken", "picture-unknown", "picture-too-large"}


def test_pictures_changed_at_random_are_cleaned_or_refused():
    run = subprocess.run([sys.executable, SCRIPT, SEED, str(NUMBER)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"seed {SEED}: {run.stderr[-2_000:]}"
    report = json.loads(run.stdout)
    assert sum(report["counts"].values()) == 5 * NUMBER
    assert {name.split()[1] for name in report["counts"]} <= OUTCOMES
    assert {name.split()[0] for name in report["counts"] if name.endswith(" clean")} >= {
        "jpeg",
        "png",
        "webp",
        "gif",
        "avif",
    }
    assert report["megabytes"] < 600
