"""The wheel alone, in a virtual environment of its own, gives the demonstration that the other journeys walk."""

from __future__ import annotations

import os
import re
import subprocess
import zipfile

import pytest

pytestmark = pytest.mark.slow


def test_the_wheel_holds_what_was_built_and_none_of_the_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith("static/parvis/dist/manifest.json") for name in names)
    assert any(name.endswith(".woff2") for name in names)
    assert any(name.endswith("locale/en/LC_MESSAGES/django.mo") for name in names)
    assert any("packs/demo/files/" in name for name in names)
    assert [name for name in names if "/tests/" in name] == []
    assert zipfile.ZipFile(wheel).testzip() is None


def test_the_wheel_alone_gives_a_working_demonstration(parvis, demo_environment):
    bare = {name: demo_environment[name] for name in ("HOME", "PARVIS_HOME")}
    command = [parvis, "datasets", "list", "--json"]
    listed = subprocess.run(
        command, cwd=bare["HOME"], env={**bare, "PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True
    )
    assert listed.stdout.count('"dataset_id"') >= 30


def test_the_demonstration_is_open_while_its_datasets_come_in(first_start):
    """How many are in never goes back, Explorer shows those that came, and the home takes the place of what waited for it."""
    stages = [re.search(r"(\d+) jeux de données sur 50", home) for home in first_start.homes]
    counts = [int(stage[1]) for stage in stages if stage]
    assert counts[0] < 10 and counts == sorted(counts) and len(set(counts)) > 5
    cards = [page.count('<li class="card">') for page in first_start.explorers]
    assert cards[0] == 0 and any(0 < number < cards[-1] for number in cards[: len(counts)])
    assert "Les données de Grand Paris Sud" in first_start.homes[-1]
    assert "50 jeux importés, 0 déjà là" in first_start.printed
    assert "ERROR" not in first_start.printed and "Traceback" not in first_start.printed
