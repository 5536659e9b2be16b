"""Collection forms: asked by an organisation, filled online or not, moderated, and a dataset. Everything that the subject gives the house."""

from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _

from parvis.domains.surveys.carried import CARRIED
from parvis.domains.surveys.collection import SurveyCollection
from parvis.domains.surveys.demo import load_demo
from parvis.domains.surveys.kinds import DAILY, KINDS
from parvis.domains.surveys.mails import NOTICES
from parvis.domains.surveys.models import Photo, Survey
from parvis.domains.surveys.outputs import source_facts
from parvis.domains.surveys.services import erase_file, record_changed
from parvis.hub.notifications.services import stopping
from parvis.hub.records import signals
from parvis.hub.registry import DatasetSection, Link, Listener, Module

MODULE = Module(
    slug="surveys",
    collections=(SurveyCollection(),),
    urls="parvis.domains.surveys.urls",
    api="parvis.domains.surveys.api.router",
    dataset_sections=(DatasetSection("surveys/dataset_section.html", source_facts),),
    viewsets=("parvis.domains.surveys.backoffice.SurveyViewSet", "parvis.domains.surveys.backoffice.ANSWERS"),
    jobs=KINDS,
    daily=DAILY,
    notices=NOTICES,
    listeners=(
        Listener(signals.record_changed, record_changed, Survey),
        Listener(post_delete, erase_file, Photo),
        *stopping(NOTICES),
    ),
    journal_actions={
        "survey.invite": _("a invité à répondre au formulaire de collecte"),
        "survey.revoke": _("a retiré une invitation du formulaire de collecte"),
        "survey.accepted": _("a accepté une réponse au formulaire de collecte"),
        "survey.refused": _("a refusé une réponse au formulaire de collecte"),
        "survey.aside": _("a mis de côté une réponse au formulaire de collecte"),
        "survey.received": _("a remis à relire une réponse au formulaire de collecte"),
        "survey.erase": _("a effacé une réponse au formulaire de collecte"),
        "survey.export": _("a téléchargé les réponses au formulaire de collecte"),
    },
    home_links=(Link(_("Voir les collectes"), "survey-list"),),
    demo=load_demo,
    carried=CARRIED,
)
