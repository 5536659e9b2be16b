"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import Carried

CARRIED = (Carried(model="parvis_teams.Team", name="sites/equipes"),)
