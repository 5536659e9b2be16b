"""The daily work of this room."""

from parvis.hub.jobs.daily import Daily
from parvis.hub.jobs.rules import Kind

FORGET = "visitors.forget"
KINDS = (Kind(FORGET, "parvis.hub.visitors.tasks.forget"),)
DAILY = (Daily(FORGET, hour=3),)
