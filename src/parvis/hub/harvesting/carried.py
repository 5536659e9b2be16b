"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import NEVER, OF_THE_MACHINE, Carried

CARRIED = (
    Carried(
        model="harvesting.Source",
        name="sources/sources",
        addresses=("url",),
        without=("secrets", "options", "validators"),
    ),
    Carried(
        model="harvesting.Run",
        name="sources/lectures",
        without=("pending", "validators", "job", "page", "deferrals", "barren"),
    ),
    Carried(model="harvesting.Item", name="sources/jeux-trouves", without=("digest", "written", "last_page")),
    Carried(model="harvesting.ItemKey", name="sources/identifiants-des-jeux-trouves"),
    Carried(model="harvesting.RunItem", name="sources/resultats-des-lectures", without=("page",)),
)

LEFT = {
    "harvesting.Host": OF_THE_MACHINE,
    "harvesting.Hook": NEVER,
    "harvesting.HookCall": OF_THE_MACHINE,
}
