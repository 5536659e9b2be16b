"""What was in memory before a restart is loaded again after it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version
from parvis.core.engine.plans import Count
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.services import unpublish
from parvis.hub.datastore import selectors, warmup
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.datastore.remembered import MOST, loaded_note, remember_loaded, remembered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path, monkeypatch):
    settings.PARVIS_HOME = tmp_path
    # The test's connection holds its transaction.
    monkeypatch.setattr(warmup.connection, "close", lambda: None)
    monkeypatch.setattr(warmup, "LEAST_ROWS", 0)
    selectors.engine.cache_clear()
    yield
    if selectors.engine.cache_info().currsize:
        selectors.engine().close()
    selectors.engine.cache_clear()


def restart() -> None:
    selectors.engine().close()
    selectors.engine.cache_clear()


def make(dataset_id):
    dataset = make_dataset(make_organisation(f"Ville {dataset_id}"), dataset_id=dataset_id)
    make_version(versions_folder(dataset.uid) / dataset.current.name, [Column("n", "n", ColumnType.INT)], [[1], [2]])
    return dataset


def test_what_was_asked_is_loaded_again_at_the_next_start():
    first, second, third = make("un"), make("deux"), make("trois")
    for dataset in (first, second, third):
        selectors.engine().value(selectors.source_of(dataset), Count())
    assert remembered(loaded_note()) == [third.uid, second.uid, first.uid]
    restart()
    unpublish(OPERATOR, second)
    assert warmup.warm_remembered() == 2
    selectors.engine()._hot.stop()
    assert [folder.split("/")[-3] for folder in selectors.engine()._hot._loaded] == [first.uid, third.uid]


def test_what_the_first_question_loads_at_once_is_left_to_it(monkeypatch):
    dataset = make("petit")
    selectors.engine().value(selectors.source_of(dataset), Count())
    restart()
    monkeypatch.setattr(warmup, "LEAST_ROWS", dataset.current.rows + 1)
    assert warmup.warm_remembered() == 0
    monkeypatch.setattr(warmup, "LEAST_ROWS", dataset.current.rows)
    assert warmup.warm_remembered() == 1


def test_what_an_engine_loads_is_written_down_in_its_own_home(settings, tmp_path):
    dataset, own_note = make("un"), loaded_note()
    engine, source = selectors.engine(), selectors.source_of(dataset)
    settings.PARVIS_HOME = tmp_path / "elsewhere"
    engine.value(source, Count())
    assert remembered(own_note) == [dataset.uid]
    assert not settings.PARVIS_HOME.exists()


def test_a_version_whose_files_are_gone_stops_nothing(tmp_path):
    gone, present = make("parti"), make("present")
    remember_loaded([versions_folder(d.uid) / d.current.name for d in (gone, present)], loaded_note())
    (versions_folder(gone.uid) / gone.current.name / "manifest.json").unlink()
    assert warmup.warm_remembered() == 1


def test_only_so_many_are_written_down_and_a_broken_note_is_forgotten(tmp_path):
    remember_loaded([tmp_path / f"d{n}" / "versions" / "v1" for n in range(MOST + 20)], loaded_note())
    assert remembered(loaded_note()) == [f"d{n}" for n in range(MOST)]
    (tmp_path / "cache" / "loaded.json").write_text("{oups", encoding="utf-8")
    assert remembered(loaded_note()) == []
    assert warmup.warm_remembered() == 0


def test_a_home_that_cannot_be_written_fails_no_question(tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    remember_loaded([tmp_path / "d" / "versions" / "v1"], loaded_note())
    assert remembered(loaded_note()) == []


ENDS_MEANWHILE = """
import time
from dataclasses import replace
import django
django.setup()
from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version
from parvis.hub.datastore.factories import storage_root
from parvis.hub.datastore.selectors import engine
columns = [Column("n", "N", ColumnType.INT), Column("mot", "Mot", ColumnType.TEXT)]
made = make_version(storage_root() / "un" / "version", columns, ((n, f"mot {n}") for n in range(400_000)))
engine().warm_later(replace(made, key="datasets/un/version"))
time.sleep(0.1)
print(engine()._spill)
"""


def test_a_command_that_ends_while_a_version_is_loaded_ends_well_and_leaves_nothing(tmp_path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "parvis.config.settings",
        "PARVIS_HOME": str(tmp_path / "home"),
    }
    run = subprocess.run(
        [sys.executable, "-c", ENDS_MEANWHILE], capture_output=True, text=True, check=False, env=environment
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert not Path(run.stdout.strip()).exists()
