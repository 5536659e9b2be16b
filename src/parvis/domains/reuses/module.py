"""Reuses: the gallery of what is made with the data. Everything that the subject gives the house."""

from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _

from parvis.domains.reuses.carried import CARRIED
from parvis.domains.reuses.collection import SECTION, ReuseCollection
from parvis.domains.reuses.demo import load_demo
from parvis.domains.reuses.kinds import DAILY, KINDS
from parvis.domains.reuses.models import Reuse
from parvis.domains.reuses.publication import PUBLICATION
from parvis.domains.reuses.receipt import NOTICES, RECEIPT
from parvis.domains.reuses.services import picture_gone, take_in
from parvis.hub.registry import Link, Listener, Module
from parvis.hub.visitors.receipts import receipt_listeners

MODULE = Module(
    slug="reuses",
    collections=(ReuseCollection(),),
    urls="parvis.domains.reuses.urls",
    dataset_sections=(SECTION,),
    receipts=(RECEIPT,),
    notices=NOTICES,
    jobs=KINDS,
    daily=DAILY,
    listeners=(*receipt_listeners((RECEIPT,), NOTICES), Listener(post_delete, picture_gone, Reuse)),
    viewsets=("parvis.domains.reuses.backoffice.ReuseViewSet", "parvis.domains.reuses.backoffice.QUEUE"),
    publishes=(PUBLICATION,),
    home_links=(Link(_("Voir les réutilisations"), "reuse-list"),),
    demo=load_demo,
    carried=CARRIED,
    takes_in={"reuses": take_in},
)
