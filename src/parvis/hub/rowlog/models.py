"""Which datasets take pushed rows, what lies over their current version, and which versions hold what was pushed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RowStream(models.Model):
    """A dataset that takes rows. Its log is in the store; what is here says how far readers see it."""

    dataset = models.OneToOneField("catalogue.Dataset", on_delete=models.CASCADE, related_name="+")
    is_open = models.BooleanField(default=True)
    """Rows may be pushed; those pushed before stay when it is closed."""
    key = models.JSONField(default=list)
    """Columns that tell rows apart; none when rows are only added."""
    fold_minutes = models.PositiveIntegerField(default=60)
    """A version is made of what was pushed so often at most."""
    most_rows = models.PositiveBigIntegerField(null=True, blank=True)
    """Rows kept at each version, the latest pushed; None for all."""
    most_days = models.PositiveIntegerField(null=True, blank=True)
    """Age of the oldest rows kept at each version, by ``day_column``; None for all."""
    day_column = models.CharField(max_length=200, blank=True)
    history_days = models.PositiveIntegerField(default=30)
    """How long what was pushed can be looked at and undone."""

    version_name = models.CharField(max_length=40, blank=True)
    """The version over which rows are laid."""
    base = models.BigIntegerField(default=0)
    """The last batch that this version holds, or that it came after."""
    laid = models.JSONField(default=dict)
    """What lies over it (``core.rowlog.laying.Laid``)."""
    mark = models.CharField(max_length=32, default="0")
    """The moment of what lies over it, changed each time."""
    laid_at = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField(null=True, blank=True)
    """When the first row was laid that no version holds."""
    is_held = models.BooleanField(default=False)
    """Something holds back the version made of what was pushed: nothing more is taken, nor shown, until somebody decides."""
    trouble = models.JSONField(null=True, blank=True)
    """The error of the last version that was tried."""

    class Meta:
        verbose_name = _("lignes poussées")

    def __str__(self) -> str:
        return str(self.dataset)


class Fold(models.Model):
    """A version made of what was pushed over another: named before it is written."""

    dataset = models.ForeignKey("catalogue.Dataset", on_delete=models.CASCADE, related_name="+")
    version_name = models.CharField(max_length=40, unique=True)
    through = models.BigIntegerField()
    """The last batch that it holds."""
    base_name = models.CharField(max_length=40)
    """The version over which those batches were laid."""
    base = models.BigIntegerField()
    """The last batch that that version held."""
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("version des lignes poussées")

    def __str__(self) -> str:
        return self.version_name
