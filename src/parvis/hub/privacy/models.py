"""What was found in each version, and the decisions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Review(models.Model):
    """What a search of a version found (``PrivacyReport.to_dict``, with ``aside`` and ``unseen``), kept as it never changes."""

    version = models.OneToOneField("catalogue.Version", on_delete=models.CASCADE, related_name="privacy_review")
    body = models.JSONField()
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("examen des données personnelles")

    def __str__(self) -> str:
        return str(self.version)


class Decision(models.Model):
    """That what was found may be public: who, when, on which ground, with which explanation, about which findings.

    ``keys`` are those of the findings covered (``Finding.key``); ``findings`` what the person had read, samples masked.
    Taken during an import, it belongs to the dataset once there is one. A row is never changed but to withdraw it.
    """

    dataset = models.ForeignKey(
        "catalogue.Dataset", null=True, on_delete=models.CASCADE, related_name="privacy_decisions"
    )
    version = models.ForeignKey("catalogue.Version", null=True, on_delete=models.SET_NULL, related_name="+")
    imported = models.ForeignKey(
        "datastore.Import", null=True, on_delete=models.SET_NULL, related_name="privacy_decisions"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    actor = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    ground = models.CharField(max_length=20)
    explanation = models.TextField()
    keys = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    opening = models.BooleanField(default=False)
    """It also says that data reserved until then may be open to all."""
    withdrawn = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("décision sur des données personnelles")

    def __str__(self) -> str:
        return f"{self.dataset} {self.at}"


class Opening(models.Model):
    """When a dataset was last published for all: what was reserved before is opened since."""

    dataset = models.OneToOneField("catalogue.Dataset", on_delete=models.CASCADE, related_name="privacy_opening")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.dataset} {self.at}"
