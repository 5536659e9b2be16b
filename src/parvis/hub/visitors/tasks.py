"""What jobs do here; safe to run twice."""

from parvis.hub.jobs.rules import JobContext
from parvis.hub.visitors.receipts import erase_unconfirmed
from parvis.hub.visitors.services import forget_sendings


def forget(context: JobContext, day: str) -> None:
    """Erase what is known of addresses for more than two days, and what nobody confirmed."""
    forget_sendings()
    erase_unconfirmed()
