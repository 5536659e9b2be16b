"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import Carried

CARRIED = (
    Carried(model="parvis_pushed.PushedPage", name="pages/pages-poussees"),
    Carried(model="parvis_pushed.PushedCopy", name="pages/copies-poussees", without=("base",)),
)
