"""What jobs do here; safe to run twice."""

from __future__ import annotations

from parvis.hub.jobs.rules import JobContext
from parvis.hub.republication.asking import ask_for_all
from parvis.hub.republication.sending import send_portal


def send(context: JobContext, portal: int, dry: bool = False, pressed: bool = False, everything: bool = True) -> None:
    """Send what changed, or only say what would be sent."""
    send_portal(portal, context.progress, dry=dry, pressed=pressed, everything=everything)


def send_each(context: JobContext, day: str) -> None:
    """Look at every organisation again."""
    ask_for_all()
