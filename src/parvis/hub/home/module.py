"""What this room gives the house: the words of the journal about what a site shows."""

from django.utils.translation import gettext_lazy as _

from parvis.hub.home.carried import CARRIED
from parvis.hub.registry import Module

MODULE = Module(
    slug="home",
    journal_actions={
        "site.create": _("a créé le site"),
        "site.face": _("a changé l’identité visuelle du site"),
        "site.home": _("a changé l’accueil du site"),
        "site.menus": _("a changé les menus du site"),
        "site.legal": _("a changé les pages légales du site"),
    },
    journal_targets={"site": _("site")},
    carried=CARRIED,
)
