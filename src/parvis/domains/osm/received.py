"""Extracts that people gave, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from parvis.domains.osm.kinds import EXTRACT
from parvis.hub.accounts.rules import Actor
from parvis.hub.jobs.selectors import error_of, jobs_visible_to

if TYPE_CHECKING:
    from parvis.hub.jobs.models import Job

MOST_EXTRACTS = 8
"""Files told of on the screen that receives them."""


def extracts_received(actor: Actor) -> list[dict[str, Any]]:
    """The last files that the person gave, the latest first: its name, the dataset that it makes, its state, what stopped it."""
    jobs = jobs_visible_to(actor).filter(kind=EXTRACT).order_by("-created", "-pk")[:MOST_EXTRACTS]
    return [_received(job, job.arguments["order"]) for job in jobs]


def _received(job: Job, order: Mapping[str, str]) -> dict[str, Any]:
    dataset_id = order.get("dataset") or order.get("identifier", "")
    return {"job": job, "file": order.get("file", ""), "dataset_id": dataset_id, "error": error_of(job)}
