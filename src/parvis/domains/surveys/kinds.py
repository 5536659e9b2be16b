"""The kinds of jobs and of mails of this subject, and when they come back."""

from __future__ import annotations

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

DATASET = "surveys.dataset"
FORGET = "surveys.forget"
ANSWER_NOTICE = "survey-answer"
"""The mail to who asked what becomes of their answer."""
WAITS = "survey-waits"
"""To who publishes, once a day at most: answers wait to be read."""

KINDS = (
    Kind(DATASET, "parvis.domains.surveys.tasks.write_dataset", queue="heavy"),
    Kind(FORGET, "parvis.domains.surveys.tasks.forget"),
)
DAILY = (Daily(FORGET, hour=4),)
