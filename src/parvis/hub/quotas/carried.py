"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import OF_THE_MACHINE, Carried

CARRIED = (Carried(model="quotas.OrganisationLimits", name="organisations/limites"),)

LEFT = {
    "quotas.Usage": OF_THE_MACHINE,
    "quotas.Throttle": OF_THE_MACHINE,
}
