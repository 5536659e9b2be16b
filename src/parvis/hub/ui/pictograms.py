"""Pictograms of themes: lines on a square of SIDE units, drawn for Parvis, in the colour of the text around them.

They are written in the page and fetched by nobody: each is lighter than the address of a file would be with its headers.
"""

from __future__ import annotations

from collections.abc import Mapping

from parvis.core.metadata import theme_slug

SIDE = 24

PICTOGRAMS: Mapping[str, str] = {
    # A town hall: flag, pediment, columns.
    "administration": "M12 6V3h3.5l-1 1.2 1 1.3H12M4 11l8-5 8 5zM7 11v6M12 11v6M17 11v6M5 17h14M3.5 20h17",
    # A sprout on its furrow.
    "agriculture": "M12 20v-9c0-3.4 2.2-5.5 6-5.5 0 3.5-2.2 5.5-6 5.5M12 15c0-3-2-4.8-5.4-4.8 0 3 2 4.8 5.4 4.8M4 20h16",
    # Columns that rise, and the line that says so.
    "economie": "M4 20h16M7 20v-4.5M12 20v-7M17 20v-9.5M4.5 11.5 10 6.6l3.2 2.4L19 4M15.6 4H19v3.4",
    # An open book.
    "education": "M12 7c-2-1.5-4.6-2-8-2v12.6c3.4 0 6 .4 8 1.9 2-1.5 4.6-1.9 8-1.9V5c-3.4 0-6 .5-8 2zM12 7v12.5",
    "energie": "M13.5 3 6 13.6h5L10.2 21 18 10.2h-5.2z",
    # A tree.
    "environnement": "M12 21v-9.5M12 16l3.2-3M12 14l-2.6-2.4M9.5 17a4.6 4.6 0 0 1-2.8-7.6 5.4 5.4 0 0 1 10.6 0 4.6 4.6 0 0 1-2.8 7.6z",
    # Scales.
    "justice": "M12 4v16M8 20h8M5 7h14M5 7l-2.5 6a2.6 2.6 0 0 0 5 0zM19 7l-2.5 6a2.6 2.6 0 0 0 5 0z",
    "population": "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 19c0-3 2.6-5 6-5s6 2 6 5M15.8 5.3a2.9 2.9 0 0 1 0 5.5M17.4 14.3c2.2.7 3.6 2.4 3.6 4.7",
    # A heart that beats.
    "sante": "M12 20C6.5 16.6 4 13.4 4 9.7A4.4 4.4 0 0 1 12 7a4.4 4.4 0 0 1 8 2.7c0 3.7-2.5 6.9-8 10.3zM7.4 12h2.3l1.4-2.6 1.9 4.4 1.3-1.8h2.3",
    "technologie": "M8 8h8v8H8zM10.5 4.5V8M13.5 4.5V8M10.5 16v3.5M13.5 16v3.5M4.5 10.5H8M4.5 13.5H8M16 10.5h3.5M16 13.5h3.5",
    # A house beside a block of flats.
    "territoire": "M3 20h18M5 20v-8.5L9.5 8l4.5 3.5V20M8.3 20v-4.4h2.4V20M12 9.9V4.5h7V20M15.2 8h.9M15.2 11.5h.9M16 15h.9",
    # A bus, seen from the front.
    "transports": "M6.5 4.5h11A1.5 1.5 0 0 1 19 6v11H5V6a1.5 1.5 0 0 1 1.5-1.5zM5 12h14M8 14.6h.9M15.1 14.6h.9M7 17v2.5M17 17v2.5M9.5 7h5",
}

KINDS: Mapping[str, str] = {
    # A sheet with its seal.
    "act": "M6 3.5h9l3.5 3.5v13.5H6zM14.5 3.5v4h4M9 11h6M9 14h3M15 18.4a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8z",
    # Bars.
    "chart": "M4 20h16M7 20v-6M12 20V5.5M17 20v-9.5",
    # Two bubbles.
    "discussion": "M4 5h11v7.5H9L6 15.5v-3H4zM17.5 9H20v7.5h-2v3l-3-3h-5v-1.5",
    # A sheet of a calendar.
    "event": "M4.5 6h15v14h-15zM4.5 10.5h15M8.5 3.5V7M15.5 3.5V7M8 14h2.4M13.5 14H16M8 17h2.4",
    # A dial and its needle.
    "indicator": "M4 17.5a8 8 0 1 1 16 0M12 17.5l4-6.2M4 17.5h2M18 17.5h2M12 7.5V9.3M10.4 20h3.2",
    # A folded map and its way.
    "map": "M3.5 6 9 4l6 2 5.5-2v14L15 20l-6-2-5.5 2zM9 4v14M15 6v14",
    "organisation": PICTOGRAMS["administration"],
    # A page with its picture.
    "page": "M6 3.5h12v17H6zM9 7h6v4.5H9zM9 14.5h6M9 17.2h4",
    # A question.
    "request": "M4 5h16v11h-9l-4 4v-4H4zM9.8 8.8a2.3 2.3 0 1 1 3.2 2.1c-.7.3-1 .7-1 1.3M12 14v.1",
    # What goes round again.
    "reuse": "M5 10.5a7 7 0 0 1 12-3.3l2 2M19 4.8v4.4h-4.4M19 13.5a7 7 0 0 1-12 3.3l-2-2M5 19.2v-4.4h4.4",
    # A table and those around it.
    "session": "M4 13h16M6 13v6M18 13v6M7.5 9.5a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4zM12 9a1.7 1.7 0 1 0 0-3.4A1.7 1.7 0 0 0 12 9zM16.5 9.5a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4z",
    # A form that is filled in.
    "survey": "M6 4.5h12v16H6zM9.5 3.5h5v2.4h-5zM9 10l1 1 1.7-2M14 10.2h1.8M9 15l1 1 1.7-2M14 15.2h1.8",
    # A place on the ground.
    "territory": "M12 15.5c-3.2-3.3-4.8-5.6-4.8-7.8a4.8 4.8 0 0 1 9.6 0c0 2.2-1.6 4.5-4.8 7.8zM12 9.3a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2zM8 16l-4 4.5h16L16 16",
}
"""Of what a search finds, by the name of its kind."""

DEFAULT = "M4 5h8v6H4zM15 5h5v6h-5zM4 14h5v5H4zM12 14h8v5h-8z"
"""Four paving stones, for what has no theme of the list."""


def pictogram(theme: str) -> str:
    """The lines of a theme, by any of its names, or of a kind of things; those of paving stones for anything else."""
    return KINDS.get(theme) or PICTOGRAMS.get(theme_slug(theme) if theme else "", DEFAULT)
