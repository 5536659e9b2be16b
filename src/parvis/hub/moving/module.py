"""What this room gives the house: what is not a dataset of a portal that moves in, its screen, and the counts of before."""

from django.utils.translation import gettext_lazy as _

from parvis.hub.harvesting.move_rest import RestOfMove
from parvis.hub.moving.carried import CARRIED, LEFT
from parvis.hub.moving.rules import KINDS
from parvis.hub.moving.selectors import counts_before, left_out
from parvis.hub.moving.services import bring_rest, leave_out, plan_rest
from parvis.hub.registry import DatasetSection, Module

MODULE = Module(
    slug="moving",
    carried=CARRIED,
    left=LEFT,
    rest_of_move=RestOfMove(
        parts={name: kind.label for name, kind in KINDS.items()},
        bring=bring_rest,
        planned=plan_rest,
        leave_out=leave_out,
        left_out=left_out,
    ),
    dataset_sections=(DatasetSection("moving/counts.html", counts_before),),
    viewsets=("parvis.hub.moving.backoffice.SCREENS",),
    journal_actions={"move.invite": _("a invité, depuis l’ancien portail,")},
)
