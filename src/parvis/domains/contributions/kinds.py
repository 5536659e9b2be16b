"""The kinds of jobs and of mails of contributions, and when they come back."""

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

APPLY = "contributions.apply"
REVIEW = "contributions.review"
CLEAN = "contributions.clean"

FOLLOW = "contribution-follow"
WAITING = "contribution-waiting"

KINDS = (
    Kind(APPLY, "parvis.domains.contributions.tasks.apply", queue="heavy"),
    Kind(REVIEW, "parvis.domains.contributions.tasks.review"),
    Kind(CLEAN, "parvis.domains.contributions.tasks.clean"),
)
DAILY = (Daily(CLEAN, hour=5),)
