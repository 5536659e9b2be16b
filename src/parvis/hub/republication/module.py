"""What this room gives the house: sendings to data.gouv.fr, asked for when something changes and each day."""

from django.utils.translation import gettext_lazy as _

from parvis.hub.catalogue import signals
from parvis.hub.registry import Link, Listener, Module
from parvis.hub.republication.asking import dataset_published, dataset_withdrawn, datasets_stamped
from parvis.hub.republication.carried import CARRIED
from parvis.hub.republication.kinds import DAILY, KINDS
from parvis.hub.republication.notices import NOTICES

MODULE = Module(
    slug="republication",
    jobs=KINDS,
    daily=DAILY,
    notices=NOTICES,
    viewsets=("parvis.hub.republication.backoffice.SCREENS",),
    from_dataset=(Link(_("Envoyer vers data.gouv.fr"), "republication:choice", "jeu"),),
    listeners=(
        Listener(signals.dataset_published, dataset_published),
        Listener(signals.dataset_withdrawn, dataset_withdrawn),
        Listener(signals.datasets_stamped, datasets_stamped),
    ),
    journal_actions={
        "republication.create": _("a réglé l’envoi vers data.gouv.fr"),
        "republication.update": _("a changé l’envoi vers data.gouv.fr"),
        "republication.renew": _("a demandé d’autres jeux sur data.gouv.fr"),
        "republication.choose": _("a choisi ce qui part d’un jeu de données, envoi"),
        "republication.rewrite": _("a fait remettre notre fiche, envoi"),
        "republication.delete": _("a retiré l’envoi vers data.gouv.fr"),
        "republication.send": _("a envoyé des changements vers data.gouv.fr"),
    },
    journal_targets={"republication": _("envoi vers data.gouv.fr")},
    carried=CARRIED,
)
