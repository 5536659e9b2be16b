"""OpenStreetMap, there and back. Everything that the subject gives the house."""

from django.utils.translation import gettext_lazy as _

from parvis.domains.osm.carried import CARRIED
from parvis.domains.osm.collection import ConflationCollection
from parvis.domains.osm.demo import load_demo
from parvis.domains.osm.kinds import DAILY, KINDS
from parvis.domains.osm.models import Conflation
from parvis.domains.osm.schedule import record_changed, version_published
from parvis.domains.osm.selectors import reviews_of
from parvis.hub.catalogue.signals import dataset_published
from parvis.hub.records import signals
from parvis.hub.records.selectors import readings_of
from parvis.hub.registry import DatasetSection, Listener, Module

MODULE = Module(
    slug="osm",
    collections=(ConflationCollection(),),
    urls="parvis.domains.osm.urls",
    viewsets=("parvis.domains.osm.backoffice.ConflationViewSet", "parvis.domains.osm.backoffice.EXTRACTS"),
    jobs=KINDS,
    daily=DAILY,
    demo=load_demo,
    listeners=(
        Listener(dataset_published, version_published),
        Listener(signals.record_changed, record_changed, Conflation),
    ),
    dataset_sections=(DatasetSection("osm/dataset_section.html", reviews_of),),
    reads=lambda: readings_of(Conflation),
    journal_actions={
        "osm-review.decide": _("a décidé d’un constat"),
        "osm-review.reopen": _("a rouvert un constat"),
        "osm-review.send": _("a envoyé à OpenStreetMap"),
    },
    carried=CARRIED,
)
