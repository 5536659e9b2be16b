"""The columns of a reuse."""

from __future__ import annotations

from django.core.validators import URLValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parvis.domains.reuses.rules import DEAD_AFTER
from parvis.hub.records.models import CivicRecord


class Reuse(CivicRecord):
    """Something made with the data; a draft while it waits for a moderator, retired once refused.

    Its words are of who sent it: its address and the journal have none of them.
    """

    KINDS = [
        ("application", _("application ou service")),
        ("map", _("carte ou visualisation")),
        ("article", _("article, reportage")),
        ("study", _("étude, recherche")),
        ("teaching", _("enseignement")),
        ("art", _("création")),
        ("other", _("autre")),
    ]

    noun = "reuse"
    with_article = _("la réutilisation")
    place = "reutilisations"
    unnamed = "reutilisation"
    reserved = CivicRecord.reserved | {"proposer"}
    leaves_no_trace = True
    of_the_record = (
        *CivicRecord.of_the_record,
        "signature",
        "to_confirm",
        "picture",
        "checked",
        "failures",
        "dead_since",
        "reason",
    )

    kind = models.CharField(_("nature"), max_length=12, choices=KINDS, default="other", db_index=True)
    link = models.URLField(
        _("adresse"),
        max_length=500,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("Là où on la voit ou l’essaie."),
    )
    text = models.TextField(_("présentation"), blank=True, default="")
    datasets = models.JSONField(_("jeux de données"), default=list)
    signature = models.CharField(_("auteur"), max_length=60, blank=True, default="")
    picture = models.FileField(upload_to="reuses/%Y/", blank=True, editable=False)
    picture_words = models.CharField(_("ce que montre l’image"), max_length=200, blank=True, default="")
    to_confirm = models.BooleanField(default=False, editable=False)
    """Sent without the work of a browser: nobody reads it before the address is confirmed."""
    held = models.BooleanField(default=False, editable=False)
    """Whether it seems to name somebody."""
    reason = models.CharField(_("raison du refus"), max_length=300, blank=True, default="", editable=False)
    checked = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    dead_since = models.DateTimeField(null=True, editable=False)
    """When its link first failed, of the failures that last."""

    class Meta(CivicRecord.Meta):
        verbose_name = _("réutilisation")
        verbose_name_plural = _("réutilisations")

    def texts(self) -> list[str]:
        """The texts that a search looks in."""
        return [self.title, self.text, self.signature]

    @property
    def is_dead(self) -> bool:
        """Whether its link failed often enough to be said."""
        return self.failures >= DEAD_AFTER

    @property
    def picture_address(self) -> str:
        """Where its picture is; empty without one."""
        return reverse("reuse-capture", args=[self.slug]) if self.picture else ""
