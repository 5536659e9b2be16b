"""Loading at the start of a web process what its predecessors had in memory."""

from __future__ import annotations

from django.db import DatabaseError, connection

from parvis.core.errors import ParvisError
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.datastore.remembered import loaded_note, remembered
from parvis.hub.datastore.selectors import engine, source_of

LEAST_ROWS = 10_000
"""Fewer are loaded by their first question, in some milliseconds: each process would hold them all for the few that are asked."""


def warm_remembered() -> int:
    """Load in the background the present versions of the large datasets written down; how many will be.

    Nothing here stops a start: what cannot be read is told to anyone who asks for it.
    """
    names = remembered(loaded_note())
    try:
        datasets = Dataset.objects.select_related("current").filter(
            uid__in=names, status=Status.PUBLISHED, current__rows__gte=LEAST_ROWS
        )
        dataset_by_uid = {row.uid: row for row in datasets}
    except DatabaseError:
        return 0
    finally:
        connection.close()
    warmed = 0
    for uid in reversed(names):  # the last asked is loaded last, so that it is the last to leave
        if uid in dataset_by_uid:
            try:
                engine().warm_later(source_of(dataset_by_uid[uid]))
            except ParvisError:
                continue
            warmed += 1
    return warmed
