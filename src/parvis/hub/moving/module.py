"""What this room gives the house: what is not a dataset of a portal that moves in, its screen, and the counts of before."""

from django.utils.translation import gettext_lazy as _

from parvis.hub.moving.carried import CARRIED, LEFT
from parvis.hub.moving.selectors import counts_before
from parvis.hub.moving.services import bring_rest
from parvis.hub.registry import DatasetSection, Module

MODULE = Module(
    slug="moving",
    carried=CARRIED,
    left=LEFT,
    rest_of_move=bring_rest,
    dataset_sections=(DatasetSection("moving/counts.html", counts_before),),
    viewsets=("parvis.hub.moving.backoffice.SCREENS",),
    journal_actions={"move.invite": _("a invité, depuis l’ancien portail,")},
)
