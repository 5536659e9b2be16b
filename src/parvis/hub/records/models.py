"""The columns that every civic record has, its former addresses, and its history."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, ModelLogEntry, RevisionMixin, WorkflowMixin
from wagtail.models.audit_log import ModelLogEntryManager

from parvis.core.text import fold
from parvis.hub.addresses import absolute_path
from parvis.hub.audit.services import record as write_in_journal
from parvis.hub.records.actor import acting
from parvis.hub.records.rules import LONGEST_SLUG, MOST_TITLE, AddressTaken, EditConflict, Status, status_of
from parvis.hub.records.signals import record_changed


class RecordFile(models.Model):
    """A document that goes with a record. Received bytes come from ``hub.uploads`` alone.

    It is seen by anyone who sees the record. What a contributor adds to a record online, or takes away, waits with the other
    changes: ``new`` and ``leaving`` ones are settled when the record is published. One that seems to name persons is ``held``:
    nobody but editors reads it until somebody who may publish decides, in writing.
    """

    class State(models.TextChoices):
        """Whether readers see it."""

        NEW = "new", _("pas encore en ligne")
        SHOWN = "shown", _("en ligne")
        LEAVING = "leaving", _("sera retiré à la publication")

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey()
    slug = models.SlugField(max_length=LONGEST_SLUG + 8)
    title = models.CharField(_("titre"), max_length=MOST_TITLE)
    file = models.FileField(upload_to="records/%Y/")
    media_type = models.CharField(max_length=100)
    bytes = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    findings = models.JSONField(default=list, blank=True)
    """What was found of persons in it, as rows of ``core.privacy.Finding``."""
    held = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created", "id"]
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "slug"], name="one_file_an_address")
        ]
        verbose_name = _("document joint")
        verbose_name_plural = _("documents joints")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where it is downloaded."""
        return f"{self.record.get_absolute_url()}fichiers/{self.slug}/"

    @property
    def suffix(self) -> str:
        """What sort of document it is, as people say it: ``PDF``."""
        return PurePath(self.file.name).suffix.lstrip(".").upper()


class CivicRecord(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, ClusterableModel):
    """Something that people write and publish under a permanent address.

    Wagtail keeps its revisions, drafts, locks and approvals; ``records.services`` is the one way to write it, and Wagtail's own
    screens are led there by ``backoffice.CivicViewSet``.
    """

    STATUS = [
        (Status.DRAFT.value, _("brouillon")),
        (Status.PUBLISHED.value, _("en ligne")),
        (Status.RETIRED.value, _("retiré")),
        (Status.ARCHIVED.value, _("archivé")),
    ]
    noun: ClassVar[str]
    """The kind in the journal: ``chart``."""
    with_article: ClassVar[Any]
    """The kind in the sentences of the journal: « le graphique »."""
    place: ClassVar[str]
    """The first word of its public address: ``graphiques``."""
    unnamed: ClassVar[str]
    """The address of one whose title has no letter: ``graphique``."""
    reserved: ClassVar[frozenset[str]] = frozenset()
    """Words of other addresses under ``place``, that no record may take."""
    of_the_record: ClassVar[tuple[str, ...]] = ("slug", "status", "revision", "author", "organisation", "created")
    """What belongs to a record as a whole: reading one of its revisions leaves it as it is."""
    drafts_while_online: ClassVar[bool] = True
    """Whether who may not publish may prepare changes of what is online; False when only who may publish writes then."""
    acts: ClassVar[Mapping[str, str]] = {}
    """Acts that the journal names otherwise for this kind, as it did before it was a record."""
    words_are_indexed: ClassVar[bool] = False
    """Whether there may be so many of them that looking for a word in each is slow: see ``trigram_index``."""
    takes_files: ClassVar[bool] = False
    """Whether documents may go with one."""
    may_be_deleted: ClassVar[bool] = True
    """False when what others cite must stay: such a record is withdrawn or archived."""
    leaves_no_trace: ClassVar[bool] = False
    """Whether its words are of somebody who may have them erased: the journal never has them, its history goes with it."""
    conflict: ClassVar[type[EditConflict]] = EditConflict
    address_taken: ClassVar[type[AddressTaken]] = AddressTaken
    """The errors of a kind that says them in its own words."""

    slug = models.SlugField(_("adresse"), max_length=LONGEST_SLUG + 8, unique=True, blank=True)
    title = models.CharField(_("titre"), max_length=MOST_TITLE)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    territory = models.ForeignKey(
        "territories.Territory",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("territoire"),
    )
    status = models.CharField(
        _("état"), max_length=12, choices=STATUS, default=Status.DRAFT.value, db_index=True, editable=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    revision = models.PositiveIntegerField(default=1, editable=False)
    """Goes up each time it is saved, so that two people do not undo each other's work."""
    search_text = models.TextField(blank=True, default="", editable=False)
    """What a search looks in: folded words of the text that readers see."""
    created = models.DateTimeField(_("créé le"), auto_now_add=True)
    modified = models.DateTimeField(_("modifié le"), auto_now=True)
    files = GenericRelation(RecordFile)
    """Read by ``selectors.files_of``, which knows those that readers see."""
    # Wagtail's rows are live unless told otherwise; ours are drafts until somebody publishes them.
    live = models.BooleanField(_("en ligne"), default=False, editable=False)

    class Meta:
        abstract = True
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its permanent public address."""
        return absolute_path(f"/{self.place}/{self.slug}/")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep what follows from the rest: the status from Wagtail's ``live``, the words that a search looks in."""
        self.status = status_of(self.live, self.status)
        self.search_text = fold(" ".join(text for text in self.texts() if text))
        if (names := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*names, "status", "search_text"}
        super().save(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> CivicRecord:
        """One of its revisions, whose address, owner and status are those of today."""
        past: CivicRecord = super().with_content_json(content)
        for name in self.of_the_record:
            setattr(past, name, getattr(self, name))
        return past

    def texts(self) -> list[str]:
        """The texts that a search looks in."""
        return [self.title]

    def names_elsewhere(self) -> dict[str, str]:
        """What other catalogues know it by: its history keeps that once it is deleted, so that it does not come back from them."""
        return {}

    def journal_details(self, act: str) -> dict[str, Any]:
        """What the journal keeps besides the title when ``act`` (``create``, ``update``, ``delete``…) is done to it."""
        return {}


class FormerAddress(models.Model):
    """An address that a record had: it leads to the one of today, and no other record may take it."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=LONGEST_SLUG + 8)
    object_id = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_type", "slug"], name="one_record_a_former_address")]
        verbose_name = _("ancienne adresse")

    def __str__(self) -> str:
        return self.slug


class Submission(models.Model):
    """A form that made a record: sent once more, it leads to that one and makes no other."""

    key = models.CharField(max_length=64, primary_key=True)
    """A digest of who sent it and of what it said, the token of that form included."""
    object_id = models.PositiveBigIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("envoi")

    def __str__(self) -> str:
        return self.key


class Stamp(models.Model):
    """How many acts a kind of records has seen: what is kept of it in memory is another once this number is."""

    content_type = models.OneToOneField(ContentType, on_delete=models.CASCADE, primary_key=True, related_name="+")
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("marque")

    def __str__(self) -> str:
        return f"{self.content_type_id}: {self.number}"


ACTS = {
    "wagtail.edit": "update",
    "wagtail.workflow.start": "submit",
    "wagtail.publish.schedule": "schedule",
    "wagtail.schedule.cancel": "unschedule",
}
"""Wagtail's words for what is done to a record that are not ours; of the others, the last word is the same."""


class RecordLogManager(ModelLogEntryManager):
    """Writes what is done to a record: every way of doing it, our services' or Wagtail's own screens', passes here."""

    def log_action(self, instance: CivicRecord, action: str, **facts: Any) -> ModelLogEntry:
        """Add to the history of the record and to the journal of the house, then tell who listens."""
        entry = super().log_action(instance, action, **facts)
        act = ACTS.get(action, action.rpartition(".")[2])
        code = f"{instance.noun}.{instance.acts.get(act, act)}"
        actor = acting.get()
        name, person_id = (actor.name, actor.person_id) if actor else (entry.user_display_name, entry.user_id)
        title = instance.slug if instance.leaves_no_trace else instance.title
        # Wagtail's own facts hold moments, which its column knows how to write and the journal's does not.
        facts_of_entry = json.loads(json.dumps(entry.data, cls=DjangoJSONEncoder))
        details = {"title": title, **instance.journal_details(act), **facts_of_entry}
        write_in_journal(name, person_id, code, instance.noun, instance.slug, **details)
        kind = ContentType.objects.get_for_model(instance)
        if not Stamp.objects.filter(content_type=kind).update(number=models.F("number") + 1):
            Stamp.objects.get_or_create(content_type=kind)
        if act in ("publish", "scheduled") and instance.live:
            instance.files.filter(state=RecordFile.State.LEAVING).delete()
            instance.files.filter(state=RecordFile.State.NEW).update(state=RecordFile.State.SHOWN)
        record_changed.send(type(instance), record=instance, act=act)
        return entry


class RecordLogEntry(ModelLogEntry):
    """An act of the history of a record, as Wagtail shows it."""

    objects = RecordLogManager()

    class Meta:
        proxy = True
        verbose_name = _("acte")
