"""What this room gives the house: the objects of the catalogue, kept each night for the processes that start."""

from parvis.hub.jobs.daily import Daily
from parvis.hub.registry import Module
from parvis.web.api.explore.kinds import KEEP, KINDS

MODULE = Module(
    slug="explore-api",
    jobs=KINDS,
    daily=(Daily(KEEP, hour=4),),
    dataset_object="parvis.web.api.explore.described.described_dataset",
)
