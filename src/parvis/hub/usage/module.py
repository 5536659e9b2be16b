"""What this room gives the house: counts published each night; host names are forgotten when a site changes."""

from django.db.models.signals import post_delete, post_save
from wagtail.models import Site

from parvis.hub.jobs.daily import Daily
from parvis.hub.registry import Listener, Module
from parvis.hub.usage.carried import CARRIED
from parvis.hub.usage.kinds import FOLD, KINDS
from parvis.hub.usage.publication import PUBLICATION
from parvis.hub.usage.sites import forget_hosts

MODULE = Module(
    slug="usage",
    jobs=KINDS,
    viewsets=("parvis.hub.usage.backoffice.SCREENS",),
    publishes=(PUBLICATION,),
    daily=(Daily(FOLD, hour=4),),
    listeners=(Listener(post_save, forget_hosts, Site), Listener(post_delete, forget_hosts, Site)),
    carried=CARRIED,
)
