"""Which pages are pushed, and their copies."""

from __future__ import annotations

from django.db import models


class PushedPage(models.Model):
    """A page of the main site that is pushed to communes."""

    source = models.OneToOneField("parvis_pages.ThemePage", on_delete=models.CASCADE, related_name="pushed")
    everywhere = models.BooleanField(default=False)
    """Sites made later receive it too."""

    def __str__(self) -> str:
        return str(self.source)


class PushedCopy(models.Model):
    """The copy of a pushed page at one site; ``page`` is None before it is made, and once the site has deleted it."""

    pushed = models.ForeignKey(PushedPage, on_delete=models.CASCADE, related_name="copies")
    site = models.ForeignKey("wagtailcore.Site", on_delete=models.CASCADE, related_name="+")
    page = models.OneToOneField(
        "parvis_pages.ThemePage", null=True, on_delete=models.SET_NULL, related_name="pushed_copy"
    )
    linked = models.BooleanField(default=True)
    base = models.JSONField(default=dict)
    """What the source said, filled for this site, when both were last brought together (see ``block_merge``)."""
    conflicts = models.JSONField(default=list)
    """Parts that both changed differently, until somebody chooses."""
    fault = models.JSONField(null=True)
    """Code, message and hint of what refused the last push; None when it went well."""
    made = models.DateTimeField(null=True)
    merged = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pushed", "site"], name="one_copy_a_site")]
        ordering = ["site__site_name", "pk"]

    def __str__(self) -> str:
        return f"{self.pushed} → {self.site}"
