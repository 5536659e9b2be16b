"""What this room gives the house: datasets, territories and organisations among what is found, and an index kept up to date."""

from parvis.hub.catalogue.signals import datasets_stamped
from parvis.hub.registry import Listener, Module, Steady
from parvis.hub.search.carried import LEFT
from parvis.hub.search.changes import LISTENERS, datasets_changed, territories_changed
from parvis.hub.search.datasets import DATASETS
from parvis.hub.search.organisations import ORGANISATIONS
from parvis.hub.search.territories import TERRITORIES
from parvis.hub.search.writing import write_changes
from parvis.hub.territories.signals import territories_loaded

MODULE = Module(
    slug="search",
    search=(DATASETS, TERRITORIES, ORGANISATIONS),
    listeners=(
        Listener(datasets_stamped, datasets_changed),
        Listener(territories_loaded, territories_changed),
        *LISTENERS,
    ),
    steady=(Steady(write_changes, 0.25),),
    left=LEFT,
)
