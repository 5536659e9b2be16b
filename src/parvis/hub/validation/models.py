"""Schemas that datasets and imports follow, verdicts on versions, what organisations chose."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.core.schemas.references import Origin, SchemaRef
from parvis.hub.validation.rules import ENFORCEMENTS, Enforcement

_LONGEST = 1000


class KeptSchema(models.Model):
    """The copy of a schema that came from an address or a file, so that what was checked can be checked again."""

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=_LONGEST)
    address = models.CharField(max_length=_LONGEST, blank=True)
    content = models.TextField()
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class _Chosen(models.Model):
    """A schema chosen: bundled and in a version, or kept."""

    ORIGINS = [(Origin.BUNDLED, _("livré")), (Origin.ADDRESS, _("adresse")), (Origin.FILE, _("fichier"))]

    origin = models.CharField(max_length=8, choices=ORIGINS, blank=True)
    name = models.CharField(max_length=_LONGEST, blank=True)
    version = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300, blank=True)
    kept = models.ForeignKey(KeptSchema, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def ref(self) -> SchemaRef | None:
        """Which schema; None when none was chosen."""
        if not self.origin:
            return None
        return SchemaRef(Origin(self.origin), self.name, self.version, self.kept.digest if self.kept else "")


class DatasetSchema(_Chosen):
    """The schema a dataset follows, and what an invalid version of it meets.

    ``enforcement`` empty: as its organisation chose. ``newer`` is a later version of the schema in the catalogue, once the
    data was checked against it; ``newer_seen`` says that the owner put the notice away.
    """

    dataset = models.OneToOneField("catalogue.Dataset", on_delete=models.CASCADE, related_name="schema_followed")
    enforcement = models.CharField(max_length=5, choices=ENFORCEMENTS, blank=True)
    newer = models.CharField(max_length=60, blank=True)
    newer_seen = models.BooleanField(default=False)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("schéma suivi")

    def __str__(self) -> str:
        return f"{self.dataset} → {self.name}"


class ImportSchema(_Chosen):
    """The schema chosen for one import; without origin: none, on purpose. ``refused`` are proposals put away."""

    imported = models.OneToOneField("datastore.Import", on_delete=models.CASCADE, related_name="schema_chosen")
    refused = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.imported} → {self.name or '–'}"


class OrganisationPolicy(models.Model):
    """What an organisation does with invalid data when a dataset says nothing of its own."""

    organisation = models.OneToOneField("accounts.Organisation", on_delete=models.CASCADE, related_name="schema_policy")
    enforcement = models.CharField(max_length=5, choices=ENFORCEMENTS, default=Enforcement.WARN)

    def __str__(self) -> str:
        return f"{self.organisation}: {self.enforcement}"


class Verdict(models.Model):
    """What a version is worth against one version of one schema.

    ``summary`` is a ``core.validation.model.Report`` as its ``to_dict`` gives it; the files of the full report are in
    ``hub.store.report_name``.
    """

    dataset_version = models.ForeignKey("catalogue.Version", on_delete=models.CASCADE, related_name="verdicts")
    schema = models.CharField(max_length=_LONGEST)
    schema_version = models.CharField(max_length=60, blank=True)
    schema_title = models.CharField(max_length=300, blank=True)
    valid = models.BooleanField()
    faults = models.BigIntegerField(default=0)
    summary = models.JSONField(default=dict)
    made = models.DateTimeField(auto_now=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-made", "-id"]
        verbose_name = _("verdict")
        constraints = [
            models.UniqueConstraint(
                fields=["dataset_version", "schema", "schema_version"], name="one_verdict_a_schema_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dataset_version} / {self.schema} {self.schema_version}: {self.valid}"


class EntryDraft(models.Model):
    """Rows that a person is typing, page by page, until they become a version.

    ``base`` is the version they were taken from, empty for none; ``rows`` are lists of texts in the order of ``columns``.
    """

    dataset = models.ForeignKey("catalogue.Dataset", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    base = models.CharField(max_length=40, blank=True)
    columns = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "person"], name="one_draft_a_person")]

    def __str__(self) -> str:
        return f"{self.dataset} / {self.person}"
