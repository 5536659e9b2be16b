"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import NEVER, OF_THE_MACHINE, Carried

CARRIED = (
    Carried(
        model="deliveries.Expectation",
        name="livraisons/attendues",
        dataset="dataset",
        persons=("sender", "sender_emails", "answer_emails"),
    ),
    Carried(
        model="deliveries.Delivery",
        name="livraisons/livraisons",
        dataset="expectation__dataset",
        without=("link", "submission", "deposit"),
        persons=("words",),
    ),
    Carried(model="deliveries.Postponement", name="livraisons/reports", dataset="expectation__dataset"),
)

LEFT = {
    "deliveries.DeliveryLink": NEVER,
    "deliveries.Alert": OF_THE_MACHINE,
}
