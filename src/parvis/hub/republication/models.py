"""Where an organisation has its datasets appear, with which key, and how the last sending ended."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.hub.republication.package import is_service_key
from parvis.hub.republication.rules import DATA_GOUV, Outcome, Retire, Scope


class Portal(models.Model):
    """The portal of an organisation, and its account there; the key is encrypted."""

    SCOPES = [
        (Scope.NONE, _("aucun")),
        (Scope.CHOSEN, _("ceux qui sont choisis un par un")),
        (Scope.ALL, _("tous ceux que tout le monde peut lire ici")),
    ]
    RETIREMENTS = [
        (Retire.ARCHIVE, _("archivé : sa page reste, fermée, sans nos fichiers")),
        (Retire.DELETE, _("supprimé")),
    ]

    organisation = models.OneToOneField(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="portal", verbose_name=_("organisation")
    )
    address = models.CharField(_("adresse du portail"), max_length=300, default=DATA_GOUV)
    remote_organisation = models.CharField(_("organisation là-bas"), max_length=100)
    key = models.CharField(max_length=700)
    active = models.BooleanField(_("en service"), default=True)
    scope = models.CharField(_("jeux de données du catalogue"), max_length=10, choices=SCOPES, default=Scope.NONE)
    services = models.BooleanField(_("services du catalogue"), default=False)
    """The APIs and other services of the organisation appear there too."""
    retire = models.CharField(
        _("un jeu qui n’est plus envoyé est"), max_length=10, choices=RETIREMENTS, default=Retire.ARCHIVE
    )
    failures = models.PositiveIntegerField(default=0)
    """Sendings in a row that did not end."""
    due = models.DateTimeField(null=True)
    """Before when nothing is sent, since the last sending failed."""
    error = models.JSONField(null=True)
    """code, message and hint of what ended the last sending or trial."""
    sent = models.DateTimeField(null=True)
    """When a sending last ended well."""
    report = models.JSONField(null=True)
    """How many datasets the last sending that changed something did what with."""
    trial = models.JSONField(null=True)
    """What the next would do, as of a trial."""
    busy_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=40, blank=True, default="")
    """Which sending is under way: another that took over has another name."""
    created = models.DateTimeField(default=timezone.now)
    modified = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["organisation__name"]
        verbose_name = _("envoi vers data.gouv.fr")
        verbose_name_plural = _("envois vers data.gouv.fr")

    def __str__(self) -> str:
        return f"{self.organisation_id} → {self.address}"


class Copy(models.Model):
    """A dataset or a service of ours and what is known of it there: its identifier once it is there, what the last sending and the last trial did
    with it, what was seen there after."""

    OUTCOMES = [
        (Outcome.CREATED, _("créé")),
        (Outcome.CHANGED, _("changé")),
        (Outcome.UNCHANGED, _("inchangé")),
        (Outcome.RETIRED, _("retiré")),
        (Outcome.REFUSED, _("refusé")),
        (Outcome.LEFT, _("pas envoyé")),
    ]

    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="copies")
    dataset_id = models.CharField(max_length=200)
    """The key of its package; of a service, ``service:`` and its permanent identifier."""
    source = models.ForeignKey("catalogue.Dataset", null=True, on_delete=models.SET_NULL, related_name="+")
    """The dataset of the catalogue, whatever it is called; None for one that a module makes."""
    title = models.CharField(max_length=350, blank=True, default="")
    chosen = models.BooleanField(null=True)
    """What somebody said of this one; None: as the organisation sends."""
    remote_id = models.CharField(max_length=100, blank=True, default="")
    page = models.CharField(max_length=500, blank=True, default="")
    outcome = models.CharField(max_length=10, choices=OUTCOMES, blank=True, default="", db_index=True)
    error = models.JSONField(null=True)
    """Why it was refused or left."""
    report = models.JSONField(null=True)
    """What the last sending that changed it did: when, each change field by field, what was refused of it."""
    trial = models.JSONField(null=True)
    """What the next would do, as of the last trial."""
    sent_card = models.JSONField(default=dict)
    """``digest``, ``here``, ``shown`` and ``refused`` of the card sent last (``plan.Sent``)."""
    rewrite = models.BooleanField(default=False)
    """The next sending puts our card over what was changed there."""
    proof = models.JSONField(null=True)
    """What was seen there: see ``proof``."""
    seen = models.DateTimeField(null=True)
    """When."""
    checked = models.DateTimeField(null=True)
    """When it was last compared."""
    due = models.DateTimeField(null=True)
    """When it is to be compared next, before the next morning."""
    failures = models.PositiveIntegerField(default=0)
    """Refusals in a row."""

    class Meta:
        ordering = ["title", "dataset_id"]
        constraints = [models.UniqueConstraint(fields=["portal", "dataset_id"], name="one_copy_a_dataset")]
        verbose_name = _("jeu de données envoyé")
        verbose_name_plural = _("jeux de données envoyés")

    def __str__(self) -> str:
        return f"{self.dataset_id} → {self.remote_id}"

    @property
    def is_service(self) -> bool:
        """Whether it is a service."""
        return is_service_key(self.dataset_id)
