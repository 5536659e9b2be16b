"""What scripts are told of a sending: where it stands, then dataset by dataset."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils import timezone

from parvis.core.errors import error_facts
from parvis.hub.republication.models import Copy, Portal


def is_busy(portal: Portal) -> bool:
    """Whether a sending is under way, or was killed too short a time ago for another to begin."""
    return portal.busy_until is not None and portal.busy_until > timezone.now()


def portal_facts(portal: Portal) -> dict[str, Any]:
    """Where it goes, what is sent, how the last sending and the last trial ended; of the key, nothing."""
    return {
        "organisation": portal.organisation.slug,
        "address": portal.address,
        "remote_organisation": portal.remote_organisation,
        "active": portal.active,
        "scope": str(portal.scope),
        "services": portal.services,
        "retire": str(portal.retire),
        "sent": portal.sent.isoformat(timespec="seconds") if portal.sent else None,
        "due": portal.due.isoformat(timespec="seconds") if portal.due else None,
        "error": error_facts(portal.error),
        "report": portal.report,
        "trial": portal.trial,
        "datasets": dict(Counter(portal.copies.order_by().values_list("outcome", flat=True))),
    }


def item_facts(portal: Portal, *, trial: bool = False) -> list[dict[str, Any]]:
    """Each dataset: what was done, or would be, with each difference; what was seen of it there."""
    return [_item(copy, trial=trial) for copy in portal.copies.iterator() if copy.trial or not trial]


def _item(copy: Copy, *, trial: bool) -> dict[str, Any]:
    report = copy.trial if trial else copy.report
    error = (copy.trial or {}).get("error") if trial else copy.error
    return {
        "kind": "service" if copy.is_service else "dataset",
        "dataset_id": copy.dataset_id,
        "title": copy.title,
        "outcome": report["outcome"] if trial and report else copy.outcome,
        "chosen": copy.chosen,
        "remote_id": copy.remote_id,
        "page": copy.page,
        "error": error_facts(error),
        "steps": (report or {}).get("steps", []),
        "seen": copy.seen.isoformat(timespec="seconds") if copy.seen else None,
        "proof": copy.proof,
    }
