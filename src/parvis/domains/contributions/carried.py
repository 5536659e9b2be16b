"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import Carried

CARRIED = (
    Carried(model="contributions.Opening", name="contributions/ouvertures", dataset="dataset"),
    Carried(
        model="contributions.Proposal",
        name="contributions/propositions",
        dataset="dataset",
        without=("form", "origin"),
        persons=("photo", "text"),
    ),
    Carried(model="contributions.Correction", name="contributions/corrections", dataset="dataset"),
    Carried(model="contributions.Ambassador", name="contributions/ambassadeurs", is_of_people=True),
)
