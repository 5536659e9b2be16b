"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import NEVER, Carried

CARRIED = (
    Carried(model="requests.DataRequest", name="demandes/demandes", persons=("signature",)),
    Carried(model="requests.Letter", name="demandes/courriers", is_of_people=True),
)

LEFT = {
    "requests.Vote": NEVER,
}
