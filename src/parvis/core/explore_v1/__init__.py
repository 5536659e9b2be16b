"""Version 1 of the Explore API in the words of the present one: its query language, filters and shapes of answers."""

from parvis.core.explore_v1.analysis import Analysis, analyze
from parvis.core.explore_v1.binding import where_of_q
from parvis.core.explore_v1.errors import MissingParameter, UnknownV1Format
from parvis.core.explore_v1.request import V1Request
from parvis.core.explore_v1.rows import V1Row, v1_rows

__all__ = [
    "Analysis",
    "MissingParameter",
    "UnknownV1Format",
    "V1Request",
    "V1Row",
    "analyze",
    "v1_rows",
    "where_of_q",
]
