"""What a program is told of an import: where it stands, what it gave, what stopped it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parvis.core.notes import sentence
from parvis.core.staging import Note
from parvis.hub.api.schemas import Problem
from parvis.hub.backoffice.screens import stored_sentence
from parvis.hub.catalogue.publication_checks import blockers_of
from parvis.hub.datastore.models import Import
from parvis.hub.store import manifest_of
from parvis.hub.validation.selectors import followed, verdict_of
from parvis.hub.writing.schemas import ImportNote, ImportReport

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Version

STATES = Import.State
AT_WORK = (STATES.WAITING, STATES.EXAMINING, STATES.WRITING)
MOST_NOTES = 200


def report_of(imported: Import) -> ImportReport:
    """The report, as it stands; the caller has the right to change the dataset."""
    dataset, version = imported.dataset, imported.version
    return ImportReport(
        id=imported.pk,
        dataset_id=dataset.dataset_id,
        file=imported.source_name,
        state=imported.state,
        finished=imported.state not in AT_WORK,
        version=version.name if version else None,
        published=version is not None and dataset.current_id == version.pk and dataset.status == "published",
        error=_problem(imported),
        blockers=_blockers(imported),
        **(_counts(version) if version else dict.fromkeys(("rows", "columns", "rejects", "aside", "nulled"))),
        **_verdict(imported),
        notes=_notes(imported) if version else [],
    )


def _counts(version: Version) -> dict[str, Any]:
    return {
        "rows": version.rows,
        "columns": version.columns,
        "rejects": version.refused,
        "aside": version.aside,
        "nulled": version.nulled,
    }


def _problem(imported: Import) -> Problem | None:
    if not imported.error:
        return None
    message, hint = stored_sentence(imported.error)
    return Problem(error_code=imported.error.get("code", "parvis"), message=message, hint=hint)


def _blockers(imported: Import) -> list[Problem]:
    if imported.state != STATES.HELD or imported.version is None:
        return []
    return [
        Problem(error_code=row.code, message=str(row.message), hint=str(row.hint))
        for row in blockers_of(imported.dataset, imported.version)
        if row.blocking
    ]


def _verdict(imported: Import) -> dict[str, Any]:
    row = followed(imported.dataset) if imported.version else None
    verdict = verdict_of(imported.version, row) if row is not None else None
    return {"valid": verdict.valid if verdict else None, "faults": verdict.faults if verdict else None}


def _notes(imported: Import) -> list[ImportNote]:
    manifest = manifest_of(imported.dataset.uid, imported.version.name)
    labels = {column.name: column.label for column in manifest.shape}
    return [
        ImportNote(code=row["code"], column=_column(row, labels), message=_words(row))
        for row in manifest.notes[:MOST_NOTES]
    ]


def _column(row: dict[str, Any], labels: dict[str, str]) -> str:
    name = row["details"].get("column", "")
    return labels.get(name, name)


def _words(row: dict[str, Any]) -> str:
    return sentence(Note(row["code"], row["details"]))
