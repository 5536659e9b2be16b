"""What jobs do with contributions; each is safe to run twice."""

from datetime import timedelta

from django.utils import timezone

from parvis.domains.contributions import laying
from parvis.domains.contributions.decisions import withdraw
from parvis.domains.contributions.mails import tell_owners
from parvis.domains.contributions.models import Proposal
from parvis.domains.contributions.rules import UNCONFIRMED_HOURS, State
from parvis.hub.jobs.rules import JobContext


def apply(context: JobContext, dataset: int) -> None:
    """Lay what was accepted over the source of a dataset."""
    laying.apply(context.actor, dataset, context.progress)


def review(context: JobContext, dataset: int) -> None:
    """Compare the proposals that wait with the version online."""
    laying.review(dataset)


def clean(context: JobContext, day: str) -> None:
    """Forget what was never confirmed; tell producers of what waits for them."""
    limit = timezone.now() - timedelta(hours=UNCONFIRMED_HOURS)
    for proposal in Proposal.objects.filter(state=State.UNCONFIRMED, created__lt=limit):
        withdraw(proposal)
        proposal.delete()
    tell_owners()
