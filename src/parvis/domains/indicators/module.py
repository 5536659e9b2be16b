"""Indicators: what is followed, with its method, its sources and its target. Everything that the subject gives the house."""

from django.utils.translation import gettext_lazy as _

from parvis.domains.indicators.assistants import TOOLS
from parvis.domains.indicators.carried import CARRIED
from parvis.domains.indicators.collection import IndicatorCollection
from parvis.domains.indicators.demo import load_demo, make_examples
from parvis.domains.indicators.figures import choices, put_forward, resolve
from parvis.domains.indicators.kinds import DAILY, KINDS
from parvis.domains.indicators.mails import NOTICES
from parvis.domains.indicators.models import Indicator
from parvis.domains.indicators.selectors import figures_stamp, versions_relied_on
from parvis.domains.indicators.services import version_published
from parvis.hub.catalogue.signals import dataset_published
from parvis.hub.notifications.services import stopping
from parvis.hub.pages.figures import Provider
from parvis.hub.records.selectors import readings_of
from parvis.hub.registry import Link, Listener, Module

MODULE = Module(
    slug="indicators",
    collections=(IndicatorCollection(),),
    viewsets=("parvis.domains.indicators.backoffice.IndicatorViewSet",),
    jobs=KINDS,
    daily=DAILY,
    notices=NOTICES,
    listeners=(Listener(dataset_published, version_published), *stopping(NOTICES)),
    versions_relied_on=versions_relied_on,
    urls="parvis.domains.indicators.urls",
    reads=lambda: readings_of(Indicator),
    tools=TOOLS,
    figures=Provider(
        "indicateur",
        _("Indicateurs"),
        choices,
        resolve,
        put_forward,
        figures_stamp,
        page=Link(_("Tous les indicateurs"), "indicators"),
    ),
    home_links=(Link(_("Suivre les indicateurs"), "indicators"), Link(_("Composer mon tableau"), "indicators-board")),
    journal_actions={
        "indicator.compute": _("a calculé l’indicateur"),
        "board.save": _("a enregistré un tableau de bord"),
        "board.delete": _("a supprimé un tableau de bord"),
    },
    journal_targets={"board": _("tableau de bord")},
    from_dataset=(Link(_("Suivre un indicateur"), "indicators_admin:new", "jeu"),),
    from_chart=(Link(_("Nouvel indicateur"), "indicators_admin:new", "graphique"),),
    demo=load_demo,
    examples=make_examples,
    carried=CARRIED,
)
