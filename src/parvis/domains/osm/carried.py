"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import Carried

CARRIED = (
    Carried(model="osm.Conflation", name="openstreetmap/rapprochements"),
    Carried(model="osm.Run", name="openstreetmap/lectures"),
    Carried(model="osm.Finding", name="openstreetmap/resultats", without=("digest",), persons=("decider",)),
)
