"""Maps: one description makes the questions, the legends, the picture of the server and the list."""

from parvis.core.atlas.classes import edges_of
from parvis.core.atlas.completion import completed
from parvis.core.atlas.description import AMONG, MapDescription, MapLayer
from parvis.core.atlas.drawing import Drawing, Feature, Panel, Scene, svg
from parvis.core.atlas.errors import MapError
from parvis.core.atlas.kinds import KINDS, METHODS, PALETTES, TIME_STEPS
from parvis.core.atlas.legends import Legend, Step
from parvis.core.atlas.shading import Shade, shaded

__all__ = [
    "AMONG",
    "KINDS",
    "METHODS",
    "PALETTES",
    "TIME_STEPS",
    "Drawing",
    "Feature",
    "Legend",
    "MapDescription",
    "MapError",
    "MapLayer",
    "Panel",
    "Scene",
    "Shade",
    "Step",
    "completed",
    "edges_of",
    "shaded",
    "svg",
]
