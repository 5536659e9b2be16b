"""Which schema a dataset follows, and what its invalid versions meet."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from parvis.core.schemas.references import SchemaRef
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import bump_revision, update_card
from parvis.hub.validation.models import DatasetSchema, OrganisationPolicy
from parvis.hub.validation.rules import Enforcement
from parvis.hub.validation.selectors import followed, schema_address, schema_columns
from parvis.hub.validation.services.verdicts import ask_to_check


def follow(actor: Actor, dataset: Dataset, ref: SchemaRef) -> DatasetSchema:
    """Have a dataset follow a schema: its next versions are checked against it, those there are in the background.

    Raises what ``selectors.schema_of`` raises for a schema that cannot be had or has errors of its own.
    """
    require(actor, "edit", dataset.organisation_id, f"choisir le schéma de « {dataset.title} »")
    before = followed(dataset)
    if before is not None and before.ref == ref:
        return before
    columns: dict[str, Any] = {**schema_columns(ref), "newer": "", "newer_seen": False}
    with transaction.atomic():
        row, _made = DatasetSchema.objects.update_or_create(dataset=dataset, defaults=columns)
        _tell(actor, dataset, schema_address(ref))
        _journal(actor, "schema.follow", dataset, schema=ref.name, version=ref.version)
        bump_revision(dataset)
        ask_to_check(actor, dataset)
    return row


def stop_following(actor: Actor, dataset: Dataset) -> None:
    """Have a dataset follow no schema; verdicts given stay with their versions."""
    require(actor, "edit", dataset.organisation_id, f"choisir le schéma de « {dataset.title} »")
    with transaction.atomic():
        if DatasetSchema.objects.filter(dataset=dataset).delete()[0]:
            _tell(actor, dataset, "")
            _journal(actor, "schema.leave", dataset)
            bump_revision(dataset)


def set_enforcement(actor: Actor, dataset: Dataset, enforcement: Enforcement | None) -> None:
    """Say what an invalid version of this dataset meets; None: as its organisation chose. Needs the right to publish."""
    require(actor, "publish", dataset.organisation_id, f"régler les vérifications de « {dataset.title} »")
    with transaction.atomic():
        DatasetSchema.objects.filter(dataset=dataset).update(enforcement=enforcement or "")
        _journal(actor, "schema.enforcement", dataset, enforcement=str(enforcement or ""))


def set_default(actor: Actor, organisation: Organisation, enforcement: Enforcement) -> None:
    """Say what invalid versions meet in an organisation, where a dataset says nothing. Needs the right to administer."""
    require(actor, "administer", organisation.pk, f"régler les vérifications de {organisation.name}")
    with transaction.atomic():
        OrganisationPolicy.objects.update_or_create(organisation=organisation, defaults={"enforcement": enforcement})
        details = {"enforcement": str(enforcement)}
        record(actor.name, actor.person_id, "schema.default", "organisation", organisation.slug, **details)


def take_newer(actor: Actor, dataset: Dataset) -> DatasetSchema | None:
    """Follow from now on the newer version of the schema that the notice told of."""
    row = followed(dataset)
    if row is None or row.ref is None or not row.newer:
        return row
    return follow(actor, dataset, SchemaRef(row.ref.origin, row.name, row.newer))


def dismiss_newer(actor: Actor, dataset: Dataset) -> None:
    """Put the notice of a newer schema away; it comes back with the version after."""
    require(actor, "edit", dataset.organisation_id, f"choisir le schéma de « {dataset.title} »")
    DatasetSchema.objects.filter(dataset=dataset).update(newer_seen=True)
    _journal(actor, "schema.dismiss", dataset)


def _tell(actor: Actor, dataset: Dataset, address: str) -> None:
    """Have the card say to what the data conforms (``dct:conformsTo``), by the address where the schema is published."""
    dcat = {**dataset.as_told.get("dcat", {}), "conforms_to": address}
    if not address:
        del dcat["conforms_to"]
    update_card(actor, dataset, {"as_told": {**dataset.as_told, "dcat": dcat}})


def _journal(actor: Actor, action: str, dataset: Dataset, **details: Any) -> None:
    record(actor.name, actor.person_id, action, "dataset", dataset.dataset_id, **details)
