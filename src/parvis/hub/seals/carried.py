"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import Carried

CARRIED = (
    Carried(model="seals.SealEntry", name="sceaux/chaine"),
    Carried(model="seals.SealedFile", name="sceaux/fichiers"),
    Carried(model="seals.DailyRoot", name="sceaux/racines"),
    Carried(model="seals.Stamp", name="sceaux/horodatages"),
)
