"""What this room gives the house: thumbnails drawn in the background when versions, charts and maps are published."""

from parvis.hub.atlas.models import Map
from parvis.hub.catalogue.signals import dataset_published
from parvis.hub.charts.models import Chart
from parvis.hub.records.signals import record_changed
from parvis.hub.registry import Listener, Module
from parvis.hub.thumbnails.carried import LEFT
from parvis.hub.thumbnails.kinds import KINDS
from parvis.hub.thumbnails.services import drawing_changed, version_published

MODULE = Module(
    slug="thumbnails",
    jobs=KINDS,
    listeners=(
        Listener(dataset_published, version_published),
        Listener(record_changed, drawing_changed, Chart),
        Listener(record_changed, drawing_changed, Map),
    ),
    left=LEFT,
)
