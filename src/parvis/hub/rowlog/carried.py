"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import OF_THE_MACHINE, Carried

CARRIED = (
    Carried(
        model="rowlog.RowStream",
        name="jeux-de-donnees/lignes-poussees",
        dataset="dataset",
        without=("laid", "mark", "laid_at"),
    ),
)

LEFT = {
    "rowlog.Fold": OF_THE_MACHINE,
}
