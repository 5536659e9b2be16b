"""The chain, its daily roots and their timestamps."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.core.seals import Sealed
from parvis.core.seals.entries import MOST_SUBJECT, entry_of


class AppendOnly(Exception):
    """Somebody would change what is written for ever: a fault of the code that tries."""


class _AppendOnlyRows(models.QuerySet):
    """Rows that nobody changes, nor removes, by Django; the triggers of the first migration say the same to everybody else."""

    def update(self, **values: Any) -> NoReturn:
        """Refused."""
        raise AppendOnly

    def delete(self) -> NoReturn:
        """Refused."""
        raise AppendOnly


class AppendOnlyModel(models.Model):
    """A row that is added and never changes."""

    objects = _AppendOnlyRows.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Add it; AppendOnly for one that is there."""
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **{**options, "force_insert": True})

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        """Refused."""
        raise AppendOnly


class SealEntry(AppendOnlyModel):
    """An entry of the chain. ``content`` is what is sealed (``core.seals``); the other columns repeat some of it, to find it."""

    sequence = models.BigIntegerField(_("numéro d’ordre"), primary_key=True)
    digest = models.CharField(_("empreinte"), max_length=64, unique=True)
    previous = models.CharField(_("empreinte précédente"), max_length=64, unique=True)
    moment = models.DateTimeField(_("date"), db_index=True)
    kind = models.CharField(_("nature"), max_length=12)
    subject = models.CharField(_("adresse"), max_length=MOST_SUBJECT, db_index=True)
    refers_to = models.BigIntegerField(_("renvoie à"), null=True, db_index=True)
    content = models.TextField()

    class Meta:
        ordering = ["sequence"]
        verbose_name = _("sceau")
        verbose_name_plural = _("sceaux")

    def __str__(self) -> str:
        return f"{self.sequence} · {self.subject}"

    @property
    def sealed(self) -> Sealed:
        """The entry as the core has it; NotAnEntry when its content was changed into something else."""
        content = self.content.encode()
        return Sealed(entry_of(content), content, self.digest)

    @property
    def line(self) -> bytes:
        """Its line of the public chain, end of line included, whatever became of its content."""
        return b'{"digest":"%s","entry":%s}\n' % (self.digest.encode(), self.content.encode())


class SealedFile(AppendOnlyModel):
    """A digest that an entry has among its files, to find the entry by it."""

    entry = models.ForeignKey(SealEntry, on_delete=models.PROTECT, related_name="digests")
    sha256 = models.CharField(_("empreinte"), max_length=64, db_index=True)

    class Meta:
        verbose_name = _("fichier scellé")
        verbose_name_plural = _("fichiers scellés")

    def __str__(self) -> str:
        return f"{self.entry_id} · {self.sha256}"


class DailyRoot(AppendOnlyModel):
    """Where the chain stood at the end of a day (UTC): its last entry."""

    day = models.DateField(_("jour"), unique=True)
    sequence = models.BigIntegerField(_("numéro d’ordre"))
    digest = models.CharField(_("empreinte"), max_length=64)
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["day"]
        verbose_name = _("racine d’un jour")
        verbose_name_plural = _("racines des jours")

    def __str__(self) -> str:
        return f"{self.day} · {self.sequence}"


class Stamp(models.Model):
    """What a timestamp server answered about a root, or why it has not yet."""

    root = models.OneToOneField(DailyRoot, primary_key=True, on_delete=models.PROTECT, related_name="stamp")
    attempts = models.PositiveIntegerField(default=0)
    next_attempt = models.DateTimeField(null=True)
    failure = models.CharField(max_length=500, blank=True)
    answer = models.BinaryField(null=True)
    moment = models.DateTimeField(null=True)
    certified = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("horodatage")
        verbose_name_plural = _("horodatages")

    def __str__(self) -> str:
        return f"{self.root_id} · {self.moment or self.failure}"
