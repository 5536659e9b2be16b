"""Charts: one description makes the questions, the drawing for browser and server, the sentence and the table."""

from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.drawing import NARROW, WIDE, Size, vega_lite
from parvis.core.charts.marks import CALCULATIONS, MARKS, ORDERS, RATES, STEPS, TERRITORIES
from parvis.core.charts.places import Place, joined
from parvis.core.charts.questions import Answer, Table, completed, questions
from parvis.core.charts.reading import Reading, read
from parvis.core.charts.sentences import sentence
from parvis.core.charts.suggestions import suggest
from parvis.core.charts.tables import ChartTable, table
from parvis.core.charts.themes import THEMES, Theme
from parvis.core.charts.titles import title_of

__all__ = [
    "CALCULATIONS",
    "MARKS",
    "NARROW",
    "ORDERS",
    "RATES",
    "STEPS",
    "TERRITORIES",
    "THEMES",
    "WIDE",
    "Answer",
    "ChartDescription",
    "ChartTable",
    "Place",
    "Reading",
    "SeriesSource",
    "Size",
    "Table",
    "Theme",
    "completed",
    "joined",
    "questions",
    "read",
    "sentence",
    "suggest",
    "table",
    "title_of",
    "vega_lite",
]
