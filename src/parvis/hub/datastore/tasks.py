"""What jobs do with imports; each is safe to run twice."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.db import transaction

from parvis.core.children import call
from parvis.core.columns import ColumnType
from parvis.core.errors import DataError, ParvisError, RequestError
from parvis.core.fetching import fetch
from parvis.core.formats.options import ReadOptions
from parvis.core.identifiers import new_version_id
from parvis.core.ingest import Examination, examine, ingest
from parvis.core.profiling import Override
from parvis.core.progress import Progress
from parvis.core.transforms import Step
from parvis.core.versions.adoption import adopt
from parvis.core.versions.facts import facts_of
from parvis.core.versions.formats import FEDERATED
from parvis.core.versions.manifest import Manifest
from parvis.core.versions.misfits import MisfitPolicy, MisfitValues
from parvis.core.versions.period import period_of
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.publication_checks import PublicationHeld, held_by
from parvis.hub.catalogue.rules import Status, missing_requirements
from parvis.hub.catalogue.selectors import card_of
from parvis.hub.catalogue.services import NotPublishable, add_version, bump_revision, publish, update_card
from parvis.hub.datastore.confined import confined
from parvis.hub.datastore.inspections import inspections_of, store_reports
from parvis.hub.datastore.kinds import close
from parvis.hub.datastore.lenses import communes_counted, rows_by_commune
from parvis.hub.datastore.limits import require_room_for
from parvis.hub.datastore.models import Deposit, Import
from parvis.hub.datastore.national import answered, unanswered
from parvis.hub.datastore.rules import PUSHED, VersionSuperseded, safe_name
from parvis.hub.datastore.services.comparisons import compare_for
from parvis.hub.datastore.services.deposits import discard
from parvis.hub.datastore.services.prepared_files import ask_for_each_missing, prepare
from parvis.hub.datastore.services.version_facts import fill_facts
from parvis.hub.datastore.services.versions import prune_versions
from parvis.hub.datastore.side_tables import SideTables, allowed_side_tables
from parvis.hub.datastore.signals import version_registered
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.jobs.rules import JobContext
from parvis.hub.jobs.running import require_held
from parvis.hub.quotas.limits import OrganisationLimit
from parvis.hub.registry import overlay_of
from parvis.hub.store import deposit_file_name, is_stored, manifest_of, store, version_name, versions_name


def examine_file(context: JobContext, import_id: int) -> None:
    """Read the file, guess its columns, keep what was found in the import."""
    imported = _take(context, import_id, Import.State.EXAMINING)
    try:
        deposit = _received(imported, context.progress)
        examination = _examined(context.actor, imported, deposit, context.progress)
    except (DataError, RequestError):
        Import.objects.filter(pk=imported.pk).update(state=Import.State.REFUSED)
        raise
    imported.findings = examination.to_dict()
    close(imported, Import.State.EXAMINED)


def write_version_of(context: JobContext, import_id: int) -> None:
    """Write the version, then in one transaction register it, keep the corrections, publish, end the import."""
    imported = _take(context, import_id, Import.State.WRITING)
    if imported.state in (Import.State.DONE, Import.State.HELD):
        return
    dataset, name = imported.dataset, imported.version_name
    try:
        _check_publishable(context.actor, imported)
        written = is_stored(dataset.uid, name)
        manifest = manifest_of(dataset.uid, name) if written else _write(context.actor, imported, context.progress)
        with transaction.atomic():
            require_held(context.job)
            obstacle = _register(context.actor, imported, manifest)
    except MisfitValues as error:
        imported.findings = {**imported.findings, "misfits": error.to_dict()}
        Import.objects.filter(pk=imported.pk).update(state=Import.State.STOPPED, findings=imported.findings)
        raise
    except (DataError, RequestError) as error:
        if isinstance(
            error, OrganisationLimit | VersionSuperseded
        ):  # the file received stays; what was made of it must take no room
            store().delete(version_name(dataset.uid, name))
        Import.objects.filter(pk=imported.pk).update(state=Import.State.REFUSED)
        raise
    discard(imported.deposit)
    prune_versions(context.actor, dataset)
    if obstacle is not None:
        raise obstacle


def prepare_files(context: JobContext, dataset: int | None) -> None:
    """Make ahead the whole files of a dataset's current version, if it is published; without dataset, ask for all that lack some."""
    if dataset is None:
        ask_for_each_missing()
        return
    published = Dataset.objects.select_related("current").filter(pk=dataset, status=Status.PUBLISHED).first()
    if published is not None and published.current is not None:
        prepare(published, context.progress)


def count_rows_by_commune(context: JobContext, dataset: int | None) -> None:
    """Count, for each commune that has a site or a page on one, the rows of a dataset's current version that concern it; without
    dataset, of every published one. One that cannot be counted keeps nobody else from being; its error is the job's, at the end."""
    communes = list(communes_counted())
    published = Dataset.objects.filter(status=Status.PUBLISHED, current__isnull=False).select_related("current")
    published = published.exclude(current__format=FEDERATED)
    chosen = list(published if dataset is None else published.filter(pk=dataset)) if communes else []
    failed = None
    for rank, row in enumerate(chosen):
        context.progress("count", rank, len(chosen))
        try:
            counts = rows_by_commune(row, row.current, communes)
        except ParvisError as error:
            failed = error
            continue
        Version.objects.filter(pk=row.current_id).update(rows_by_commune=_keyed(counts or {}))
    if chosen:
        bump_revision(*chosen)
    if failed is not None:
        raise failed


def describe_versions(context: JobContext) -> None:
    """Write in the rows of versions what lists and searches say of them, where it is missing: another release, a restored backup."""
    fill_facts(context.progress)


def compare(context: JobContext, old: str, new: str, client: str, day: str) -> None:
    """Compare two versions, or what a commune sees of them, for a page that waits for it."""
    context.progress("compare", 0)
    compare_for(old, new, client, day)


def _keyed(counts: dict[str, int]) -> dict[str, int]:
    return {f"commune:{code}": count for code, count in counts.items()}


def _take(context: JobContext, import_id: int, state: Import.State) -> Import:
    """The import, marked as in the hands of this job, with the name of its version chosen."""
    imported = Import.objects.select_related("dataset__organisation", "deposit").get(pk=import_id)
    if imported.state in (Import.State.DONE, Import.State.HELD):
        return imported
    imported.job, imported.state, imported.error = context.job, state, None
    imported.version_name = imported.version_name or new_version_id()
    imported.save(update_fields=["job", "state", "error", "version_name"])
    return imported


def _received(imported: Import, progress: Progress) -> Deposit:
    """The deposit of the import, fetched from its address when nothing was received yet."""
    if imported.deposit is not None:
        return imported.deposit
    deposit = Deposit.objects.create(
        name=safe_name(imported.url.partition("?")[0]), bytes=0, source=imported.url, person_id=imported.person_id
    )
    try:
        with tempfile.TemporaryDirectory(prefix="fetch-", dir=process_folder()) as folder:
            path, limit = Path(folder, "file"), settings.PARVIS["PARVIS_UPLOAD_BYTES"]
            fetched = fetch(imported.url, path, max_bytes=limit, progress=progress)
            deposit.bytes = deposit.received = path.stat().st_size
            store().put(deposit_file_name(deposit.pk), path)
    except BaseException:
        discard(deposit)
        raise
    deposit.name = safe_name(fetched.name or deposit.name)
    deposit.save()
    imported.deposit = deposit
    imported.save(update_fields=["deposit"])
    return deposit


def _overrides(imported: Import) -> dict[str, Override]:
    return {name: Override.from_dict(row) for name, row in imported.overrides.items()}


def _steps(imported: Import) -> list[Step]:
    return [Step.from_dict(row) for row in imported.steps]


def step_secret() -> bytes:
    """The key of pseudonyms: drawn from the secret of the instance, so that it is in no other file."""
    return hashlib.sha256(b"parvis.steps:" + settings.SECRET_KEY.encode()).digest()


def _check_publishable(actor: Actor, imported: Import) -> None:
    """Refuse before the long work what would be refused after it."""
    dataset = imported.dataset
    right = "publish" if imported.publish else "edit"
    require(actor, right, dataset.organisation_id, f"importer dans « {dataset.title} »")
    missing = missing_requirements({**card_of(dataset), "version": imported.version_name})
    if imported.publish and missing:
        raise NotPublishable(title=dataset.title, missing=", ".join(str(m.label) for m in missing))
    if imported.deposit is not None:
        with transaction.atomic():
            require_room_for(dataset, size=imported.deposit.bytes, rows=0)


def _examined(actor: Actor, imported: Import, deposit: Deposit, progress: Progress) -> Examination:
    path = store().local(deposit_file_name(deposit.pk))

    def run(side: SideTables) -> Examination:
        with confined(deposit.name, path, *side.files) as (work, permits), unanswered(work):
            inspections = inspections_of(imported, work)
            examination = call(
                examine,
                path,
                name=deposit.name,
                work=work,
                permits=permits,
                progress=progress,
                inspectors=[inspection.inspector for inspection in inspections],
                overlay=overlay_of(imported.dataset) if imported.dataset else None,
                tables=side.tables,
                **_reading(imported),
            )
            store_reports(inspections)
        return examination

    return answered(allowed_side_tables(actor, _steps(imported), imported.dataset), run, progress=progress)


def _write(actor: Actor, imported: Import, progress: Progress) -> Manifest:
    deposit, version = _received(imported, progress), imported.version_name
    path = store().local(deposit_file_name(deposit.pk))

    def run(side: SideTables) -> Manifest:
        with confined(deposit.name, path, *side.files) as (work, permits), unanswered(work):
            inspections = inspections_of(imported, work)
            manifest = call(
                ingest,
                path,
                name=deposit.name,
                destination=work,
                work=work,
                version=version,
                policy=MisfitPolicy(imported.policy),
                source=deposit.source,
                permits=permits,
                progress=progress,
                inspectors=[inspection.inspector for inspection in inspections],
                copied=False,
                overlay=overlay_of(imported.dataset),
                tables=side.tables,
                **_reading(imported),
            )
            store_reports(inspections)
            folder = versions_name(imported.dataset.uid)
            adopt(work / version, store(), folder, manifest, original=path, name=deposit.name)
        return manifest

    return answered(allowed_side_tables(actor, _steps(imported), imported.dataset), run, progress=progress)


def _reading(imported: Import) -> dict[str, Any]:
    """How the file is read: what was chosen for the import."""
    return {
        "options": ReadOptions.from_dict(imported.reading),
        "overrides": _overrides(imported),
        "memory": settings.PARVIS["PARVIS_IMPORT_MEMORY"],
        "steps": _steps(imported),
        "secret": step_secret(),
    }


def _register(actor: Actor, imported: Import, manifest: Manifest) -> PublicationHeld | None:
    """Make the version known and publish it when asked; what holds the publication back, the version being kept."""
    dataset = Dataset.objects.select_for_update(of=("self",)).select_related("current").get(pk=imported.dataset_id)
    imported.refresh_from_db(fields=["publish"])  # who withdraws the dataset withdraws what is on its way
    if imported.replaces and (dataset.current is None or dataset.current.name != imported.replaces):
        raise VersionSuperseded(title=dataset.title)
    fields = {"reading": imported.reading, "overrides": imported.overrides, "steps": imported.steps}
    # A table that Parvis wrote itself is read as it was written; how deliveries are read stays.
    is_delivery = imported.deposit is None or imported.deposit.source != PUSHED
    if is_delivery and any(getattr(dataset, name) != value for name, value in fields.items()):
        update_card(actor, dataset, fields)
    version = Version.objects.filter(name=manifest.version, dataset=dataset).first()
    if version is None:
        row = version_row(manifest)
        require_room_for(dataset, size=row.bytes, rows=row.rows)
        version = add_version(actor, dataset, row)
    version_registered.send(Dataset, dataset=dataset, version=version, manifest=manifest)
    obstacle = held_by(dataset, version) if imported.publish else None
    if imported.publish and obstacle is None:
        publish(actor, dataset, version, searched=True)
    imported.version = version
    close(imported, Import.State.HELD if obstacle else Import.State.DONE)
    imported.save(update_fields=["version"])
    return obstacle


def version_row(manifest: Manifest) -> Version:
    """The row, not yet saved, that points at a version's folder."""
    return Version(
        name=manifest.version,
        rows=manifest.rows,
        columns=len(manifest.shape),
        bytes=manifest.original.bytes + sum(part.bytes for part in manifest.parts),
        original=PurePosixPath(manifest.original.file).name,
        format=manifest.original.format,
        has_geometry=any(column.type in (ColumnType.GEO_POINT, ColumnType.GEO_SHAPE) for column in manifest.shape),
        source=manifest.original.source[:500],
        rejects=manifest.rejects,
        aside=manifest.aside,
        nulled=manifest.nulled,
        facts=facts_of(manifest).to_dict(),
        period=period_of(manifest),
    )
