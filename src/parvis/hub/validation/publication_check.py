"""The gate of schemas: data that does not respect its schema waits, or is published with a warning, as was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.core.mapping.model import columns_of
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.publication_checks import Blocker
from parvis.hub.catalogue.rules import Status
from parvis.hub.datastore.inspections import Inspection
from parvis.hub.datastore.models import Import
from parvis.hub.store import deposit_report_name, report_name
from parvis.hub.ui.formatting import number
from parvis.hub.validation.checks import schema_inspector
from parvis.hub.validation.models import DatasetSchema, Verdict
from parvis.hub.validation.rules import Enforcement
from parvis.hub.validation.selectors import chosen_for, enforcement_of, followed, ref_for, verdict_of


def schema_gate(dataset: Dataset, version: Version) -> Sequence[Blocker]:
    """One obstacle for a version that does not respect the schema its dataset follows, or was never checked against it.

    It blocks when that was chosen, and never for what is online already: its card may still be mended.
    """
    row = followed(dataset)
    if row is None:
        return ()
    verdict = verdict_of(version, row)
    if verdict is not None and verdict.valid:
        return ()
    online = dataset.status == Status.PUBLISHED and dataset.current_id == version.pk
    blocking = enforcement_of(dataset, row) is Enforcement.BLOCK and not online
    return (_blocker(dataset, version, row, verdict, blocking),)


def _blocker(
    dataset: Dataset, version: Version, row: DatasetSchema, verdict: Verdict | None, blocking: bool
) -> Blocker:
    name = row.title or row.name
    if verdict is None:
        message = _("cette version n’a pas été vérifiée avec le schéma « %s ».") % name
        hint = _("Demandez la vérification sur la page Schéma du jeu de données.")
        return Blocker("schema-unchecked", message, hint, f"/admin/jeux/{dataset.dataset_id}/schema/", blocking)
    template = ngettext(
        "%(count)s valeur ne respecte pas le schéma « %(name)s ».",
        "%(count)s valeurs ne respectent pas le schéma « %(name)s ».",
        verdict.faults,
    )
    message = template % {"count": number(verdict.faults), "name": name}
    hint = _("Corrigez-les à l’étape « Appliquer un schéma » de l’import, ou sur la page Schéma du jeu de données.")
    return Blocker("schema-invalid", message, hint, _report_address(dataset, version), blocking)


def _report_address(dataset: Dataset, version: Version) -> str:
    return f"/admin/jeux/{dataset.dataset_id}/schema/{version.name}/"


def inspection_for(imported: Import, work: Path) -> Inspection | None:
    """What looks at the file of an import: the schema chosen, else the one its dataset follows; else what it may follow.

    Full reports stand with the deposit until the version is written, then beside the versions.
    """
    writing = imported.state == Import.State.WRITING
    ref = ref_for(imported)
    if ref is None and (writing or chosen_for(imported) is not None):
        return None
    if writing:
        report = report_name(imported.dataset.uid, imported.version_name, ref.version)
    else:
        report = deposit_report_name(imported.deposit.pk) if imported.deposit else ""
    raw = None if writing else raw_file(imported)
    folder = work / "report-schema" if report else None
    return Inspection(schema_inspector(ref, folder=folder, assist=not writing, raw=raw), report)


def raw_file(imported: Import) -> dict[str, Any] | None:
    """The headers and samples of the file as it came, where a mapping hides them: from the look before, else its own words."""
    step = next((step for step in imported.steps if step["name"] == "map.columns"), None)
    if step is None:
        return None
    raw = ((imported.findings.get("checks") or {}).get("schema") or {}).get("file")
    if raw:
        return dict(raw)
    columns = [header for row in step["parameters"].get("columns", ()) for header in columns_of(row)]
    return {"headers": list(dict.fromkeys(columns)), "samples": {}}
