"""The screens of contributions in the back office."""

from parvis.domains.contributions.moderation import Choices, ProposalScreen, Queue, QueueResults
from parvis.domains.contributions.settings_screens import Ambassadors, Openings, OpeningScreen
from parvis.hub.backoffice.policies import may_deposit
from parvis.hub.backoffice.screens import ScreenSet

SCREENS = ScreenSet(
    "contributions_admin",
    "contributions",
    ("", Queue, "queue"),
    ("resultats/", QueueResults, "queue_results"),
    ("<int:pk>/", ProposalScreen, "proposal"),
    ("choix/", Choices, "choices"),
    ("reglages/", Openings, "openings"),
    ("reglages/<slug:dataset_id>/", OpeningScreen, "opening"),
    ("ambassadeurs/", Ambassadors, "ambassadors"),
    menu_order=410,
    shown=may_deposit,
)
