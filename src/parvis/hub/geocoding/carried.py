"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import MADE_AGAIN

LEFT = {
    "geocoding.GeocodedAddress": MADE_AGAIN,
}
