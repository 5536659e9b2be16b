"""Order after a crash."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Thread

import pytest
from django.utils import timezone

from parvis.core.versions.manifest import MANIFEST
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.datastore import services
from parvis.hub.datastore.factories import deposit_path, deposits_folder, versions_folder, work_folder
from parvis.hub.datastore.models import Deposit, Import
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.process_locks import this_process

DEAD = this_process().rsplit("-", 1)[0] + "-deadbeef"

pytestmark = pytest.mark.django_db


def an_import(dataset, csv, **job) -> Import:
    """An import whose job is in some state, with a version name chosen."""
    deposit = services.deposit_file(OPERATOR, csv)
    imported = services.start_import(OPERATOR, deposit=deposit, dataset=dataset)
    imported.job = Job.objects.create(
        kind="datastore.import", arguments={"import_id": imported.pk}, operator=True, **job
    )
    imported.version_name = "20260101t000000-aaaaaa"
    imported.state = Import.State.WRITING
    imported.save()
    return imported


def folder(dataset, name: str, *, whole: bool = True):
    path = versions_folder(dataset.uid) / name
    path.mkdir(parents=True)
    if whole:
        (path / MANIFEST).write_text("{}", encoding="utf-8")
    return path


def test_half_written_versions_of_the_dead_go(dataset, csv):
    imported = an_import(dataset, csv, state=Job.State.RUNNING, holder="", heartbeat=None)
    left = [
        folder(dataset, f"{imported.version_name}.partial", whole=False),
        folder(dataset, "sans-manifeste", whole=False),
    ]
    recovered = services.recover()
    assert recovered.jobs == 1
    assert not any(path.exists() for path in left)


def test_versions_being_written_by_the_living_stay(dataset, csv):
    imported = an_import(dataset, csv, state=Job.State.RUNNING, holder=this_process(), heartbeat=timezone.now())
    folders = [folder(dataset, f"{imported.version_name}.partial", whole=False)]
    services.recover()
    assert all(path.exists() for path in folders)
    assert deposit_path(imported.deposit).exists()


def test_a_whole_version_that_was_never_registered_goes_and_one_that_no_import_named_stays(dataset, csv):
    imported = an_import(dataset, csv, state=Job.State.FAILED)
    orphan, foreign = folder(dataset, imported.version_name), folder(dataset, "20200101t000000-bbbbbb")
    services.recover()
    assert not orphan.exists()
    assert foreign.exists()


def test_the_import_of_a_command_that_died_is_failed_and_its_file_goes(dataset, csv):
    imported = an_import(dataset, csv, state=Job.State.RUNNING, holder="", heartbeat=None, in_place=True)
    Deposit.objects.update(holder=DEAD)
    services.recover()
    imported.refresh_from_db()
    assert (imported.state, imported.error["code"]) == (Import.State.FAILED, "job-abandoned")
    assert not Deposit.objects.exists()
    assert list(deposits_folder().iterdir()) == []


def test_the_import_of_a_worker_that_died_waits_again_with_its_file(dataset, csv):
    imported = an_import(dataset, csv, state=Job.State.RUNNING, holder="", heartbeat=None, attempts=1)
    services.recover()
    imported.job.refresh_from_db()
    assert imported.job.state == Job.State.QUEUED
    assert deposit_path(imported.deposit).exists()


def test_work_folders_of_the_dead_go_and_those_of_the_living_stay():
    mine, dead = work_folder() / this_process() / "import-1", work_folder() / "machine-1-deadbeef" / "import-2"
    for path in (mine, dead):
        path.mkdir(parents=True)
    services.recover()
    assert mine.exists()
    assert not dead.parent.exists()


def test_a_child_that_outlives_its_process_by_a_moment_leaves_nothing():
    dead = work_folder() / "machine-1-deadbeef" / "read-1"
    dead.mkdir(parents=True)
    writing = Event()

    def write() -> None:
        for rank in range(50_000):
            try:
                (dead / str(rank)).write_bytes(b"")
            except FileNotFoundError:
                return
            writing.set()

    child = Thread(target=write)
    child.start()
    writing.wait()
    services.recover()
    child.join()
    assert not any(path.name.startswith("machine-1") for path in work_folder().iterdir())


def test_files_nobody_imported_go_after_a_week_and_folders_without_a_row_at_once():
    old, new = (services.open_deposit(OPERATOR, "places.csv", 10) for _n in range(2))
    Deposit.objects.filter(pk=old.pk).update(created=timezone.now() - timedelta(days=8))
    (deposits_folder() / "sans-ligne").mkdir()
    services.recover()
    assert [path.name for path in deposits_folder().iterdir()] == [str(new.pk)]
    assert Deposit.objects.get() == new


def test_the_file_of_a_command_that_died_before_its_import_began_goes_and_that_of_a_living_one_stays(dataset, csv):
    lost, alive = services.deposit_file(OPERATOR, csv), services.deposit_file(OPERATOR, csv)
    imported = services.start_import(OPERATOR, deposit=lost, dataset=dataset)
    Deposit.objects.filter(pk=lost.pk).update(holder=DEAD)
    services.recover()
    imported.refresh_from_db()
    assert imported.state == Import.State.CANCELLED
    assert Deposit.objects.get() == alive


def test_the_file_of_an_import_that_is_done_goes(dataset):
    deposit = services.open_deposit(OPERATOR, "places.csv", 10)
    imported = services.start_import(OPERATOR, deposit=deposit, dataset=dataset)
    Import.objects.filter(pk=imported.pk).update(state=Import.State.DONE)
    services.recover()
    assert not Deposit.objects.exists()


def test_it_can_be_called_again_with_nothing_to_do(dataset):
    services.recover()
    again = services.recover()
    assert (again.jobs, again.removed) == (0, ())
