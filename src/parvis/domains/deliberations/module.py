"""Deliberations: dropped, read, published, sealed, found. Everything that the subject gives the house."""

from django.utils.translation import gettext_lazy as _

from parvis.domains.deliberations import figures
from parvis.domains.deliberations.carried import CARRIED, LEFT
from parvis.domains.deliberations.collection import ACTS, SESSIONS
from parvis.domains.deliberations.deadlines.mails import NOTICES
from parvis.domains.deliberations.demo import load_demo
from parvis.domains.deliberations.deposit.folder import look_in_folder
from parvis.domains.deliberations.elsewhere import act_goes_elsewhere, packages
from parvis.domains.deliberations.finding import library
from parvis.domains.deliberations.jobs import DAILY, KINDS
from parvis.domains.deliberations.models import Act, Session
from parvis.domains.deliberations.money.declared import BLOCKS, JOURNAL, TAB, row_link
from parvis.domains.deliberations.online.guard import act_changed, session_changed
from parvis.domains.deliberations.online.sealing import sealed_files
from parvis.domains.deliberations.oparl.changes import LISTENERS
from parvis.domains.deliberations.publication import COUNTED_PUBLICATION, LEFT_OUT, publications
from parvis.domains.deliberations.watching import mails
from parvis.domains.deliberations.watching.services import agenda_changed
from parvis.hub.pages.figures import Provider
from parvis.hub.records import signals
from parvis.hub.registry import Link, Listener, Module, Steady

MODULE = Module(
    slug="deliberations",
    collections=(ACTS, SESSIONS),
    urls="parvis.domains.deliberations.urls",
    api="parvis.domains.deliberations.finding.api.router",
    viewsets=(
        "parvis.domains.deliberations.backoffice.ActViewSet",
        "parvis.domains.deliberations.backoffice.SessionViewSet",
        "parvis.domains.deliberations.backoffice.SCREENS",
        "parvis.domains.deliberations.money.backoffice.SCREENS",
    ),
    organisation_links=(Link(_("Délibérations et actes de cette organisation"), "acts-of-organisation"),),
    home_links=(Link(_("Lire les délibérations"), "act-list"),),
    texts=(library.LIBRARY,),
    publishes=(COUNTED_PUBLICATION,),
    publications=publications,
    republished=packages,
    figures=Provider("actes", _("Délibérations"), figures.choices, figures.resolve, figures.put_forward, figures.stamp),
    blocks=BLOCKS,
    dataset_tabs=(TAB,),
    dataset_sections=(LEFT_OUT,),
    row_link=row_link,
    sealed_files=sealed_files,
    jobs=KINDS,
    steady=(Steady(look_in_folder, 30.0),),
    daily=DAILY,
    demo=load_demo,
    notices=(*NOTICES, mails.NOTICE),
    listeners=(
        Listener(signals.record_changed, act_changed, Act),
        Listener(signals.record_changed, session_changed, Session),
        Listener(signals.record_changed, agenda_changed, Session),
        Listener(signals.record_changed, act_goes_elsewhere, Act),
        *LISTENERS,
        *library.LISTENERS,
    ),
    journal_actions={
        "assembly.create": _("a ajouté une assemblée"),
        "assembly.update": _("a modifié une assemblée"),
        "official.create": _("a ajouté un élu"),
        "official.update": _("a modifié un élu"),
        **JOURNAL,
    },
    journal_targets={"assembly": _("assemblée"), "official": _("élu")},
    carried=CARRIED,
    left=LEFT,
)
