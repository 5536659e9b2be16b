"""What this room gives the house: the groups of a team go with a role, and with its site."""

from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _

from parvis.hub.registry import Listener, Module
from parvis.hub.teams.carried import CARRIED
from parvis.hub.teams.models import Team
from parvis.hub.teams.selectors import team_groups_within
from parvis.hub.teams.services import team_deleted

MODULE = Module(
    slug="teams",
    groups=team_groups_within,
    listeners=(Listener(post_delete, team_deleted, Team),),
    journal_actions={
        "team.join": _("a ajouté à l’équipe d’un site"),
        "team.leave": _("a retiré de l’équipe d’un site"),
    },
    carried=CARRIED,
)
