"""What this room gives the house: operations that write, mails about keys that end."""

from parvis.hub.registry import Module
from parvis.hub.writing.carried import LEFT
from parvis.hub.writing.expiry import NOTICES
from parvis.hub.writing.kinds import DAILY, KINDS

MODULE = Module(
    slug="writing",
    jobs=KINDS,
    daily=DAILY,
    notices=NOTICES,
    api="parvis.hub.writing.api.router",
    left=LEFT,
)
