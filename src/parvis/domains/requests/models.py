"""The columns of a request, who supports it, and letters to organisations."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.domains.requests.rules import Stage
from parvis.hub.records.models import CivicRecord


class DataRequest(CivicRecord):
    """Data that somebody asks for, or another licence for those that are here.

    Whether its page is read by all (``status``) and what is answered (``stage``) are two things: what is not shown is answered too.
    Its words are of who asked: its address and the journal have none of them.
    """

    KINDS = [("data", _("des données")), ("licence", _("une licence ouverte"))]
    STAGES = [
        (Stage.OPEN.value, _("en attente de réponse")),
        (Stage.SILENT.value, _("sans réponse dans le mois")),
        (Stage.GRANTED.value, _("acceptée")),
        (Stage.PARTLY.value, _("acceptée en partie")),
        (Stage.REFUSED.value, _("refusée")),
        (Stage.FORWARDED.value, _("transmise à une autre administration")),
    ]
    GROUNDS = [
        ("none", _("l’administration ne les détient pas, et les faire demanderait un travail déraisonnable (L311-1)")),
        ("draft", _("elles préparent une décision qui n’est pas prise (L311-2)")),
        ("secret", _("un secret protégé par la loi (L311-5)")),
        ("privacy", _("la vie privée ou le secret des affaires d’autres personnes (L311-6)")),
        ("rights", _("les droits d’auteur d’autres personnes (L311-4, L321-2)")),
        ("published", _("elles sont déjà publiées (L311-2)")),
        ("abuse", _("la demande est abusive, par son nombre ou sa répétition (L311-2)")),
        ("other", _("un autre motif de la loi, dont l’article est cité ci-dessous")),
    ]

    noun = "request"
    with_article = _("la demande de données")
    place = "demandes"
    unnamed = "demande"
    reserved = CivicRecord.reserved | {"nouvelle"}
    leaves_no_trace = True
    of_the_record = (
        *CivicRecord.of_the_record,
        "signature",
        "to_confirm",
        "reason",
        "received",
        "stage",
        "ground",
        "answer",
        "answered",
        "datasets",
        "votes",
    )

    kind = models.CharField(_("ce qui est demandé"), max_length=8, choices=KINDS, default="data", db_index=True)
    text = models.TextField(_("précisions"), blank=True, default="")
    about = models.CharField(_("jeu de données concerné"), max_length=100, blank=True, default="", db_index=True)
    """The dataset whose licence is discussed, or that is not enough."""
    signature = models.CharField(_("signature"), max_length=60, blank=True, default="")
    to_confirm = models.BooleanField(default=False, editable=False)
    """Sent without the work of a browser: nobody reads it before the address is confirmed."""
    held = models.BooleanField(default=False, editable=False)
    """Whether it seems to name somebody."""
    reason = models.CharField(_("raison"), max_length=300, blank=True, default="", editable=False)
    """Why it is not shown."""
    received = models.DateField(_("reçue le"), null=True, editable=False, db_index=True)
    """When the month of the law began."""
    stage = models.CharField(
        _("réponse"), max_length=10, choices=STAGES, default=Stage.OPEN.value, editable=False, db_index=True
    )
    ground = models.CharField(
        _("motif du refus"), max_length=10, choices=GROUNDS, blank=True, default="", editable=False
    )
    answer = models.TextField(_("ce qui est répondu"), blank=True, default="", editable=False)
    answered = models.DateField(_("répondue le"), null=True, editable=False)
    datasets = models.JSONField(_("jeux de données"), default=list, editable=False)
    """Those that answer it."""
    votes = models.PositiveIntegerField(_("soutiens"), default=0, editable=False)

    class Meta(CivicRecord.Meta):
        verbose_name = _("demande de données")
        verbose_name_plural = _("demandes de données")

    def texts(self) -> list[str]:
        """The texts that a search looks in."""
        return [self.title, self.text, self.answer]


class Vote(models.Model):
    """That somebody supports a request: a digest of where they come from, kept some weeks so that they count once."""

    request = models.ForeignKey(DataRequest, on_delete=models.CASCADE, related_name="supports")
    mark = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("soutien")
        constraints = [models.UniqueConstraint(fields=["request", "mark"], name="one_vote_a_request")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Letter(models.Model):
    """What somebody wrote to an organisation; erased after some months."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(_("objet"), max_length=150)
    text = models.TextField(_("texte"))
    signature = models.CharField(_("signature"), max_length=60, blank=True)
    email = models.EmailField(_("adresse électronique"), blank=True)
    """To answer: the organisation reads it, nobody else."""
    received = models.DateTimeField(_("reçue le"), null=True, db_index=True)
    """Empty as long as the address remains to be confirmed."""
    created = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-created", "-id"]
        verbose_name = _("message à une organisation")
        verbose_name_plural = _("messages aux organisations")

    def __str__(self) -> str:
        return f"#{self.pk}"
