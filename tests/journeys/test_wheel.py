"""The wheel alone, in a virtual environment of its own, gives the demonstration that the other journeys walk."""

from __future__ import annotations

import os
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
