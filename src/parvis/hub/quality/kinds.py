"""The kinds of jobs and of mails of this room, and when they come back."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

MEASURE = "quality.measure"
RECKON = "quality.reckon"
TELL = "quality.tell"
LINKS = "quality.links"

DIGEST = "quality-digest"
"""The kind of the mail of the day."""

FEED_SILENT = "feed-silent"
FEED_BACK = "feed-back"

KINDS = (
    Kind(MEASURE, "parvis.hub.quality.tasks.measure", queue="heavy"),
    Kind(RECKON, "parvis.hub.quality.tasks.reckon_day", queue="heavy"),
    Kind(TELL, "parvis.hub.quality.tasks.tell_day"),
    # Minutes of waiting for others: behind what somebody waits for.
    Kind(LINKS, "parvis.hub.quality.tasks.check_links_of_day", queue="heavy", priority=-20),
)

DAILY = (Daily(RECKON, hour=1), Daily(LINKS, hour=2), Daily(TELL, hour=7))
"""Scores move with time: they are reckoned in the night; notices leave when people begin to work."""
