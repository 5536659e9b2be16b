"""What jobs check; each is safe to run twice."""

from __future__ import annotations

from django.conf import settings

from parvis.core.formats.options import ReadOptions
from parvis.core.progress import Progress
from parvis.core.schemas.references import SchemaRef
from parvis.core.transforms import Step
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.datastore.selectors import original_name
from parvis.hub.datastore.side_tables import side_tables_of
from parvis.hub.datastore.tasks import step_secret
from parvis.hub.jobs.rules import JobContext
from parvis.hub.store import manifest_of, report_name, store
from parvis.hub.validation.checks import check_file, schema_inspector
from parvis.hub.validation.models import DatasetSchema, Verdict
from parvis.hub.validation.selectors import followed, newer_versions, versions_to_check
from parvis.hub.validation.services import record_verdict
from parvis.hub.validation.transient_checks import sweep


def check_versions(context: JobContext, dataset: int) -> None:
    """Check the versions of a dataset of which nothing was found yet against the schema that it follows."""
    dataset_row = Dataset.objects.filter(pk=dataset).first()
    row = followed(dataset_row) if dataset_row is not None else None
    if row is None or row.ref is None:
        return
    for version in versions_to_check(dataset_row):
        _check(version, row.ref, context.progress)


def recheck(context: JobContext, day: str = "") -> None:
    """Check what is online against each newer version of the schema it follows, and tell those who keep it.

    Asked for each day, and as soon as schemas were brought up to date; reports of strangers' files that are over go too.
    """
    sweep()
    for newest, rows in newer_versions().items():
        for row in rows:
            _recheck(row, newest, context.progress)


def sweep_checks(context: JobContext) -> None:
    """Remove the files of strangers whose quarter of an hour is over, and the reports whose hour is."""
    sweep()


def _recheck(row: DatasetSchema, newest: str, progress: Progress) -> None:
    version = row.dataset.current or row.dataset.versions.first()
    if version is not None and row.ref is not None:
        _check(version, SchemaRef(row.ref.origin, row.name, newest), progress)
    DatasetSchema.objects.filter(pk=row.pk, version=row.version).update(newer=newest, newer_seen=False)


def _check(version: Version, ref: SchemaRef, progress: Progress) -> Verdict:
    """Read the original again with the steps that its version went through, and note what is found."""
    dataset = version.dataset
    manifest = manifest_of(dataset.uid, version.name)
    path = store().local(original_name(dataset, version))
    steps = [Step.from_dict(outcome) for outcome in manifest.lineage]
    findings = check_file(
        path,
        name=path.name,
        side=side_tables_of(steps),
        inspector=schema_inspector(ref),
        report=report_name(dataset.uid, version.name, ref.version),
        options=ReadOptions.from_dict(dataset.reading),
        steps=steps,
        secret=step_secret(),
        memory=settings.PARVIS["PARVIS_IMPORT_MEMORY"],
        progress=progress,
    )
    return record_verdict(version, findings)
