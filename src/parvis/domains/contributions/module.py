"""Contributions: what anybody proposes of a dataset, and what holds of it. Everything that the subject gives the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parvis.core.errors import NotFound
from parvis.domains.contributions.carried import CARRIED
from parvis.domains.contributions.demo import load_demo
from parvis.domains.contributions.kinds import DAILY, KINDS
from parvis.domains.contributions.laying import dataset_published, overlay_of, version_registered
from parvis.domains.contributions.mails import NOTICES
from parvis.domains.contributions.rules import Kind
from parvis.domains.contributions.tables import table_of
from parvis.domains.contributions.trails import cell_trails
from parvis.hub.catalogue import signals
from parvis.hub.datastore.signals import version_registered as version_signal
from parvis.hub.notifications.services import stopping
from parvis.hub.registry import DatasetTab, Listener, Module, PublicPage, RowLink
from parvis.hub.sites.menu_targets import Room

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


def row_link(dataset: Dataset) -> RowLink | None:
    """« Corriger », where the rows of a dataset may be corrected."""
    table = table_of(dataset)
    try:
        if Kind.CORRECT not in table.kinds:
            return None
    except NotFound:  # a version that cannot be read is told where it is read
        return None
    return RowLink(_("Corriger"), table.key, f"{dataset.get_absolute_url()}contribuer/ligne/?cle=")


MODULE = Module(
    slug="contributions",
    overlay=overlay_of,
    urls="parvis.domains.contributions.urls",
    api="parvis.domains.contributions.api.router",
    jobs=KINDS,
    daily=DAILY,
    notices=NOTICES,
    viewsets=("parvis.domains.contributions.backoffice.SCREENS",),
    dataset_tabs=(DatasetTab("contribute", _("Contribuer"), "dataset-contribute"),),
    row_link=row_link,
    cell_trails=cell_trails,
    menu=(Room("contribute", _("Contribuer"), order=30, in_header=True, in_footer=False),),
    demo=load_demo,
    site_map=lambda: [PublicPage(reverse("contribute"))],
    listeners=(
        Listener(version_signal, version_registered),
        Listener(signals.dataset_published, dataset_published),
        *stopping(NOTICES),
    ),
    journal_actions={
        "contribution.accept": _("a accepté une contribution à"),
        "contribution.refuse": _("a refusé une contribution à"),
        "contribution.ask-back": _("a posé une question à un contributeur de"),
        "contribution.settle": _("a choisi entre une contribution et la source de"),
        "contribution.open": _("a réglé les contributions à"),
        "ambassador.name": _("a nommé un ambassadeur de"),
        "ambassador.revoke": _("a révoqué un ambassadeur de"),
    },
    carried=CARRIED,
)
