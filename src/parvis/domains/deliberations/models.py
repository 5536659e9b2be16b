"""Assemblies and those elected, their sittings, their acts, the files of these and what was read of them."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from parvis.domains.deliberations.oparl.tables import OparlChange as OparlChange
from parvis.domains.deliberations.oparl.tables import OparlObject as OparlObject
from parvis.domains.deliberations.rules import ActIsSealed
from parvis.hub.records.models import CivicRecord

MOST_TEXT = 500


def _text(label: object, most: int = 255, **options: object) -> models.CharField:
    return models.CharField(label, max_length=most, blank=True, default="", **options)


def _count(label: object) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


class Assembly(models.Model):
    """Who decides: an assembly, its bureau, a commission, or who signs alone for the authority."""

    class Kind(models.TextChoices):
        """The names are those of ``core.acts.BODIES``."""

        COUNCIL = "council", _("assemblée délibérante")
        BUREAU = "bureau", _("bureau")
        COMMISSION = "commission", _("commission")
        EXECUTIVE = "executive", _("exécutif (maire ou président)")

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    kind = models.CharField(_("nature"), max_length=10, choices=Kind.choices, default=Kind.COUNCIL)
    name = models.CharField(_("nom"), max_length=160, help_text=_("« Conseil municipal », « Bureau communautaire »…"))
    members = _count(_("membres en exercice"))
    meetings_a_year = models.PositiveSmallIntegerField(
        _("séances attendues par an"),
        null=True,
        blank=True,
        help_text=_("Le conseil municipal se réunit au moins une fois par trimestre (CGCT L2121-7)."),
    )
    is_open = models.BooleanField(_("séances publiques"), default=True)

    class Meta:
        ordering = ["organisation", "kind", "name"]
        verbose_name = _("assemblée")
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_assembly_a_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.organisation})" if self.organisation_id else self.name


class Official(models.Model):
    """Somebody elected, for the time of a mandate: they are named in acts, and may sign them."""

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="+", verbose_name=_("organisation")
    )
    given_name = _text(_("prénom"), 80)
    family_name = models.CharField(_("nom"), max_length=80)
    quality = _text(
        _("fonction"), 160, help_text=_("« Maire », « 2e adjointe, aux finances », « Conseillère municipale ».")
    )
    group = _text(_("groupe"), 160)
    since = models.DateField(_("depuis le"), null=True, blank=True)
    until = models.DateField(_("jusqu’au"), null=True, blank=True)
    signs = models.BooleanField(_("signe des actes"), default=False)

    class Meta:
        ordering = ["family_name", "given_name", "id"]
        verbose_name = _("élu")
        verbose_name_plural = _("élus")

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """« Camille Durand »."""
        return f"{self.given_name} {self.family_name}".strip()


class Session(CivicRecord):
    """A sitting: what it was to decide (agenda), who was there, what it examined. Its title is made of the assembly and the date."""

    class State(models.TextChoices):
        """What becomes of it."""

        PLANNED = "planned", _("prévue")
        HELD = "held", _("tenue")
        CANCELLED = "cancelled", _("annulée")

    noun = "session"
    with_article = _("la séance")
    place = "seances"
    unnamed = "seance"
    takes_files = True
    may_be_deleted = True

    assembly = models.ForeignKey(
        Assembly, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("assemblée")
    )
    state = models.CharField(_("tenue"), max_length=10, choices=State.choices, default=State.PLANNED)
    held_on = models.DateField(_("date"), db_index=True)
    begins_at = models.TimeField(_("heure"), null=True, blank=True)
    location = _text(_("lieu"))
    convened_on = models.DateField(_("convoquée le"), null=True, blank=True)
    president = _text(_("présidence"), 160)
    secretary = _text(_("secrétaire de séance"), 160)
    members = _count(_("membres en exercice"))
    present_names = models.JSONField(_("présents"), default=list, blank=True)
    proxy_names = models.JSONField(_("pouvoirs"), default=list, blank=True)
    """Pairs: who gave it, to whom."""
    absent_names = models.JSONField(_("absents"), default=list, blank=True)
    list_published_on = models.DateField(_("liste des délibérations publiée le"), null=True, blank=True, editable=False)
    """Within a week (CGCT L2121-25)."""
    minutes_approved_on = models.DateField(_("procès-verbal arrêté le"), null=True, blank=True)
    """At the beginning of the next sitting; it is published within a week of it (CGCT L2121-15)."""

    of_the_record = (*CivicRecord.of_the_record, "list_published_on")

    class Meta(CivicRecord.Meta):
        verbose_name = _("séance")
        verbose_name_plural = _("séances")
        ordering = ["-held_on", "-id"]

    def texts(self) -> list[str]:
        """The texts that a search looks in."""
        return [self.title, self.location, *(item.title for item in self.items.all())]


class AgendaItem(Orderable):
    """A point of the agenda of a sitting; the act that came of it, once there is one."""

    session = ParentalKey(Session, on_delete=models.CASCADE, related_name="items")
    number = _text(_("numéro"), 20)
    title = models.CharField(_("objet"), max_length=MOST_TEXT)
    is_open = models.BooleanField(_("examiné en public"), default=True)
    act = models.ForeignKey(
        "deliberations.Act",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="items",
        verbose_name=_("acte"),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("point de l’ordre du jour")
        verbose_name_plural = _("points de l’ordre du jour")

    def __str__(self) -> str:
        return self.title


class Act(CivicRecord):
    """An act: its title is its object. Once online, what it states never changes: a corrected act is another, which names the first.

    Its permanent address is made of what names it (``rules.address_of``) when it is published.
    """

    class Kind(models.TextChoices):
        """The names are those of ``core.acts.KINDS``."""

        DELIBERATION = "deliberation", _("délibération")
        DECISION = "decision", _("décision")
        ORDER = "order", _("arrêté")
        AGREEMENT = "agreement", _("convention")
        BUDGET = "budget", _("document budgétaire")
        MINUTES = "minutes", _("procès-verbal")
        LIST = "list", _("liste des délibérations examinées")
        AGENDA = "agenda", _("ordre du jour")
        VERBATIM = "verbatim", _("compte rendu intégral")
        OTHER = "other", _("autre document")

    class Outcome(models.TextChoices):
        """The names are those of ``core.acts.OUTCOMES``."""

        ADOPTED = "adopted", _("adoptée")
        REJECTED = "rejected", _("rejetée")
        POSTPONED = "postponed", _("ajournée")
        WITHDRAWN = "withdrawn", _("retirée de l’ordre du jour")
        NOTED = "noted", _("dont il est pris acte")

    class Execution(models.TextChoices):
        """What became of what was decided."""

        UNKNOWN = "", _("non suivie")
        DECIDED = "decided", _("décidée")
        UNDER_WAY = "under-way", _("en cours")
        DONE = "done", _("réalisée")
        ABANDONED = "abandoned", _("abandonnée")

    noun = "act"
    with_article = _("l’acte")
    place = "deliberations"
    unnamed = "acte"
    words_are_indexed = True
    drafts_while_online = False
    reserved = CivicRecord.reserved | {"exhaustivite", "registre", "alertes", "organisations", "recherche"}

    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.PROTECT, related_name="decided_acts", verbose_name=_("séance")
    )
    kind = models.CharField(_("nature du document"), max_length=12, choices=Kind.choices, default=Kind.DELIBERATION)
    number = _text(_("numéro"), 60, db_index=True)
    rank = models.PositiveSmallIntegerField(_("rang dans la séance"), default=0)
    date = models.DateField(
        _("date"), null=True, blank=True, db_index=True, help_text=_("De la séance, ou de la signature.")
    )
    nature = _text(_("nature @ctes"), 2)
    matter = _text(_("matière @ctes"), 5, validators=[RegexValidator(r"^\d\.\d{1,2}$", _("Deux niveaux : « 7.5 »."))])
    rapporteur = _text(_("rapporteur"), 160)
    signatory = _text(_("signataire"), 160, help_text=_("Prénom et nom : la loi les demande (CGCT R2131-1)."))
    signatory_quality = _text(_("qualité du signataire"), 160)
    outcome = models.CharField(_("issue"), max_length=10, choices=Outcome.choices, blank=True, default="")
    members = _count(_("en exercice"))
    present = _count(_("présents"))
    proxies = _count(_("pouvoirs"))
    votes_for = _count(_("pour"))
    votes_against = _count(_("contre"))
    abstentions = _count(_("abstentions"))
    is_unanimous = models.BooleanField(_("à l’unanimité"), null=True, blank=True)
    budget_year = _text(_("exercice budgétaire"), 9, help_text=_("« 2026 »."))
    budget_name = _text(_("budget"), 160)
    transmission = _text(_("identifiant de télétransmission"), 80, db_index=True)
    sent_on = models.DateField(_("envoyé en préfecture le"), null=True, blank=True)
    received_on = models.DateField(_("reçu en préfecture le"), null=True, blank=True)
    posted_on = models.DateField(_("affiché ou publié le, dit l’acte"), null=True, blank=True)
    places = models.JSONField(_("lieux"), default=list, blank=True)
    """Addresses and names of places, as texts."""
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    corrects = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections",
        verbose_name=_("corrige l’acte"),
    )
    execution = models.CharField(
        _("suites"), max_length=10, choices=Execution.choices, blank=True, default="", editable=False
    )
    confirmed_by = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    confirmed_at = models.DateTimeField(null=True, editable=False)
    """When somebody said that what was read is right; None for what nobody looked at."""
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_for = models.CharField(max_length=20, blank=True, default="", editable=False)
    """« privacy » or « court »: its page says so, and nothing else."""

    of_the_record = (
        *CivicRecord.of_the_record,
        "execution",
        "confirmed_by",
        "confirmed_at",
        "withdrawn_at",
        "withdrawn_for",
    )

    class Meta(CivicRecord.Meta):
        verbose_name = _("acte")
        verbose_name_plural = _("actes")
        ordering = ["-date", "-id"]
        indexes = [
            models.Index(fields=["status", "-date", "-id", "organisation"], name="act_list"),
            models.Index(fields=["organisation", "kind", "date"], name="act_register"),
        ]

    stated = (
        "title",
        "session_id",
        "kind",
        "number",
        "date",
        "nature",
        "signatory",
        "signatory_quality",
        "outcome",
        "rapporteur",
        "members",
        "present",
        "proxies",
        "votes_for",
        "votes_against",
        "abstentions",
        "is_unanimous",
        "corrects_id",
        "organisation_id",
    )
    """What an act online states: it never changes (CGCT R2131-1)."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to change what an act online states; ActIsSealed."""
        if self.pk and self.live:
            before = Act.objects.filter(pk=self.pk, live=True).values(*self.stated).first()
            if before and any(getattr(self, name) != value for name, value in before.items()):
                raise ActIsSealed(title=self.title)
        super().save(*args, **kwargs)

    def texts(self) -> list[str]:
        """The texts that a search looks in; those of its pages are in the index of texts."""
        return [self.title, self.number, self.rapporteur]


class ActFile(models.Model):
    """A file of an act: the original, which stays closed, and the one that is published, which may have been occulted."""

    class Role(models.TextChoices):
        """What it is to the act."""

        MAIN = "main", _("acte")
        ANNEX = "annex", _("annexe")

    class Reading(models.TextChoices):
        """Where reading stands."""

        WAITING = "waiting", _("en attente de lecture")
        READ = "read", _("lu")
        FAILED = "failed", _("lecture impossible")

    act = models.ForeignKey(Act, on_delete=models.CASCADE, related_name="act_files")
    role = models.CharField(_("rôle"), max_length=5, choices=Role.choices, default=Role.MAIN)
    position = models.PositiveSmallIntegerField(default=0)
    title = _text(_("titre"), 200)
    name = models.CharField(_("nom du fichier"), max_length=200)
    original = models.FileField(upload_to="acts/originals/%Y/")
    original_digest = models.CharField(max_length=64, db_index=True)
    """SHA-256 of what was dropped: the same file twice is seen."""
    bytes = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    suffix = models.CharField(max_length=8)
    reading = models.CharField(max_length=8, choices=Reading.choices, default=Reading.WAITING, db_index=True)
    error = models.JSONField(null=True, blank=True)
    page_count = models.PositiveIntegerField(null=True)
    unreadable_pages = models.PositiveIntegerField(default=0)
    confidence = models.FloatField(null=True)
    """The least of its recognised pages, of 100; None when none was."""
    spans = models.JSONField(default=dict, blank=True)
    """What is hidden of it: ``passages`` of its pages, ``boxes``, and passages that are ``kept``, as ``core.redaction`` names them.

    With the ``words`` that somebody asked for, those of them that were read, what the act stated, how many times it was read.
    """
    published = models.FileField(upload_to="acts/published/%Y/", blank=True)
    """PDF or image that readers are given; never written again once the act is online."""
    published_digest = models.CharField(max_length=64, blank=True, default="", db_index=True)
    published_bytes = models.PositiveBigIntegerField(default=0)
    published_type = models.CharField(max_length=100, blank=True, default="")
    verification = models.JSONField(null=True, blank=True)
    """What looked for the hidden words in the published file answered."""
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["act", "-role", "position", "id"]
        verbose_name = _("fichier d’un acte")
        verbose_name_plural = _("fichiers d’actes")

    def __str__(self) -> str:
        return self.name


class FileText(models.Model):
    """The pages of a file as they were read (closed), and as they are published, words hidden: rows of ``core.acts.model.Page``."""

    file = models.OneToOneField(ActFile, on_delete=models.CASCADE, primary_key=True, related_name="text")
    pages = models.JSONField(default=list)
    published_pages = models.JSONField(default=list)

    class Meta:
        verbose_name = _("texte d’un fichier")

    def __str__(self) -> str:
        return f"#{self.pk}"


class Suggestions(models.Model):
    """What rules read in the main file of an act, until somebody confirms it: rows of ``core.acts.model.Proposal``."""

    act = models.OneToOneField(Act, on_delete=models.CASCADE, primary_key=True, related_name="suggestions")
    proposals = models.JSONField(default=list)
    persons = models.JSONField(default=list)
    """Mentions of persons, as ``core.acts.persons`` tells them."""

    class Meta:
        verbose_name = _("propositions de lecture")

    def __str__(self) -> str:
        return f"#{self.pk}"


class Amount(models.Model):
    """Money that an act decides of."""

    class Purpose(models.TextChoices):
        """What the money is."""

        EXPENSE = "expense", _("dépense")
        INCOME = "income", _("recette")
        GRANT = "grant", _("subvention versée")
        CONTRACT = "contract", _("marché ou convention")
        LOAN = "loan", _("emprunt")
        OTHER = "other", _("autre montant")

    act = models.ForeignKey(Act, on_delete=models.CASCADE, related_name="amounts")
    cents = models.BigIntegerField(_("centimes d’euro"))
    purpose = models.CharField(_("objet"), max_length=10, choices=Purpose.choices, default=Purpose.OTHER)
    words = _text(_("précision"), 255)
    chapter = _text(_("chapitre ou article budgétaire"), 20)
    beneficiary = _text(_("bénéficiaire"), 200)
    """A body: persons are not named."""

    class Meta:
        ordering = ["id"]
        verbose_name = _("montant")

    def __str__(self) -> str:
        return f"{self.cents / 100:.2f} €"


class ActLink(models.Model):
    """What an act decides on, elsewhere in the portal: a row of a dataset, a dataset, another act, an address."""

    class Relation(models.TextChoices):
        """What the other thing is to it."""

        GRANT = "grant", _("subvention")
        CONTRACT = "contract", _("marché ou contrat")
        PROJECT = "project", _("projet")
        DATASET = "dataset", _("jeu de données")
        ACT = "act", _("autre acte")

    act = models.ForeignKey(Act, on_delete=models.CASCADE, related_name="links")
    relation = models.CharField(_("nature"), max_length=10, choices=Relation.choices)
    dataset_id = models.CharField(_("jeu de données"), max_length=100, blank=True, default="", db_index=True)
    row_key = models.JSONField(_("ligne"), default=list, blank=True)
    """The values of the key of the dataset, in its order; empty for the whole dataset."""
    other = models.ForeignKey(Act, null=True, blank=True, on_delete=models.CASCADE, related_name="linked_from")
    label = _text(_("intitulé"), 255)

    class Meta:
        ordering = ["id"]
        verbose_name = _("lien d’un acte")

    def __str__(self) -> str:
        return self.label or f"#{self.pk}"


class Step(models.Model):
    """A step of what became of an act, with its evidence."""

    act = models.ForeignKey(Act, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(_("suites"), max_length=10, choices=Act.Execution.choices[1:])
    day = models.DateField(_("date"))
    text = models.TextField(_("ce qui a été fait"), blank=True, default="")
    evidence = models.URLField(_("preuve"), max_length=500, blank=True, default="")

    class Meta:
        ordering = ["day", "id"]
        verbose_name = _("étape")

    def __str__(self) -> str:
        return f"{self.day}"


class ToldOnce(models.Model):
    """That an address was told of an act, or of a point of an agenda: it is not told again, by whatever alert. Erased with the address."""

    recipient = models.ForeignKey("notifications.Recipient", on_delete=models.CASCADE, related_name="+")
    target = models.CharField(max_length=60)
    """« act:12 », « point:5:0f3a… »."""

    class Meta:
        verbose_name = _("acte signalé")
        constraints = [models.UniqueConstraint(fields=["recipient", "target"], name="act_told_once")]

    def __str__(self) -> str:
        return self.target
