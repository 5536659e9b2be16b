"""Version 1 of the Explore API in the words of the present one: its query language, filters and shapes of answers."""

from parvis.core.explore_v1.binding import where_of_q

__all__ = ["where_of_q"]
