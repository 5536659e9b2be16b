"""What this room gives the house: the public chain, its nightly work, its words in the journal."""

from django.utils.translation import gettext_lazy as _

from parvis.hub.jobs.daily import Awaited
from parvis.hub.registry import Module
from parvis.hub.seals.carried import CARRIED
from parvis.hub.seals.kinds import DAILY, KINDS, STAMP
from parvis.hub.seals.services import next_stamp

MODULE = Module(
    slug="seals",
    jobs=KINDS,
    daily=DAILY,
    awaited=(Awaited(STAMP, next_stamp),),
    urls="parvis.hub.seals.urls",
    journal_actions={
        "seals.publication": _("a scellé une publication"),
        "seals.correction": _("a scellé une correction"),
        "seals.replacement": _("a scellé un remplacement"),
        "seals.withdrawal": _("a scellé un retrait"),
    },
    journal_targets={"seal": _("sceau")},
    carried=CARRIED,
)
