"""A command starts with what it needs: the heavy libraries come with the work that asks for them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

HEAVY = (
    "PIL.Image",
    "PIL.ImageFont",
    "django.contrib.postgres",
    "duckdb",
    "icalendar",
    "ninja",
    "numpy",
    "openpyxl",
    "pandas",
    "psycopg",
    "pyarrow",
    "pydantic",
    "pyogrio",
    "rest_framework",
    "shapely",
    "tantivy",
    "urllib3",
    "xlsxwriter",
    "parvis.core.explore",
    "parvis.core.formats.detection",
    "parvis.core.privacy",
    "parvis.hub.backoffice.screens",
    "parvis.hub.pages.blocks.body",
    "parvis.hub.search.module",
)
"""What commands that read no file and show no page must not load: libraries, and the rooms that would bring them back."""

OPEN = "from parvis.config.cli.instance import open_instance\nopen_instance(may_create=True)\nprint()"
"""An instance, without the thirty-six thousand territories that ``init`` writes."""

OF_FRAMEWORKS = {"PIL.Image"} | ({"django.contrib.postgres", "psycopg"} if connection.vendor == "postgresql" else set())
"""What Willow loads, which describes the pictures of Wagtail, and what Django needs of a PostgreSQL."""


def python(code: str, home: Path) -> list[str]:
    """The words that a new Python prints last once it has run ``code``, on the instance of a home."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "parvis.config.settings", "PARVIS_HOME": str(home)}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    return run.stdout.splitlines()[-1].split()


def loaded(code: str, home: Path) -> set[str]:
    """The heavy modules that it then holds."""
    return set(python(f"{code}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])", home))


@pytest.mark.parametrize("words", [("--version",), ("--help",), ("import", "--help"), ("datasets", "list", "--help")])
def test_help_loads_neither_django_nor_any_library(words, tmp_path):
    code = f"""
import sys
from parvis.config.cli.main import main
try:
    main({list(words)!r})
except SystemExit:
    assert "django" not in sys.modules
"""
    assert loaded(code, tmp_path) == set()


def test_the_settings_and_the_models_load_no_heavy_library(tmp_path):
    assert loaded("import django\ndjango.setup()", tmp_path) <= OF_FRAMEWORKS


def test_a_command_that_reads_the_catalogue_loads_no_heavy_library(tmp_path):
    code = "from parvis.config.cli.main import main\nassert main({!r}) == 0"
    python(OPEN, tmp_path)
    assert loaded(code.format(["datasets", "list"]), tmp_path) <= OF_FRAMEWORKS


def test_an_import_loads_no_framework_of_apis_and_nothing_that_writes_workbooks(tmp_path):
    table = tmp_path / "arbres.csv"
    table.write_text("nom,hauteur\ntilleul,12\nplatane,20\n", encoding="utf-8")
    code = "from parvis.config.cli.main import main\nassert main({!r}) == 0"
    python(OPEN, tmp_path / "home")
    heavy = loaded(code.format(["import", str(table)]), tmp_path / "home")
    assert not heavy & {"ninja", "rest_framework", "xlsxwriter", "openpyxl", "shapely"}


@pytest.mark.parametrize(
    "signal",
    [
        "HouseSignal().send(None)",
        "pre_save.send(Site, instance=Site(), raw=True)",
        "pre_delete.send(Site, instance=Site())",
    ],
)
def test_who_listens_to_a_change_is_there_before_it_is_told(signal, tmp_path):
    code = f"""
import django
django.setup()
from django.db.models.signals import post_save, pre_delete, pre_save
from wagtail.models import Site
from parvis.hub.registry import MODULES, HouseSignal
before, heard = len(MODULES), len(post_save.receivers)
{signal}
print(before, len(MODULES) > 15, len(post_save.receivers) > heard)
"""
    assert python(code, tmp_path) == ["0", "True", "True"]
