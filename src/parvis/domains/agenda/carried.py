"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import MADE_AGAIN, Carried

CARRIED = (
    Carried(model="agenda.Event", name="agenda/evenements"),
    Carried(model="agenda.EventTiming", name="agenda/horaires"),
    Carried(model="agenda.EventSource", name="agenda/sources", without=("said",), addresses=("location",)),
    Carried(model="agenda.DistinctPair", name="agenda/distincts"),
)

LEFT = {
    "agenda.EventDay": MADE_AGAIN,
}
