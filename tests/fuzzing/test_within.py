"""The long run asks, notes, goes on where it was cut, and fails when an answer is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent / "within.py"


def run(notes: Path, questions: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROGRAM), "--questions", str(questions), "--seed", "7", "--notes", str(notes)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_run_is_counted_and_goes_on(tmp_path):
    first = run(tmp_path, 20)
    assert first.returncode == 0, first.stdout + first.stderr[-2000:]
    assert "known 200" in first.stdout
    notes = tmp_path / "seed-7.jsonl"
    (note,) = map(json.loads, notes.read_text().splitlines())
    assert (note["first"], note["count"], sum(note["statuses"].values()), note["faults"]) == (0, 20, 20, [])
    notes.write_text(json.dumps({**note, "faults": ["question 3 was answered wrongly"]}) + "\n")
    again = run(tmp_path, 20)
    assert again.returncode == 1
    assert "question 3 was answered wrongly" in again.stdout
    assert len(notes.read_text().splitlines()) == 1
