"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import Carried

CARRIED = (
    Carried(model="republication.Portal", name="ailleurs/portails", without=("key", "holder", "busy_until")),
    Carried(model="republication.Copy", name="ailleurs/copies", without=("sent_card", "rewrite")),
)
