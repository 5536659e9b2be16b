"""The schema chosen for one import, and the steps accepted to bring its file there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from parvis.core.schemas.references import SchemaRef
from parvis.hub.accounts.rules import Actor
from parvis.hub.audit.services import record
from parvis.hub.datastore.models import Import
from parvis.hub.datastore.services import correct_import
from parvis.hub.datastore.services.imports import require_import
from parvis.hub.validation.models import ImportSchema
from parvis.hub.validation.rules import ImportChanged
from parvis.hub.validation.selectors import import_mark, schema_columns
from parvis.hub.validation.services.dataset_schema import follow, stop_following

_NONE = {"origin": "", "name": "", "version": "", "title": "", "kept": None}


def choose_for_import(actor: Actor, imported: Import, ref: SchemaRef | None, *, based_on: str = "") -> ImportSchema:
    """Check the file of an import against a schema, or against none on purpose; the next examination applies it.

    ``based_on`` is the mark (``selectors.import_mark``) of what the person had read: ImportChanged when it is another now.
    """
    require_import(actor, imported)
    columns = _NONE if ref is None else schema_columns(ref)
    with transaction.atomic():
        locked = _locked(imported, based_on)
        before = ImportSchema.objects.filter(imported=locked).first()
        refused = before.refused if before is not None and before.ref == ref else []
        row, _made = ImportSchema.objects.update_or_create(imported=locked, defaults={**columns, "refused": refused})
        _journal(actor, "import.schema", imported, schema=ref.name if ref else "")
    return row


def change_steps(
    actor: Actor, imported: Import, steps: Sequence[Mapping[str, Any]], *, based_on: str = "", **choices: Any
) -> Import:
    """Put these steps in the place of those of the import; ImportChanged when somebody else changed them since ``based_on``."""
    with transaction.atomic():
        _locked(imported, based_on)
        return correct_import(actor, imported, steps=[dict(step) for step in steps], **choices)


def refuse_proposals(actor: Actor, imported: Import, keys: Iterable[str], *, based_on: str = "") -> None:
    """Put proposals of mending away for this import."""
    require_import(actor, imported)
    with transaction.atomic():
        _locked(imported, based_on)
        row = ImportSchema.objects.select_for_update().filter(imported=imported).first()
        if row is not None:
            row.refused = sorted({*row.refused, *keys})
            row.save(update_fields=["refused"])
            _journal(actor, "import.refuse", imported, proposals=len(row.refused))


def adopt(actor: Actor, imported: Import) -> None:
    """Once an import has its dataset: the dataset follows from now on what was chosen for the import."""
    row = ImportSchema.objects.select_related("kept", "imported__dataset").filter(imported=imported).first()
    if row is None or imported.dataset is None:
        return
    if row.ref is None:
        stop_following(actor, imported.dataset)
    else:
        follow(actor, imported.dataset, row.ref)


def _locked(imported: Import, based_on: str) -> Import:
    """The row, held until the end of the transaction; ImportChanged when its choices are no longer those that were read."""
    locked = Import.objects.select_for_update(of=("self",)).get(pk=imported.pk)
    if based_on and import_mark(locked) != based_on:
        raise ImportChanged
    return locked


def _journal(actor: Actor, action: str, imported: Import, **details: Any) -> None:
    record(actor.name, actor.person_id, action, "import", str(imported.pk), **details)
