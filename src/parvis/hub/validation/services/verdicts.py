"""Verdicts: noted as versions come, asked for those that came before, looked for again when a schema changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import OPERATOR, Actor
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.rules import Status
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.services import enqueue
from parvis.hub.notifications.datasets import announce_dataset
from parvis.hub.store import manifest_of, reports_name, store
from parvis.hub.validation.kinds import CHECK, RECHECK
from parvis.hub.validation.models import Verdict
from parvis.hub.validation.selectors import followed, newer_versions, versions_to_check

NAME = "schema"
"""Under which the inspector of this room keeps its findings."""


def record_verdict(version: Version, findings: Mapping[str, Any]) -> Verdict:
    """Note what the inspector found of a version; again replaces what was noted against the same version of the schema."""
    report = findings["report"]
    columns = {
        "schema_title": str(findings.get("title") or "")[:300],
        "valid": bool(report["valid"]),
        "faults": int(report["total"]),
        "summary": {**report, "around": findings.get("around") or {}},
        "person_id": version.author_id,
    }
    verdict, _made = Verdict.objects.update_or_create(
        dataset_version=version, schema=findings["name"], schema_version=findings["version"], defaults=columns
    )
    return verdict


def version_added(instance: Version, created: bool, raw: bool = False, **_said: Any) -> None:
    """Note the verdict that the import of a new version wrote into its manifest, if its file was checked."""
    if raw or not created:
        return
    try:
        manifest = manifest_of(instance.dataset.uid, instance.name)
    except NotFound:  # a row without its folder: a test, or a database restored without its files
        return
    findings = manifest.checks.get(NAME)
    if findings and findings.get("report"):
        verdict = record_verdict(instance, findings)
        _tell_broken(instance, verdict)


def _tell_broken(version: Version, verdict: Verdict) -> None:
    """Tell the organisation's programs that new rows of a published dataset do not respect the schema it follows.

    They are told whether these rows go online with a warning or wait for somebody: both call for a correction at the source.
    """
    dataset = version.dataset
    row = followed(dataset)
    if verdict.valid or dataset.status != Status.PUBLISHED or row is None or row.name != verdict.schema:
        return
    details = {"version": version.name, "schema": verdict.schema, "faults": verdict.faults}
    announce_dataset("dataset.schema_broken", dataset, **details)


def version_removed(instance: Version, **_said: Any) -> None:
    """Remove the full reports of a version that is gone."""
    store().delete(reports_name(instance.dataset.uid, instance.name))


def ask_to_check(actor: Actor, dataset: Dataset) -> Job | None:
    """Have the versions of a dataset that were never checked against its schema checked; None when there is none."""
    if not versions_to_check(dataset):
        return None
    waiting = Job.objects.filter(kind=CHECK, state=Job.State.QUEUED, arguments={"dataset": dataset.pk})
    return waiting.first() or enqueue(actor, CHECK, dataset=dataset.pk)


def ask_to_recheck() -> Job | None:
    """Have data checked against the schemas of which the catalogue has a newer version; None when there is none."""
    if not newer_versions():
        return None
    waiting = Job.objects.filter(kind=RECHECK, state=Job.State.QUEUED)
    return waiting.first() or enqueue(OPERATOR, RECHECK)
