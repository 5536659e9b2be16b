"""What jobs do with services; safe to run twice."""

from __future__ import annotations

from django.conf import settings

from parvis.hub.dataservices.kinds import CHECK
from parvis.hub.dataservices.selectors import service_due, services_due
from parvis.hub.dataservices.services import check
from parvis.hub.jobs.rules import JobContext
from parvis.hub.jobs.services import enqueue_once


def night(context: JobContext, day: str) -> None:
    """Have each service that is due asked whether it answers, each by itself."""
    if settings.PARVIS["PARVIS_SOURCE_CHECKS"]:
        for service in services_due():
            enqueue_once(context.actor, CHECK, f"{service.pk} {day}", service=service.pk)


def check_service(context: JobContext, service: int) -> None:
    """Ask one, unless it was asked or removed meanwhile."""
    row = service_due(service)
    if row is not None:
        check(row)
