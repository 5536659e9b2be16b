"""What this room gives the house: what is not a dataset of a portal that moves in, its screen, and the counts of before."""

from django.utils.translation import gettext_lazy as _

from parvis.hub.harvesting.move_rest import RestOfMove
from parvis.hub.moving.carried import CARRIED, LEFT
from parvis.hub.moving.rules import KINDS, KINDS_BY_PORTAL
from parvis.hub.moving.selectors import counts_before, left_out
from parvis.hub.registry import DatasetSection, Module

MODULE = Module(
    slug="moving",
    carried=CARRIED,
    left=LEFT,
    rest_of_move=RestOfMove(
        parts={name: kind.label for name, kind in KINDS.items()},
        bringing="parvis.hub.moving.services.bring_rest",
        planning="parvis.hub.moving.planning.plan_rest",
        leaving_out="parvis.hub.moving.services.leave_out",
        left_out=left_out,
        parts_by_kind=KINDS_BY_PORTAL,
    ),
    dataset_sections=(DatasetSection("moving/counts.html", counts_before),),
    viewsets=("parvis.hub.moving.backoffice.SCREENS",),
    journal_actions={"move.invite": _("a invité, depuis l’ancien portail,")},
)
