"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import OF_THE_MACHINE, Carried

CARRIED = (
    Carried(
        model="notifications.Webhook",
        name="programmes/adresses-prevenues",
        addresses=("url",),
        without=("secret", "former_secret", "former_until"),
    ),
    Carried(model="notifications.Recipient", name="personnes/abonnes", is_of_people=True),
    Carried(
        model="notifications.Subscription", name="personnes/abonnements", is_of_people=True, without=("key", "mark")
    ),
    Carried(model="notifications.Change", name="jeux-de-donnees/changements", dataset="dataset", without=("mark",)),
)

LEFT = {
    "notifications.Outgoing": OF_THE_MACHINE,
    "notifications.ConfirmationRequest": OF_THE_MACHINE,
    "notifications.ToldOnce": OF_THE_MACHINE,
    "notifications.Delivery": OF_THE_MACHINE,
}
