"""What each licence allows between a town's data and OpenStreetMap."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


TO_OSM = frozenset({"lov2", "odbl", "cc0-1.0"})
"""Licences under which data may be written into OpenStreetMap, the source quoted. CC BY 4.0 asks for more than it can keep
(Licence Working Group of the OpenStreetMap Foundation): its owner has to agree first."""


def may_go_there(dataset: Dataset) -> bool:
    """Whether what the dataset says may be written into OpenStreetMap."""
    return dataset.licence in TO_OSM


def may_come_here(dataset: Dataset) -> bool:
    """Whether what OpenStreetMap says may be copied into the dataset: it is then ODbL, and nothing else."""
    return dataset.licence == "odbl"
