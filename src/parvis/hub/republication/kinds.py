"""The kinds of jobs and of mails of this room."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

SEND = "republication.send"
EACH = "republication.each"
STOPPED = "republication-stopped"

KINDS = (
    # After everything that somebody waits for: another portal may take all its seconds to answer.
    Kind(SEND, "parvis.hub.republication.tasks.send", queue="heavy", priority=-10),
    Kind(EACH, "parvis.hub.republication.tasks.send_each"),
)
DAILY = (Daily(EACH, hour=6),)
"""Once the datasets of the night are there."""
