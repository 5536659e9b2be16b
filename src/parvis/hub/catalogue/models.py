"""Datasets, their versions and attachments."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from parvis.core.closures import CLOSURE_BY_SLUG, Closure, inspire_limits
from parvis.core.inspire.vocabulary import NO_LIMIT
from parvis.core.metadata import FREQUENCIES, LICENCE_BY_SLUG, LICENCES, OTHER_LICENCE, Licence
from parvis.core.versions.formats import FEDERATED
from parvis.hub.addresses import absolute_path
from parvis.hub.catalogue.rules import Access, Guarded, Status
from parvis.hub.registry import laid_rows_of
from parvis.hub.sites.lens import current_lens
from parvis.hub.territories.models import Territory


def new_uid() -> str:
    """A short identifier that never shows a title: ``da_`` and six letters or digits (Explore API, section 10.1)."""
    return "da_" + "".join(secrets.choice(string.ascii_lowercase + string.digits) for _n in range(6))


class Dataset(models.Model):
    """A dataset: its card (DCAT-AP), its access, its current version.

    ``fields`` holds what people said of columns, by technical name: ``{"label", "description", "unit", "annotations"}``.
    ``as_told`` holds metadata in the words of the sidecar they came in, where the card has no place for them.
    ``overrides`` and ``reading`` hold corrections of types and of the reading, ``steps`` the changes of rows that people
    accepted (see ``parvis.core.transforms.Step``), applied again at each import.
    """

    ACCESS = [(Access.PUBLIC, _("public")), (Access.INTERNAL, _("interne")), (Access.RESTRICTED, _("restreint"))]
    STATUS = [
        (Status.DRAFT, _("brouillon")),
        (Status.PUBLISHED, _("publié")),
        (Status.UNPUBLISHED, _("retiré")),
        (Status.DELETED, _("supprimé")),
    ]

    dataset_id = models.CharField(_("identifiant"), max_length=100, unique=True)
    permanent_id = models.CharField(max_length=100, db_index=True, editable=False, default="")
    """The identifier it was created with: what other catalogues know it by, whatever it is called since (``dct:identifier``)."""
    uid = models.CharField(max_length=12, unique=True, default=new_uid, editable=False)
    title = models.CharField(_("titre"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="datasets", verbose_name=_("organisation")
    )
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    contact_email = models.EmailField(_("adresse du contact"), blank=True)
    themes = models.JSONField(_("thèmes"), default=list, blank=True)
    keywords = models.JSONField(_("mots-clés"), default=list, blank=True)
    hvd = models.JSONField(_("forte valeur"), default=list, blank=True)
    """Categories of high-value datasets that it is of (slugs of ``core.hvd``)."""
    hvd_refused = models.BooleanField(_("pas de forte valeur"), default=False)
    """Somebody looked, and it is of none: nothing is proposed any more."""
    licence = models.CharField(
        _("licence"), max_length=20, choices=[(r.slug, r.name) for r in LICENCES], default="lov2"
    )
    frequency = models.CharField(
        _("fréquence"), max_length=20, choices=[(r.slug, r.label) for r in FREQUENCIES], default="unknown"
    )
    temporal_start = models.DateField(_("début de la période"), null=True, blank=True)
    temporal_end = models.DateField(_("fin de la période"), null=True, blank=True)
    territories = models.ManyToManyField("territories.Territory", blank=True, verbose_name=_("territoires"))
    language = models.CharField(_("langue"), max_length=8, default="fr")
    source = models.CharField(_("source"), max_length=300, blank=True)
    source_url = models.URLField(_("adresse de la source"), max_length=500, blank=True)
    ip_note = models.TextField(_("propriété intellectuelle"), blank=True)
    personal_data = models.TextField(_("données personnelles"), blank=True)
    inspire = models.JSONField(_("INSPIRE"), default=dict, blank=True)
    """What INSPIRE wants said of it (``core.inspire.block``); empty while nobody said whether it is of its scope."""
    custom = models.JSONField(default=dict, blank=True)
    as_told = models.JSONField(default=dict, blank=True)
    translations = models.JSONField(default=dict, blank=True)
    """What the card says in other languages, by code (``core.card_translations``)."""
    spoken: ClassVar[Mapping[str, str]] = {}
    """Of a copy in another language (``languages.in_language``), which is never saved: the language of each part, by path."""
    own_words: ClassVar[Mapping[str, Any]] = {}
    """Of the same, the title, description and keywords as they were written."""

    access = models.CharField(_("accès"), max_length=10, choices=ACCESS, default=Access.PUBLIC)
    allowed_organisations = models.ManyToManyField("accounts.Organisation", blank=True, related_name="+")
    all_organisations = models.BooleanField(_("toutes les organisations"), default=False)
    """Internal, it is open to the members of every organisation, those to come as well."""
    allowed_groups = models.ManyToManyField("auth.Group", blank=True, related_name="+")
    announced = models.BooleanField(_("annoncé à tous"), default=False)
    """Internal or restricted, its card is shown to everybody, its data on request."""
    closure = models.JSONField(_("motif de l’accès réservé"), default=list, blank=True)
    """Why it is not open to all (slugs of ``core.closures``)."""
    closure_note = models.TextField(_("précisions sur l’accès réservé"), blank=True)
    original_withheld = models.BooleanField(_("fichier d’origine non publié"), default=False)
    """The file as it was received is for editors alone: it holds columns that were left out of the table."""
    status = models.CharField(_("état"), max_length=12, choices=STATUS, default=Status.DRAFT, db_index=True)
    rank = models.PositiveIntegerField(_("rang dans le catalogue"), null=True, blank=True, editable=False)
    """Where the portal that it came from listed it; None for what came from none (``arranging``)."""
    featured = models.PositiveSmallIntegerField(_("rang en page d’accueil"), null=True, blank=True)

    current = models.ForeignKey("Version", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    fields = models.JSONField(default=dict, blank=True)
    overrides = models.JSONField(default=dict, blank=True)
    reading = models.JSONField(default=dict, blank=True)
    steps = models.JSONField(default=list, blank=True)

    created = models.DateTimeField(auto_now_add=True)
    issued = models.DateTimeField(null=True, blank=True)
    modified = models.DateTimeField(auto_now=True)
    data_modified = models.DateTimeField(null=True, blank=True)
    deleted = models.DateTimeField(null=True, blank=True)
    stamp = models.BigIntegerField(default=0, db_index=True, editable=False)
    """Another, and greater, after each change of what is shown of it; answers about it are kept under it (``services.bump_revision``)."""

    class Meta:
        ordering = ["title"]
        verbose_name = _("jeu de données")
        verbose_name_plural = _("jeux de données")

    def __str__(self) -> str:
        return self.title

    def save(self, **options: Any) -> None:
        """Keep the row. A row read before a change must not bring the stamp back to what it was: saved whole, it leaves it."""
        if self.spoken:
            raise RuntimeError(f"{self.dataset_id} in another language is not to be saved")
        if self._state.adding:
            self.permanent_id = self.permanent_id or self.dataset_id
        if options.get("update_fields") is None and not self._state.adding and not options.get("force_insert"):
            deferred = self.get_deferred_fields()
            names = (row.name for row in self._meta.concrete_fields if row.attname not in deferred)
            options["update_fields"] = [name for name in names if name not in ("id", "stamp")]
        super().save(**options)

    def get_absolute_url(self) -> str:
        """Its permanent public address."""
        return absolute_path(f"/explore/dataset/{self.dataset_id}/")

    @property
    def identifiers(self) -> frozenset[str]:
        """Its identifier and the former ones: those who read it may know it by any."""
        return frozenset({self.dataset_id, *self.aliases.values_list("former_id", flat=True)})

    @property
    def licence_shown(self) -> Licence | None:
        """The licence as readers are told of it: one that Parvis does not know has the name and address it came with."""
        licence = LICENCE_BY_SLUG.get(self.licence)
        if licence is None or licence.slug != OTHER_LICENCE:
            return licence
        metadata = self.as_told.get("default", {})
        address = str(metadata.get("license_url", ""))
        followable = address if address.startswith(("https://", "http://")) else ""
        return replace(licence, name=str(metadata.get("license") or address or licence.name), url=followable)

    @property
    def closures(self) -> list[Closure]:
        """Why it is not open to all; nothing of what is."""
        slugs = [] if self.access == Access.PUBLIC else self.closure
        return [CLOSURE_BY_SLUG[slug] for slug in slugs if slug in CLOSURE_BY_SLUG]

    @property
    def closure_words(self) -> str:
        """The same in free words."""
        return "" if self.access == Access.PUBLIC else self.closure_note

    @property
    def inspire_limits(self) -> list[str]:
        """The limitations on public access that INSPIRE's catalogues are told: those of its block, else what its access says.

        That there are none is never said of what is closed since.
        """
        is_open = self.access == Access.PUBLIC
        chosen: list[str] = self.inspire.get("limits") or []
        if chosen and (is_open or chosen != [NO_LIMIT]):
            return chosen
        return [NO_LIMIT] if is_open else inspire_limits(self.closure)

    @property
    def data_period(self) -> tuple[str, str] | None:
        """The first and the last year or day (ISO) that its data speaks of: as declared, else as read in its rows."""
        start, end = self.temporal_start, self.temporal_end
        if start and end:
            return start.isoformat(), end.isoformat()
        first, _slash, last = (self.current.period if self.current else "").partition("/")
        return (first, last) if last else None

    @property
    def rows_here(self) -> int | None:
        """Rows that readers see, those pushed over its current version among them; on a commune's site those of that version that
        concern it. None while they are not counted."""
        return self.current and self.rows_of(self.current)

    def rows_of(self, version: Version) -> int | None:
        """The same of one of its versions."""
        lens = current_lens()
        if lens is None or self.organisation.territory_id == lens.territory:
            laid = laid_rows_of(self) if version is self.current else None
            return version.rows + (laid.laid.rows if laid else 0)
        counts = version.rows_by_commune
        if counts is None:
            return None
        # A site that is younger than the counts is not among them.
        return counts.get(lens.key) if counts else version.rows

    @property
    def guarded(self) -> Guarded:
        """What the right to see it depends on; whom its kind of access does not name is not asked for."""
        internal = self.access == Access.INTERNAL
        organisations = self.allowed_organisations.all() if internal else ()
        groups = self.allowed_groups.all() if self.access == Access.RESTRICTED else ()
        return Guarded(
            Status(self.status),
            Access(self.access),
            self.organisation_id,
            frozenset(row.pk for row in organisations),
            frozenset(row.pk for row in groups),
            self.announced,
            internal and self.all_organisations,
        )

    @property
    def places(self) -> Iterable[Territory]:
        """Its territories; read once."""
        prefetch_related_objects([self], "territories")
        return self.territories.all()


class DatasetAlias(models.Model):
    """A former identifier, redirected for ever."""

    former_id = models.CharField(max_length=100, unique=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="aliases")

    def __str__(self) -> str:
        return self.former_id


class Version(models.Model):
    """One immutable version: the row that points at a folder (see ``parvis.core.versions.manifest``)."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="versions")
    name = models.CharField(max_length=40, unique=True)
    rows = models.BigIntegerField()
    columns = models.PositiveIntegerField()
    bytes = models.BigIntegerField()
    original = models.CharField(max_length=255)
    format = models.CharField(max_length=20)
    has_geometry = models.BooleanField(default=False)
    source = models.CharField(max_length=500, blank=True)
    rejects = models.PositiveIntegerField(default=0)
    aside = models.PositiveIntegerField(default=0)
    """How many of the ``rejects`` were lines around the table (titles, notes, totals), not faults."""
    nulled = models.PositiveIntegerField(default=0)
    comment = models.CharField(max_length=300, blank=True)
    rows_by_commune = models.JSONField(null=True)
    """How many rows concern each commune that has a site, by ``commune:<code>``; empty when nothing tells rows apart, None when it was
    not counted yet."""
    facts = models.JSONField(null=True)
    """What lists, searches and the API's catalogue say of it (``core.versions.facts``), so that none opens its folder; None until its
    manifest was read."""
    period = models.CharField(max_length=24, blank=True, default="")
    """The first and the last year or day that its rows speak of, as an interval of ISO 8601 (``core.versions.period``)."""
    thumbnail = models.CharField(max_length=60, blank=True, default="")
    """What names the files of the picture that cards show (``hub.thumbnails``); empty until it was drawn, or nothing of it can be."""
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    published = models.DateTimeField(null=True, blank=True)
    """When it was first the version that readers see; one that never was, or that was closed since, is shown to those who may edit
    alone."""

    class Meta:
        ordering = ["-created", "-id"]
        verbose_name = _("version")

    def __str__(self) -> str:
        return self.name

    @property
    def is_federated(self) -> bool:
        """Whether its rows are asked of another portal each time somebody reads them."""
        return self.format == FEDERATED

    @property
    def original_bytes(self) -> int | None:
        """The size of the file that was received; None where it was not noted."""
        return (self.facts or {}).get("original_bytes")

    @property
    def refused(self) -> int:
        """Lines of the file that could not become rows."""
        return self.rejects - self.aside


class ShownAttachments(models.Manager):
    """The documents that anyone who sees the dataset sees: none that waits for a decision."""

    def get_queryset(self) -> models.QuerySet[Attachment]:
        """Those not held."""
        return super().get_queryset().filter(held=False)


class Attachment(models.Model):
    """A document that goes with a dataset: a notice, a plan, a method.

    ``held`` ones wait for a decision and are shown to those who may edit alone: every door reads ``objects``.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="attachments")
    slug = models.SlugField(max_length=120)
    title = models.CharField(_("titre"), max_length=200)
    file = models.FileField(upload_to="attachments/%Y/")
    mimetype = models.CharField(max_length=100)
    bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True, default="")
    """Of its file; empty for those attached before it was noted."""
    created = models.DateTimeField(auto_now_add=True)
    held = models.BooleanField(default=False)
    findings = models.JSONField(default=list, blank=True)
    """What the checks of documents found in it."""

    objects = ShownAttachments()
    every = models.Manager()

    class Meta:
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["dataset", "slug"], name="one_attachment_a_slug")]

    def __str__(self) -> str:
        return self.title


class CardRevision(models.Model):
    """The card of a dataset as it was after a change, so that any change can be shown and undone."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="revisions")
    at = models.DateTimeField(auto_now_add=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    actor = models.CharField(max_length=200)
    card = models.JSONField()
    changed = models.JSONField(default=list)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.dataset} {self.at}"


class CatalogueState(models.Model):
    """A single row whose mark grows with each change of the catalogue: the greatest stamp of its datasets, or more."""

    revision = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.revision)
