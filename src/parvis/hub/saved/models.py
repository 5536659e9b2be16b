"""The columns of what is saved."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.hub.addresses import here
from parvis.hub.saved.rules import LONGEST_SLUG, MOST_TITLE, SavedStatus


class Description(Protocol):
    """What draws: a value that can be written as JSON and read again."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def datasets(self) -> list[str]:
        """Identifiers of the datasets it asks, sorted, each once."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that is kept."""


class Saved(models.Model):
    """A drawing under a permanent address; ``description`` is what ``to_dict`` of its kind of description gives."""

    STATUS = [(SavedStatus.DRAFT.value, _("brouillon")), (SavedStatus.PUBLISHED.value, _("en ligne"))]
    noun: ClassVar[str]
    """The kind in the journal: ``chart``."""
    place: ClassVar[str]
    """The first word of its public address: ``graphiques``."""
    unnamed: ClassVar[str]
    """The address of one whose title has no letter: ``graphique``."""

    slug = models.SlugField(_("adresse"), max_length=LONGEST_SLUG + 8, unique=True)
    title = models.CharField(_("titre"), max_length=MOST_TITLE)
    description = models.JSONField()
    datasets = models.JSONField(default=list)
    """Identifiers of the datasets it asks, to find the drawings of a dataset."""
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    status = models.CharField(_("état"), max_length=12, choices=STATUS, default=SavedStatus.DRAFT.value, db_index=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    revision = models.PositiveIntegerField(default=1)
    """Goes up each time it is saved, so that two people do not undo each other's work."""
    created = models.DateTimeField(_("créé le"), auto_now_add=True)
    modified = models.DateTimeField(_("modifié le"), auto_now=True)

    class Meta:
        abstract = True
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its permanent public address."""
        return here(f"/{self.place}/{self.slug}/")
