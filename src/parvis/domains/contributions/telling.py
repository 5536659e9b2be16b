"""Writing to who asked to be told of what they proposed."""

from __future__ import annotations

from parvis.domains.contributions.kinds import FOLLOW
from parvis.domains.contributions.models import Proposal
from parvis.hub.notifications.outbox import write_to_subscriber
from parvis.hub.notifications.selectors import subscriptions_to


def tell(proposal: Proposal) -> None:
    """Have the state of a proposal told; part of the caller's transaction."""
    for subscription in subscriptions_to(FOLLOW, str(proposal.pk)):
        write_to_subscriber(subscription, FOLLOW, proposal=proposal.pk)
