"""What this room gives the house: indexes of long documents that follow what changes."""

from django.db.models.signals import post_delete, post_save

from parvis.hub.fulltext.carried import LEFT
from parvis.hub.fulltext.kinds import DAILY, KINDS
from parvis.hub.fulltext.services import row_changed
from parvis.hub.fulltext.writing import write_changes
from parvis.hub.registry import Listener, Module, Steady

MODULE = Module(
    slug="fulltext",
    jobs=KINDS,
    daily=DAILY,
    # A row of any table may be a document of a library that another module declares: all tables are heard.
    listeners=tuple(Listener(signal, row_changed) for signal in (post_save, post_delete)),
    steady=(Steady(write_changes, 0.25),),
    left=LEFT,
)
