"""What comes into an expected dataset, by any way, is a delivery: judged, let through or made to wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.core.versions.manifest import Manifest
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.publication_checks import Blocker
from parvis.hub.catalogue.rules import Status
from parvis.hub.datastore.models import Import
from parvis.hub.datastore.services.versions import discard_version
from parvis.hub.deliveries.folder import refuse
from parvis.hub.deliveries.messages import sentences_of
from parvis.hub.deliveries.models import Delivery, Expectation
from parvis.hub.deliveries.rules import State
from parvis.hub.deliveries.selectors import due_for, previous_manifest
from parvis.hub.deliveries.telling import tell_verdict
from parvis.hub.deliveries.verdicts import Finding, facts_of, findings_of

_ENDED_BADLY = (Import.State.STOPPED, Import.State.REFUSED, Import.State.FAILED, Import.State.CANCELLED)


def version_arrived(dataset: Dataset, version: Version, manifest: Manifest, **_facts: Any) -> None:
    """Judge a version of an expected dataset, in the transaction that registers it: what is odd waits for a decision."""
    expectation = Expectation.objects.filter(dataset=dataset, active=True).first()
    if expectation is None:
        return
    imported = Import.objects.filter(dataset=dataset, version_name=version.name).order_by("-pk").first()
    if imported is not None and imported.replaces:  # the same source once more: nothing was delivered
        return
    delivery = Delivery.objects.filter(imported=imported).first() if imported is not None else None
    delivery = delivery or Delivery(expectation=expectation, due=due_for(expectation), imported=imported)
    if delivery.version_id == version.pk:
        return
    before = previous_manifest(dataset, version)
    findings = findings_of(manifest, before, expectation.fewer_percent)
    delivery.version, delivery.bytes = version, manifest.original.bytes
    delivery.file = delivery.file or version.original[:255]
    delivery.facts, delivery.findings = facts_of(manifest, before), [row.to_dict() for row in findings]
    delivery.state = State.WAITING if findings else State.DELIVERED
    delivery.save()
    _replace_former(delivery)
    if findings:
        tell_verdict(delivery)


def _replace_former(delivery: Delivery) -> None:
    """What waited gives way to what has just come; the versions of what was refused or gave way take no more room."""
    former = Delivery.objects.filter(expectation=delivery.expectation_id).exclude(pk=delivery.pk)
    former.filter(state=State.WAITING).update(state=State.REPLACED)
    gone = former.filter(state__in=(State.REPLACED, State.REFUSED), version__isnull=False)
    for row in gone.select_related("version", "expectation__dataset"):
        discard_version(OPERATOR, row.expectation.dataset, row.version)


def import_moved(instance: Import, created: bool, raw: bool = False, **_facts: Any) -> None:
    """Note that the file of a delivery could not be read, or that something else holds its publication back."""
    if raw or created:
        return
    badly, held_back = instance.state in _ENDED_BADLY, instance.state == Import.State.HELD and instance.error
    if not (badly or held_back):
        return
    delivery = Delivery.objects.select_related("expectation__dataset").filter(imported=instance).first()
    if delivery is None:
        return
    if badly and delivery.state == State.AT_WORK:
        # An import stopped by a choice says so by a job that is over: its error comes with it.
        if instance.error is None and instance.state != Import.State.CANCELLED:
            return
        delivery.state, delivery.error = State.UNREADABLE, instance.error
    elif held_back and delivery.state == State.DELIVERED:
        delivery.state = State.WAITING
        delivery.findings = [Finding("held", {"error": instance.error}).to_dict()]
    else:
        return
    with transaction.atomic():
        delivery.save(update_fields=["state", "error", "findings"])
        tell_verdict(delivery)
    if badly:
        refuse(delivery)


def version_published(dataset: Dataset, version: Version, **_facts: Any) -> None:
    """A version that waited was published by another way: its delivery is accepted."""
    Delivery.objects.filter(version=version, state=State.WAITING).update(state=State.DELIVERED)


def delivery_gate(dataset: Dataset, version: Version) -> Sequence[Blocker]:
    """One obstacle for a version whose delivery waits for a decision, or was refused; none for what is online."""
    online = dataset.status == Status.PUBLISHED and dataset.current_id == version.pk
    delivery = Delivery.objects.filter(version=version, state__in=(State.WAITING, State.REFUSED)).first()
    if delivery is None or online or [row["code"] for row in delivery.findings] == ["held"]:
        return ()
    message = (
        _("cette livraison a été refusée.")
        if delivery.state == State.REFUSED
        else _("cette livraison attend une décision : %s") % " ".join(sentences_of(delivery))
    )
    hint = _("Acceptez-la ou refusez-la sur sa page, parmi les livraisons attendues.")
    return (Blocker("delivery-undecided", message, hint, f"/admin/livraisons/recues/{delivery.pk}/"),)
