"""Deliberations: dropped, read, published, sealed, found. Everything that the subject gives the house."""

from django.utils.translation import gettext_lazy as _

from parvis.domains.deliberations import figures
from parvis.domains.deliberations.kinds import KINDS
from parvis.domains.deliberations.models import Act, Session
from parvis.domains.deliberations.money.declared import BLOCKS, JOURNAL, SCREENS, TAB, row_link
from parvis.domains.deliberations.online.guard import act_changed, session_changed
from parvis.domains.deliberations.publication import COUNTED_PUBLICATION, LEFT_OUT, publications
from parvis.hub.pages.figures import Provider
from parvis.hub.records import signals
from parvis.hub.registry import Listener, Module

MODULE = Module(
    slug="deliberations",
    urls="parvis.domains.deliberations.urls",
    jobs=KINDS,
    listeners=(
        Listener(signals.record_changed, act_changed, Act),
        Listener(signals.record_changed, session_changed, Session),
    ),
    publishes=(COUNTED_PUBLICATION,),
    publications=publications,
    figures=Provider("actes", _("Délibérations"), figures.choices, figures.resolve, figures.put_forward, figures.stamp),
    blocks=BLOCKS,
    viewsets=(SCREENS,),
    dataset_tabs=(TAB,),
    dataset_sections=(LEFT_OUT,),
    row_link=row_link,
    journal_actions=JOURNAL,
)
