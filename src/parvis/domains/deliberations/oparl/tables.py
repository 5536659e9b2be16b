"""What harvesters were told of: which objects exist or existed, when each last changed, and what has changed since."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OparlObject(models.Model):
    """An object that has been given to harvesters under an address that stays for ever; ``deleted`` once it is no longer online.

    The tables of the subject do not tell this: a point of an agenda that is taken away leaves nothing there, and most of them have
    no date of change. What an object says is not here but its digest: a change that readers do not see is none.
    """

    type = models.CharField(max_length=16)
    """The word of the specification: ``Paper``."""
    key = models.CharField(max_length=40)
    """The last part of its address."""
    root = models.CharField(max_length=12)
    root_key = models.BigIntegerField()
    """The row that it is made of and comes and goes with: an organisation, a sitting, an act."""
    body = models.BigIntegerField(default=0)
    """The organisation; no foreign key, as what harvesters were told of outlives it."""
    assembly = models.BigIntegerField(null=True)
    created = models.DateTimeField()
    modified = models.DateTimeField()
    """To the second, as the specification writes it: no filter falls between two writings of a moment."""
    deleted = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("objet OParl")
        verbose_name_plural = _("objets OParl")
        constraints = [models.UniqueConstraint(fields=["type", "key"], name="one_oparl_object_an_address")]
        indexes = [
            models.Index(fields=["type", "body", "deleted", "id"], name="oparl_list"),
            models.Index(fields=["type", "body", "modified", "id"], name="oparl_modified"),
            models.Index(fields=["type", "assembly", "id"], name="oparl_assembly"),
            models.Index(fields=["root", "root_key"], name="oparl_root"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.key}"


class OparlChange(models.Model):
    """A row that was written, and whose objects were not looked at since; written in the transaction of the change itself.

    The same row may be noted many times: were it noted once, who writes it again while it is looked at would not be seen.
    """

    root = models.CharField(max_length=12)
    root_key = models.BigIntegerField()

    class Meta:
        verbose_name = _("changement à dire par OParl")
        verbose_name_plural = _("changements à dire par OParl")

    def __str__(self) -> str:
        return f"{self.root} {self.root_key}"
