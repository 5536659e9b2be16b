"""The agenda: what happens in the territory, typed here or read from calendars. Everything that the subject gives the house."""

from django.utils.translation import gettext_lazy as _

from parvis.domains.agenda.carried import CARRIED, LEFT
from parvis.domains.agenda.collection import EventCollection
from parvis.domains.agenda.demo import load_demo
from parvis.domains.agenda.kinds import DAILY, KINDS, TURN
from parvis.domains.agenda.models import Event
from parvis.domains.agenda.publication import PUBLICATION
from parvis.domains.agenda.services import next_change, record_changed
from parvis.hub.jobs.daily import Awaited
from parvis.hub.records import signals
from parvis.hub.registry import Layer, Link, Listener, Module

MODULE = Module(
    slug="agenda",
    collections=(EventCollection(),),
    viewsets=("parvis.domains.agenda.backoffice.EventViewSet", "parvis.domains.agenda.backoffice.SourceViewSet"),
    publishes=(PUBLICATION,),
    layers=(Layer(PUBLICATION.dataset_id, _("Événements"), colour="commune"),),
    jobs=KINDS,
    daily=DAILY,
    awaited=(Awaited(TURN, next_change),),
    listeners=(Listener(signals.record_changed, record_changed, Event),),
    home_links=(Link(_("Voir l’agenda"), "event-list"),),
    demo=load_demo,
    carried=CARRIED,
    left=LEFT,
)
