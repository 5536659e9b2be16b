"""What people said of the usual datasets of their organisation."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.hub.inventory.rules import Fact


class InventoryChoice(models.Model):
    """What an organisation says of one usual dataset (``slug`` of ``packs.inventory``): by hand, and stronger than any guess.

    ``dataset`` is the one that holds it, for ``said`` published only.
    """

    SAID = [
        (Fact.PUBLISHED.value, _("publié")),
        (Fact.PLANNED.value, _("prévu")),
        (Fact.NOT_OURS.value, _("ne nous concerne pas")),
    ]

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="inventory_choices"
    )
    slug = models.CharField(max_length=60)
    said = models.CharField(max_length=10, choices=SAID)
    dataset = models.ForeignKey("catalogue.Dataset", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(_("remarque"), max_length=300, blank=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "slug"], name="one_choice_a_usual_dataset")]
        verbose_name = _("choix d’inventaire")

    def __str__(self) -> str:
        return f"{self.organisation} {self.slug}: {self.said}"
