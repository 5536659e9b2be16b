"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import Carried

CARRIED = (
    Carried(model="indicators.Indicator", name="indicateurs/indicateurs"),
    Carried(model="indicators.Computation", name="indicateurs/calculs"),
    Carried(model="indicators.Value", name="indicateurs/valeurs"),
    Carried(model="indicators.Board", name="indicateurs/tableaux-de-bord", is_of_people=True, without=("key",)),
)
