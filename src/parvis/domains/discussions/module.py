"""Discussions on datasets. Everything that the subject gives the house."""

from django.utils.translation import gettext_lazy as _

from parvis.domains.discussions.carried import CARRIED
from parvis.domains.discussions.demo import load_demo
from parvis.domains.discussions.found import DISCUSSIONS
from parvis.domains.discussions.public import TAB, news
from parvis.domains.discussions.receipt import NOTICES, RECEIPT
from parvis.hub.registry import Module
from parvis.hub.visitors.receipts import receipt_listeners

MODULE = Module(
    slug="discussions",
    urls="parvis.domains.discussions.urls",
    dataset_tabs=(TAB,),
    dataset_news=news,
    search=(DISCUSSIONS,),
    receipts=(RECEIPT,),
    notices=NOTICES,
    listeners=receipt_listeners((RECEIPT,), NOTICES),
    viewsets=("parvis.domains.discussions.backoffice.SCREENS",),
    demo=load_demo,
    journal_actions={
        "discussion.answer": _("a répondu dans la discussion"),
        "discussion.show": _("a montré le message"),
        "discussion.hide": _("a masqué le message"),
        "discussion.erase": _("a effacé le message"),
        "discussion.close": _("a clos la discussion"),
        "discussion.reopen": _("a rouvert la discussion"),
        "discussion.close-all": _("a fermé les discussions du jeu de données"),
        "discussion.open-all": _("a ouvert les discussions du jeu de données"),
    },
    journal_targets={"discussion": _("discussion")},
    carried=CARRIED,
)
