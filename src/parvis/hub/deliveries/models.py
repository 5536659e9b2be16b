"""What is expected, the links to send it by, what came, and what was told of it."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.hub.deliveries.rules import LINK_DAYS, Every, Recurrence, State


def new_uid() -> str:
    """What names a link; its address has a signature besides, which the database does not."""
    return secrets.token_hex(8)


def link_end() -> Any:
    """When a new link expires."""
    return timezone.now() + timedelta(days=LINK_DAYS)


class Expectation(models.Model):
    """A delivery that is expected of somebody, for one dataset: when, from whom, who answers for it here."""

    EVERY = [
        (Every.WEEK.value, _("chaque semaine")),
        (Every.MONTH.value, _("chaque mois")),
        (Every.QUARTER.value, _("chaque trimestre")),
        (Every.HALF.value, _("chaque semestre")),
        (Every.YEAR.value, _("chaque année")),
        (Every.ONCE.value, _("une seule fois")),
    ]

    dataset = models.OneToOneField("catalogue.Dataset", on_delete=models.CASCADE, related_name="expectation")
    slug = models.SlugField(max_length=100, unique=True)
    """The name of its folder, where the instance watches one."""
    sender = models.CharField(_("expéditeur"), max_length=120)
    sender_emails = models.JSONField(_("adresses de l’expéditeur"), default=list, blank=True)
    answer_emails = models.JSONField(_("adresses de qui répond ici"), default=list, blank=True)
    """Empty: those who answer for the data of the organisation."""
    instructions = models.TextField(_("consignes"), max_length=2000, blank=True)
    every = models.CharField(_("rythme"), max_length=8, choices=EVERY, default=Every.MONTH)
    day = models.PositiveSmallIntegerField(_("jour"), default=10)
    month = models.PositiveSmallIntegerField(_("mois de la période"), default=1)
    once = models.DateField(_("date"), null=True, blank=True)
    grace = models.PositiveSmallIntegerField(_("jours de grâce"), default=5)
    remind_days = models.PositiveSmallIntegerField(_("rappel, en jours avant l’échéance"), default=0)
    """0: none."""
    fewer_percent = models.PositiveSmallIntegerField(_("baisse qui alerte, en %"), default=30)
    begins = models.DateField(_("à partir du"), default=timezone.localdate)
    active = models.BooleanField(_("attendue"), default=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["dataset__title", "id"]
        verbose_name = _("livraison attendue")
        verbose_name_plural = _("livraisons attendues")

    def __str__(self) -> str:
        return f"{self.slug} ← {self.sender}"

    @property
    def recurrence(self) -> Recurrence:
        """When it is due."""
        return Recurrence(Every(self.every), self.day, self.month, self.once)


class DeliveryLink(models.Model):
    """A secret address by which files are sent without an account."""

    expectation = models.ForeignKey(Expectation, on_delete=models.CASCADE, related_name="links")
    uid = models.CharField(max_length=16, unique=True, default=new_uid)
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField(_("dernier jour"), default=link_end)
    revoked = models.DateTimeField(null=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    last_used = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created", "-id"]
        verbose_name = _("lien de dépôt")

    def __str__(self) -> str:
        return self.uid

    @property
    def is_open(self) -> bool:
        """Whether files are taken."""
        return self.revoked is None and self.expires > timezone.now()


class Delivery(models.Model):
    """One file that came, by whichever way, and what became of it."""

    STATES = [
        (State.RECEIVING.value, _("en cours d’envoi")),
        (State.AT_WORK.value, _("en cours de lecture")),
        (State.DELIVERED.value, _("acceptée")),
        (State.WAITING.value, _("à décider")),
        (State.REFUSED.value, _("refusée")),
        (State.UNREADABLE.value, _("illisible")),
        (State.REPLACED.value, _("remplacée")),
    ]
    WAYS = [("link", _("lien de dépôt")), ("folder", _("dossier")), ("other", _("import ou relecture"))]

    expectation = models.ForeignKey(Expectation, on_delete=models.CASCADE, related_name="deliveries")
    due = models.DateField()
    """The last day of the period that it counts for."""
    way = models.CharField(max_length=8, choices=WAYS, default="other")
    link = models.ForeignKey(DeliveryLink, null=True, on_delete=models.SET_NULL, related_name="deliveries")
    submission = models.CharField(max_length=64, null=True, unique=True)
    """What the form was given when it was drawn: sent twice, it is one delivery."""
    deposit = models.ForeignKey("datastore.Deposit", null=True, on_delete=models.SET_NULL, related_name="+")
    imported = models.ForeignKey("datastore.Import", null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.ForeignKey("catalogue.Version", null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.CharField(max_length=255, blank=True)
    bytes = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=STATES, default=State.AT_WORK)
    facts = models.JSONField(default=dict)
    """Rows and columns, now and before (``verdicts.facts_of``)."""
    findings = models.JSONField(default=list)
    """What calls for a decision (``verdicts.Finding``)."""
    error = models.JSONField(null=True)
    """code, message and hint of what kept it from being read."""
    words = models.TextField(max_length=2000, blank=True)
    """What who refused it wrote to the sender."""
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    """Who decided."""
    created = models.DateTimeField(default=timezone.now, db_index=True)
    decided = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created", "-id"]
        verbose_name = _("livraison")
        verbose_name_plural = _("livraisons")

    def __str__(self) -> str:
        return f"{self.file} {self.state}"


class Postponement(models.Model):
    """Another last day for one period, and why; the period goes on being named by the day that the calendar gives it."""

    expectation = models.ForeignKey(Expectation, on_delete=models.CASCADE, related_name="postponements")
    due = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=300)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["expectation", "due"], name="one_postponement_a_period")]
        verbose_name = _("échéance déplacée")

    def __str__(self) -> str:
        return f"{self.expectation_id} {self.due} → {self.until}"


class Alert(models.Model):
    """That both sides were told of something: each once for a period and an event."""

    expectation = models.ForeignKey(Expectation, on_delete=models.CASCADE, related_name="alerts")
    due = models.DateField()
    event = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["expectation", "due", "event"], name="one_alert_an_event")]
        verbose_name = _("alerte d’une livraison")

    def __str__(self) -> str:
        return f"{self.expectation_id} {self.due} {self.event}"
