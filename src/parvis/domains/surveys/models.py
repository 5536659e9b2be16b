"""Collection forms, who is invited to answer, the answers, their photos, and the dataset that they make."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.core.surveys.model import Form, form_from_json
from parvis.domains.surveys.rules import Audience, Output, State, receipt_of
from parvis.hub.records.models import CivicRecord


class Survey(CivicRecord):
    """A form that people fill; ``questions`` is what it asks, as ``core.surveys`` reads it."""

    AUDIENCES = [
        (Audience.PUBLIC.value, _("tout le monde")),
        (Audience.INVITED.value, _("les personnes invitées par un lien")),
        (Audience.MEMBERS.value, _("les membres de l’organisation")),
    ]
    OUTPUTS = [
        (Output.NONE.value, _("aucun : les réponses restent ici")),
        (Output.DRAFT.value, _("en brouillon")),
        (Output.INTERNAL.value, _("interne à l’organisation")),
        (Output.PUBLIC.value, _("ouvert à tous")),
    ]

    noun = "survey"
    with_article = _("le formulaire de collecte")
    place = "collectes"
    unnamed = "formulaire"
    reserved = CivicRecord.reserved | {"service-worker"}
    may_be_deleted = False  # answers would go with it: it is withdrawn, or archived

    summary = models.CharField(
        _("résumé"), max_length=300, blank=True, default="", help_text=_("Une phrase, pour la liste des formulaires.")
    )
    text = models.TextField(
        _("introduction"), blank=True, default="", help_text=_("Pourquoi vous demandez cela, et ce que vous en ferez.")
    )
    questions = models.JSONField(default=dict, blank=True)
    audience = models.CharField(_("qui peut répondre"), max_length=8, choices=AUDIENCES, default=Audience.PUBLIC.value)
    opens = models.DateTimeField(_("ouvre le"), null=True, blank=True)
    closes = models.DateTimeField(_("ferme le"), null=True, blank=True)
    quota = models.PositiveIntegerField(
        _("nombre de réponses attendues"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Le formulaire ferme de lui-même une fois ce nombre atteint."),
    )
    is_moderated = models.BooleanField(
        _("relire chaque réponse avant de l’accepter"),
        default=True,
        help_text=_("Sinon, seules sont relues celles qui semblent nommer des personnes."),
    )
    thanks = models.TextField(_("remerciement"), blank=True, default="", help_text=_("Ce qui est lu après l’envoi."))
    consent = models.TextField(
        _("texte de consentement"),
        blank=True,
        default="",
        help_text=_(
            "S’il est rempli, la personne coche qu’elle est d’accord. La version qu’elle a lue est gardée avec sa réponse."
        ),
    )
    output = models.CharField(_("jeu de données"), max_length=8, choices=OUTPUTS, default=Output.DRAFT.value)
    shows_photos = models.BooleanField(
        _("mettre les photos dans le jeu de données"),
        default=False,
        help_text=_("Vérifiez qu’on n’y reconnaît personne, et qu’on n’y lit aucune plaque."),
    )
    keeps_months = models.PositiveSmallIntegerField(
        _("garder les réponses pendant (mois)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Passé ce délai, elles sont effacées avec leurs photos. Vide : elles sont gardées."),
    )

    class Meta(CivicRecord.Meta):
        verbose_name = _("formulaire de collecte")
        verbose_name_plural = _("formulaires de collecte")

    @property
    def form(self) -> Form:
        """What it asks."""
        return form_from_json(self.questions or {})

    def is_open_at(self, moment: datetime) -> bool:
        """Whether its dates let people answer then."""
        return (self.opens is None or self.opens <= moment) and (self.closes is None or moment < self.closes)

    def texts(self) -> list[str]:
        """The texts that a search looks in."""
        return [self.title, self.summary, self.text]


class Consent(models.Model):
    """A text that people agreed to, as it was then."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="consents")
    number = models.PositiveIntegerField()
    text = models.TextField()
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("version du consentement")
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="one_consent_a_number")]

    def __str__(self) -> str:
        return f"v{self.number}"


class Guest(models.Model):
    """Somebody invited to answer; the secret of their link is signed from the row, and kept nowhere."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="guests")
    name = models.CharField(_("nom"), max_length=200)
    created = models.DateTimeField(default=timezone.now)
    is_revoked = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("personne invitée")
        verbose_name_plural = _("personnes invitées")

    def __str__(self) -> str:
        return self.name


class Answer(models.Model):
    """What somebody sent once. ``key`` is the same when the same entry is sent again: it makes one answer."""

    STATES = [
        (State.UNCONFIRMED.value, _("à confirmer par courriel")),
        (State.RECEIVED.value, _("reçue")),
        (State.ACCEPTED.value, _("acceptée")),
        (State.REFUSED.value, _("refusée")),
        (State.ASIDE.value, _("mise de côté")),
    ]

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="answers")
    key = models.CharField(max_length=64)
    values = models.JSONField(default=dict)
    state = models.CharField(_("état"), max_length=12, choices=STATES, default=State.RECEIVED.value)
    reason = models.CharField(_("motif"), max_length=1_000, blank=True, default="")
    names_persons = models.BooleanField(default=False)
    """Whether a text seems to name somebody: it is read before it is accepted."""
    is_late = models.BooleanField(default=False)
    """Begun while the form was open, sent after it closed."""
    revision = models.PositiveIntegerField()
    """That of the form when it was answered."""
    consent = models.ForeignKey(Consent, null=True, on_delete=models.PROTECT, related_name="+")
    guest = models.ForeignKey(Guest, null=True, on_delete=models.SET_NULL, related_name="answers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    received = models.DateTimeField(default=timezone.now)
    decided = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-received", "-id"]
        verbose_name = _("réponse")
        verbose_name_plural = _("réponses")
        constraints = [models.UniqueConstraint(fields=["survey", "key"], name="one_answer_a_sending")]
        indexes = [models.Index(fields=["survey", "state", "received"], name="surveys_answers")]

    def __str__(self) -> str:
        return self.receipt

    @property
    def receipt(self) -> str:
        """The number that the person was given."""
        return receipt_of(self.pk, self.received)


class Photo(models.Model):
    """A picture of an answer, as it was written again."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="photos")
    key = models.CharField(max_length=32, unique=True)
    file = models.FileField(upload_to="surveys/%Y/")
    media_type = models.CharField(max_length=100)
    bytes = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["id"]
        verbose_name = _("photo")

    def __str__(self) -> str:
        return self.key


class AnswersDataset(models.Model):
    """The dataset that the answers of a form make: made once, so that no other is ever written over."""

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, related_name="answers_dataset")
    dataset = models.OneToOneField("catalogue.Dataset", on_delete=models.CASCADE, related_name="+")
    erased = models.DateTimeField(null=True)
    """When an answer was last erased whose row the versions may still have."""

    class Meta:
        verbose_name = _("jeu de données des réponses")

    def __str__(self) -> str:
        return f"{self.survey_id} → {self.dataset_id}"
