"""Requests for data, and letters to organisations. Everything that the subject gives the house."""

from django.utils.translation import gettext_lazy as _

from parvis.domains.requests.carried import CARRIED, LEFT
from parvis.domains.requests.collection import SECTION, RequestCollection
from parvis.domains.requests.demo import load_demo
from parvis.domains.requests.kinds import DAILY, KINDS
from parvis.domains.requests.publication import PUBLICATION
from parvis.domains.requests.receipt import NOTICES, RECEIPTS
from parvis.hub.registry import Link, Module
from parvis.hub.visitors.receipts import receipt_listeners

MODULE = Module(
    slug="requests",
    collections=(RequestCollection(),),
    urls="parvis.domains.requests.urls",
    dataset_sections=(SECTION,),
    organisation_links=(Link(_("Écrire à cette organisation"), "organisation-contact"),),
    receipts=RECEIPTS,
    notices=NOTICES,
    jobs=KINDS,
    daily=DAILY,
    listeners=receipt_listeners(RECEIPTS, NOTICES),
    viewsets=("parvis.domains.requests.backoffice.RequestViewSet", "parvis.domains.requests.backoffice.QUEUE"),
    publishes=(PUBLICATION,),
    home_links=(Link(_("Voir les demandes de données"), "request-list"),),
    demo=load_demo,
    carried=CARRIED,
    left=LEFT,
)
