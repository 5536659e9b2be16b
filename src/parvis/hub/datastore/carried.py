"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import OF_THE_MACHINE, Carried

CARRIED = (
    Carried(
        model="datastore.Import",
        name="jeux-de-donnees/imports",
        dataset="dataset",
        without=("job", "deposit"),
        addresses=("url",),
    ),
)

LEFT = {
    "datastore.Deposit": OF_THE_MACHINE,
}
