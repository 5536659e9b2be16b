"""What this room gives the house: corrections flow down when a page is published, pages reach a site that is made."""

from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _
from wagtail.signals import page_published

from parvis.hub.pages.models import ThemePage
from parvis.hub.pushed.carried import CARRIED
from parvis.hub.pushed.kinds import KINDS
from parvis.hub.pushed.services import face_saved, source_published
from parvis.hub.registry import Listener, Module
from parvis.hub.sites.models import SiteFace

MODULE = Module(
    slug="pushed",
    jobs=KINDS,
    listeners=(Listener(page_published, source_published, ThemePage), Listener(post_save, face_saved, SiteFace)),
    viewsets=("parvis.hub.pushed.backoffice.SCREENS",),
    journal_actions={
        "page.push": _("a partagé avec d’autres sites la page"),
        "page.pushed": _("a reçu la page"),
        "page.settle": _("a tranché une différence de la page"),
        "page.attach": _("suit de nouveau la page"),
        "page.detach": _("ne suit plus la page"),
    },
    carried=CARRIED,
)
