"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import Carried

CARRIED = (
    Carried(model="privacy.Review", name="vie-privee/examens", dataset="version__dataset"),
    Carried(
        model="privacy.Decision", name="vie-privee/decisions", dataset="dataset", persons=("actor", "withdrawn_by")
    ),
    Carried(model="privacy.Opening", name="vie-privee/ouvertures", dataset="dataset"),
)
