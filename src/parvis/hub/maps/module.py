"""What this room gives the house: the ground of maps, made anew when the territories change."""

from parvis.hub.maps.kinds import KINDS
from parvis.hub.maps.services import territories_changed
from parvis.hub.registry import Listener, Module
from parvis.hub.territories.signals import territories_loaded

MODULE = Module(slug="maps", jobs=KINDS, listeners=(Listener(territories_loaded, territories_changed),))
