"""From a file received to a published version, with its stops and refusals."""

from __future__ import annotations

import functools
import hashlib
import io
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from parvis.core.errors import Cancelled, Forbidden
from parvis.core.fetching import fetch
from parvis.core.versions.manifest import read_manifest
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.services import NotPublishable, delete, publish, unpublish
from parvis.hub.datastore import services, tasks
from parvis.hub.datastore.factories import deposits_folder, versions_folder, work_folder
from parvis.hub.datastore.models import Deposit, Import
from parvis.hub.datastore.rules import ImportIsOver, NothingToImport, VersionDamaged
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.running import claim, run
from parvis.hub.jobs.worker import drain

pytestmark = pytest.mark.django_db

MISFIT = "code;places\n" + "".join(f"{n:05d};{n}\n" for n in range(1, 200)) + "00200;beaucoup\n"


def received(actor, content: str | bytes, name: str = "places.csv") -> Deposit:
    """A file that has wholly come."""
    body = content.encode() if isinstance(content, str) else content
    deposit = services.open_deposit(actor, name, len(body))
    services.append(actor, deposit, 0, io.BytesIO(body))
    return deposit


def started(actor, content, dataset=None, **choices) -> Import:
    return services.start_import(actor, deposit=received(actor, content), dataset=dataset, **choices)


def folders_of(dataset: Dataset) -> list[str]:
    folder = versions_folder(dataset.uid)
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def under_way() -> list[str]:
    """What work under way has on the disk, beside the folder of the engine that answers."""
    return [str(path) for path in work_folder().glob("*/*") if not path.name.startswith("parvis-engine-")]


def nothing_is_left() -> bool:
    """No file received, no work under way."""
    return not any(deposits_folder().glob("*")) and not under_way()


def test_an_examination_shows_columns_and_rows_and_publishes_nothing(people, csv):
    imported = started(people.contributor, csv.read_bytes())
    job = services.examine_import(people.contributor, imported)
    assert job.state == Job.State.QUEUED
    drain()
    imported.refresh_from_db()
    assert imported.state == Import.State.EXAMINED
    assert [column["name"] for column in imported.findings["columns"]] == ["code", "nom", "places"]
    assert imported.findings["rows"] == 2
    assert not Version.objects.exists()
    assert imported.deposit.is_whole


def test_a_background_import_publishes_when_asked_and_leaves_only_the_version(people, dataset, csv):
    imported = started(people.steward, csv.read_bytes(), dataset, publish=True)
    services.run_import(people.steward, imported)
    drain()
    imported.refresh_from_db()
    dataset.refresh_from_db()
    assert (imported.state, imported.error) == (Import.State.DONE, None)
    assert dataset.current == imported.version
    assert dataset.status == "published"
    assert folders_of(dataset) == [imported.version_name]
    manifest = read_manifest(versions_folder(dataset.uid) / imported.version_name)
    assert manifest.rows == imported.version.rows == 2
    assert manifest.original.sha256 == hashlib.sha256(csv.read_bytes()).hexdigest()
    assert imported.version.original == "places.csv"
    assert imported.version.author_id == people.steward.person_id
    assert nothing_is_left()
    assert not Deposit.objects.exists()
    actions = set(Entry.objects.values_list("action", flat=True))
    assert actions >= {"import.start", "version.add", "dataset.publish"}


def test_a_contributor_adds_a_version_but_does_not_publish(people, dataset, csv):
    with pytest.raises(Forbidden):
        started(people.contributor, csv.read_bytes(), dataset, publish=True)
    imported = services.run_import_here(
        people.contributor, started(people.contributor, csv.read_bytes(), dataset), lambda *told: None
    )
    dataset.refresh_from_db()
    assert (imported.state, dataset.status, dataset.current) == (Import.State.DONE, "draft", None)
    assert dataset.versions.count() == 1


def test_the_right_is_looked_at_again_when_the_job_runs(people, dataset, csv, organisation):
    imported = started(people.steward, csv.read_bytes(), dataset, publish=True)
    services.run_import(people.steward, imported)
    organisation.memberships.all().delete()
    drain()
    imported.refresh_from_db()
    assert (imported.state, imported.error["code"]) == (Import.State.FAILED, "forbidden")
    assert not Version.objects.exists()
    assert folders_of(dataset) == []


def test_strangers_can_do_nothing_with_imports(people, dataset, csv):
    imported = started(people.contributor, csv.read_bytes(), dataset)
    for nobody in (ANONYMOUS, people.stranger):
        for act in (
            lambda a: services.start_import(a, deposit=imported.deposit),
            lambda a: services.start_import(a, url="https://exemple.fr/a.csv", dataset=dataset),
            lambda a: services.attach_dataset(a, imported, dataset),
            lambda a: services.correct_import(a, imported, policy="text"),
            lambda a: services.examine_import(a, imported),
            lambda a: services.run_import(a, imported),
            lambda a: services.run_import_here(a, imported),
            lambda a: services.cancel_import(a, imported),
            lambda a: services.prune_versions(a, dataset),
            lambda a: services.discard_empty(a, dataset),
        ):
            with pytest.raises(Forbidden):
                act(nobody)
    imported.refresh_from_db()
    assert imported.state == Import.State.WAITING


@pytest.mark.parametrize("put_aside", [unpublish, delete])
def test_a_dataset_put_aside_while_its_file_is_on_the_way_stays_aside_and_keeps_the_version(
    people, dataset, csv, put_aside
):
    imported = started(people.steward, csv.read_bytes(), dataset, publish=True)
    services.run_import(people.steward, imported)
    put_aside(people.steward, Dataset.objects.get(pk=dataset.pk))
    drain()
    imported.refresh_from_db()
    dataset.refresh_from_db()
    assert imported.state == Import.State.DONE
    assert dataset.status in ("unpublished", "deleted")
    assert dataset.versions.count() == 1
    services.run_import(people.steward, started(people.steward, csv.read_bytes(), dataset, publish=True))
    drain()
    dataset.refresh_from_db()
    assert dataset.status == "published"


def test_misfits_stop_the_import_with_choices_and_a_choice_goes_on_without_uploading_again(people, dataset):
    imported = started(people.steward, MISFIT, dataset, publish=True)
    services.run_import(people.steward, imported)
    drain()
    imported.refresh_from_db()
    assert imported.state == Import.State.STOPPED
    assert imported.error["code"] == "misfit-values"
    assert imported.findings["misfits"]["examples"][0]["line"] == 201
    assert folders_of(dataset) == []
    services.correct_import(people.steward, imported, policy="null")
    services.run_import(people.steward, imported)
    drain()
    imported.refresh_from_db()
    assert (imported.state, imported.version.nulled) == (Import.State.DONE, 1)


def test_a_file_that_is_no_table_is_refused_with_its_reason(people, dataset):
    imported = started(people.steward, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", dataset, publish=True)
    services.run_import(people.steward, imported)
    drain()
    imported.refresh_from_db()
    assert imported.state == Import.State.REFUSED
    assert imported.error["message"]
    assert folders_of(dataset) == []


def test_corrections_are_kept_by_the_dataset_and_apply_to_the_next_import(people, dataset, csv):
    overrides = {"places": {"type": "text"}}
    imported = started(
        people.steward, csv.read_bytes(), dataset, publish=True, overrides=overrides, reading={"delimiter": ";"}
    )
    services.run_import_here(people.steward, imported)
    dataset.refresh_from_db()
    assert (dataset.overrides, dataset.reading) == (overrides, {"delimiter": ";"})
    again = services.run_import_here(people.steward, started(people.steward, csv.read_bytes(), dataset, publish=True))
    manifest = read_manifest(versions_folder(dataset.uid) / again.version_name)
    assert str(manifest.shape.get("places").type) == "text"


def test_running_an_import_twice_makes_one_version(people, dataset, csv):
    imported = started(people.steward, csv.read_bytes(), dataset, publish=True)
    job = services.run_import(people.steward, imported)
    drain()
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    assert run(claim(job.pk)) is None
    assert Version.objects.count() == 1
    imported.refresh_from_db()
    with pytest.raises(ImportIsOver):
        services.run_import(people.steward, imported)


def test_a_version_whose_folder_is_whole_but_was_never_registered_is_registered_not_written_again(
    people, dataset, csv, monkeypatch
):
    imported = started(people.steward, csv.read_bytes(), dataset, publish=True)
    real = tasks._register

    def die(*arguments):
        raise MemoryError

    monkeypatch.setattr(tasks, "_register", die)
    services.run_import(people.steward, imported)
    drain()
    imported.refresh_from_db()
    assert imported.state == Import.State.FAILED
    written = folders_of(dataset)
    assert written == [imported.version_name]
    monkeypatch.setattr(tasks, "_register", real)
    monkeypatch.setattr(tasks, "ingest", None)
    services.run_import(people.steward, imported)
    drain()
    imported.refresh_from_db()
    assert (imported.state, folders_of(dataset)) == (Import.State.DONE, written)


def test_a_cancelled_import_changes_nothing_and_can_be_asked_again(people, dataset, csv):
    imported = started(people.steward, csv.read_bytes(), dataset, publish=True)
    services.run_import(people.steward, imported)
    services.cancel_import(people.steward, imported)
    drain()
    imported.refresh_from_db()
    assert (imported.state, folders_of(dataset)) == (Import.State.CANCELLED, [])
    services.run_import(people.steward, imported)
    drain()
    imported.refresh_from_db()
    assert imported.state == Import.State.DONE


def test_an_import_stopped_by_a_person_in_the_midst_leaves_no_half_version(people, dataset, csv):
    def stop(stage, done, total=None):
        if stage == "write":
            raise Cancelled

    imported = started(people.steward, csv.read_bytes(), dataset, publish=True)
    with pytest.raises(Cancelled):
        services.run_import_here(people.steward, imported, stop)
    imported.refresh_from_db()
    assert (imported.state, folders_of(dataset)) == (Import.State.CANCELLED, [])
    assert not under_way()


def test_what_cannot_be_published_is_refused_before_the_long_work(people, dataset, csv, monkeypatch):
    Dataset.objects.update(description="")
    dataset.refresh_from_db()
    monkeypatch.setattr(tasks, "ingest", None)
    with pytest.raises(NotPublishable):
        services.run_import_here(people.steward, started(people.steward, csv.read_bytes(), dataset, publish=True))
    assert folders_of(dataset) == []


def test_a_file_that_has_not_wholly_come_is_not_imported(people, dataset):
    deposit = services.open_deposit(people.steward, "places.csv", 10)
    imported = services.start_import(people.steward, deposit=deposit, dataset=dataset)
    for act in (services.examine_import, services.run_import, services.run_import_here):
        with pytest.raises(VersionDamaged):
            act(people.steward, imported)


def test_an_import_needs_a_source_and_a_dataset(people, csv):
    with pytest.raises(NothingToImport):
        services.start_import(people.steward)
    with pytest.raises(NothingToImport):
        services.run_import(people.steward, started(people.steward, csv.read_bytes()))


def test_an_import_is_attached_to_a_dataset_and_takes_its_corrections(people, dataset, csv):
    Dataset.objects.update(overrides={"places": {"type": "text"}}, reading={"encoding": "utf-8"})
    dataset.refresh_from_db()
    imported = started(people.steward, csv.read_bytes(), overrides={"nom": {"label": "Commune"}})
    services.attach_dataset(people.steward, imported, dataset)
    assert imported.overrides == {"places": {"type": "text"}, "nom": {"label": "Commune"}}
    assert imported.reading == {"encoding": "utf-8"}


def test_the_file_of_a_version_can_be_imported_again_without_uploading(people, dataset, csv):
    first = services.run_import_here(people.steward, started(people.steward, csv.read_bytes(), dataset, publish=True))
    deposit = services.deposit_original(people.contributor, dataset, first.version)
    assert deposit.is_whole
    assert deposit.source == first.version.source
    with pytest.raises(Forbidden):
        services.deposit_original(people.stranger, dataset, first.version)


def test_old_versions_are_pruned_but_never_the_published_one(people, dataset, csv):
    for _turn in range(3):
        services.run_import_here(people.steward, started(people.steward, csv.read_bytes(), dataset, publish=True))
    dataset.refresh_from_db()
    names = list(dataset.versions.values_list("name", flat=True))
    publish(people.steward, dataset, dataset.versions.last())
    removed = services.prune_versions(people.steward, dataset, keep=1)
    assert removed == [names[1]]
    assert folders_of(dataset) == sorted([names[0], names[2]])
    assert Entry.objects.filter(action="version.prune").count() == 1


def test_an_import_prunes_by_the_setting(people, dataset, csv, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_VERSIONS_KEPT": 2}
    for _turn in range(4):
        services.run_import_here(people.steward, started(people.steward, csv.read_bytes(), dataset, publish=True))
    assert len(folders_of(dataset)) == dataset.versions.count() == 2


def test_a_draft_is_forgotten_only_while_it_never_had_a_version(people, dataset, csv):
    services.run_import_here(people.steward, started(people.steward, csv.read_bytes(), dataset))
    assert services.discard_empty(OPERATOR, dataset) is False
    Version.objects.all().delete()
    assert services.discard_empty(OPERATOR, dataset) is True
    assert not Dataset.objects.exists()


@pytest.fixture
def server(tmp_path):
    """A web server of this machine; its address."""
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()


def test_an_address_is_fetched_examined_and_imported(people, dataset, csv, server, monkeypatch):
    monkeypatch.setattr(tasks, "fetch", functools.partial(fetch, allowed=lambda address, port: True))
    url = f"{server}/{csv.name}?jour=1"
    imported = services.start_import(people.steward, url=url, dataset=dataset, publish=True)
    services.examine_import(people.steward, imported)
    drain()
    imported.refresh_from_db()
    assert (imported.state, imported.deposit.name, imported.findings["rows"]) == (
        Import.State.EXAMINED,
        "places.csv",
        2,
    )
    services.run_import(people.steward, imported)
    drain()
    imported.refresh_from_db()
    assert (imported.state, imported.version.source) == (Import.State.DONE, url)
    assert nothing_is_left()


def test_an_address_of_the_private_network_is_refused_and_leaves_nothing(people, dataset, csv, server):
    imported = services.start_import(people.steward, url=f"{server}/{csv.name}", dataset=dataset, publish=True)
    services.run_import(people.steward, imported)
    drain()
    imported.refresh_from_db()
    assert imported.state in (Import.State.REFUSED, Import.State.FAILED)
    assert imported.error["code"] != "unexpected"
    assert not Deposit.objects.exists()
    assert nothing_is_left()
