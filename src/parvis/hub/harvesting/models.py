"""Sources, their runs, what each run did with each item, the servers that are asked, and the calls that have a source read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.core.metadata import LICENCES
from parvis.hub.harvesting.hook_rules import CallOutcome, Way, new_uid
from parvis.hub.harvesting.rules import Decision, Mode, Outcome, State, Trigger

OTHERS = "others"
"""In ``Item.copied``, what is told of the files that are not."""


class Source(models.Model):
    """Where datasets come from by themselves: how it is asked, when, and what becomes of what it gives.

    ``filters`` and ``mapping`` are as ``rules`` reads them; ``secrets`` is encrypted and never shown.
    """

    MODES = [
        (Mode.METADATA, _("la fiche seule")),
        (Mode.COPY, _("la fiche et les données")),
        (Mode.FEDERATED, _("la fiche, et les données demandées là-bas")),
        (Mode.MOVE, _("tout, pour emménager ici : données exactes, documents, identifiants")),
    ]

    slug = models.SlugField(_("identifiant"), max_length=80, unique=True)
    title = models.CharField(_("nom"), max_length=200)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="sources", verbose_name=_("organisation")
    )
    dialect = models.CharField(_("genre"), max_length=40)
    url = models.CharField(_("adresse"), max_length=1000)
    options = models.JSONField(default=dict, blank=True)
    secrets = models.TextField(blank=True, default="")
    mode = models.CharField(_("ce qui est repris"), max_length=10, choices=MODES, default=Mode.COPY)
    publish = models.BooleanField(_("mettre en ligne"), default=True)
    schedule = models.CharField(_("quand"), max_length=100, blank=True, default="")
    """Five fields of cron (``core.schedules``); empty when somebody asks."""
    filters = models.JSONField(default=dict, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    default_licence = models.CharField(
        _("licence à défaut"), max_length=20, blank=True, default="", choices=[(row.slug, row.name) for row in LICENCES]
    )
    gone_after = models.PositiveSmallIntegerField(_("absences avant retrait"), default=3)
    ignore_robots = models.BooleanField(_("passer outre robots.txt"), default=False)
    active = models.BooleanField(_("en service"), default=True)
    next_run = models.DateTimeField(null=True, db_index=True)
    failures = models.PositiveIntegerField(default=0)
    """Runs in a row that did not end."""
    whole_since = models.DateTimeField(null=True)
    """When the last run that read everything began."""
    validators = models.JSONField(default=dict)
    """``etag`` and ``last_modified`` of a catalogue that came in one answer, as of its last whole run."""
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    modified = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["title"]
        verbose_name = _("source")

    def __str__(self) -> str:
        return self.title


class Run(models.Model):
    """One reading of a source. What is left to ask is written after each page, so that any process takes it up where it stood."""

    STATES = [
        (State.QUEUED, _("en attente")),
        (State.RUNNING, _("en cours")),
        (State.DONE, _("terminée")),
        (State.FAILED, _("échec")),
        (State.STOPPED, _("arrêtée")),
    ]
    TRIGGERS = [
        (Trigger.SCHEDULE, _("calendrier")),
        (Trigger.PERSON, _("à la demande")),
        (Trigger.CALL, _("à l’appel")),
    ]

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=10, choices=STATES, default=State.QUEUED)
    trigger = models.CharField(max_length=10, choices=TRIGGERS, default=Trigger.PERSON)
    since = models.CharField(max_length=40, blank=True, default="")
    """Of an incremental run: it asked for what changed since then, and says nothing of what is gone."""
    pending = models.JSONField(null=True)
    """Requests still to send, the first is in hand; None before the first was made."""
    page = models.PositiveIntegerField(default=0)
    barren = models.PositiveIntegerField(default=0)
    """Pages in a row that gave nothing new."""
    total = models.PositiveIntegerField(null=True)
    counts = models.JSONField(default=dict)
    """How many items had each outcome."""
    current = models.CharField(max_length=200, blank=True, default="")
    """The title of what is in hand."""
    worked = models.FloatField(default=0)
    """Seconds of the slices that ended: what waited, or was killed, does not slow the pace that is told."""
    tries = models.PositiveSmallIntegerField(default=0)
    """Failures of the request in hand."""
    deferrals = models.PositiveSmallIntegerField(default=0)
    """How often it was put off since it last advanced."""
    resumes = models.DateTimeField(null=True)
    """Before when nothing is asked: a server wished so, or failed."""
    stop_requested = models.BooleanField(default=False)
    is_whole = models.BooleanField(default=False)
    is_suspicious = models.BooleanField(default=False)
    """So much was missing that nothing was counted as gone: somebody must say whether it is."""
    validators = models.JSONField(default=dict)
    error = models.JSONField(null=True)
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created", "-id"]
        verbose_name = _("lecture")
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(state__in=[State.QUEUED, State.RUNNING]), name="one_run_a_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} #{self.pk}"

    @property
    def is_over(self) -> bool:
        """True once nothing more will happen."""
        return self.state not in (State.QUEUED, State.RUNNING)


class MovePlan(models.Model):
    """What a source would bring if its portal moved in, read by a worker, and the words that people chose of ours for those of the portal.

    ``facts`` is as ``move_plans.Plan`` tells it, ``choices`` as ``Source.mapping``, organisations to be made included.
    """

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="plan")
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    facts = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    asks_kind = models.BooleanField(default=False)
    """Nobody said of what kind the portal is: the dry run recognises it, and writes in ``facts`` by what."""
    read = models.DateTimeField(null=True)
    """When the portal was read last, to its end."""

    class Meta:
        verbose_name = _("essai d’emménagement")

    def __str__(self) -> str:
        return f"{self.source_id} {self.read}"


class Item(models.Model):
    """A dataset as its source names it, and ours that it became."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="items")
    identifier = models.CharField(max_length=500)
    title = models.CharField(max_length=500, blank=True, default="")
    landing_page = models.CharField(max_length=1000, blank=True, default="")
    dataset = models.ForeignKey("catalogue.Dataset", null=True, on_delete=models.SET_NULL, related_name="+")
    digest = models.CharField(max_length=64, blank=True, default="")
    """Of what the source said and of how we read it: the same again is unchanged."""
    card = models.JSONField(default=dict)
    """The card that the source gave last."""
    written = models.JSONField(default=dict)
    """The card as it then was here: what differs since was changed by somebody, and is theirs."""
    copied = models.JSONField(default=dict)
    """The file that was copied last: address, validators, digest; besides, ``others``: title, format, address and size of those that were
    not, and ``documents`` that came along, by what they are called there."""
    comparison = models.JSONField(default=dict)
    """Of a source that is moved in: how its latest comparison with what is there ended (``comparisons``)."""
    outcome = models.CharField(max_length=10, blank=True, default="")
    first_run = models.PositiveBigIntegerField(default=0)
    last_run = models.PositiveBigIntegerField(default=0)
    last_page = models.PositiveIntegerField(default=0)
    missing = models.PositiveSmallIntegerField(default=0)
    """Whole runs in a row that did not see it."""
    gone = models.DateTimeField(null=True)
    """When its dataset was withdrawn here because the source no longer has it."""
    twin = models.ForeignKey("catalogue.Dataset", null=True, on_delete=models.SET_NULL, related_name="+")
    """A dataset that is already here and seems to be the same."""
    decision = models.CharField(max_length=10, blank=True, default="", choices=[(row, row) for row in Decision])
    takes_over = models.DateTimeField(null=True)
    """When it takes the place of the twin's former source, whose owner was told."""
    proposer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    """Who wanted that."""

    class Meta:
        ordering = ["title", "id"]
        verbose_name = _("jeu de la source")
        constraints = [models.UniqueConstraint(fields=["source", "identifier"], name="one_item_an_identifier")]
        indexes = [models.Index(fields=["source", "last_run"], name="item_by_run")]

    def __str__(self) -> str:
        return self.title or self.identifier


class FormerAddress(models.Model):
    """Where a dataset, its rows or one of its documents was on the portal that it came from."""

    PAGE, ROWS, DOCUMENT = "page", "rows", "document"

    path = models.CharField(max_length=500, unique=True)
    """From the root of the portal, without a slash at its end."""
    dataset = models.ForeignKey("catalogue.Dataset", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=120, blank=True, default="")
    """The address of a document here; the format of rows, empty for their page."""

    def __str__(self) -> str:
        return self.path


class ItemKey(models.Model):
    """What an item can be recognised by, digested: landing page, address of a file, identifier, title and publisher."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=40, db_index=True)

    def __str__(self) -> str:
        return self.key


class RunItem(models.Model):
    """What a run did with one item, and why; what was unchanged is counted, not told."""

    OUTCOMES = [
        (Outcome.CREATED, _("créé")),
        (Outcome.UPDATED, _("mis à jour")),
        (Outcome.UNCHANGED, _("inchangé")),
        (Outcome.SKIPPED, _("écarté")),
        (Outcome.TWIN, _("déjà ici ?")),
        (Outcome.FAILED, _("échec")),
        (Outcome.MISSING, _("absent")),
        (Outcome.ARCHIVED, _("retiré")),
    ]

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="items")
    item = models.ForeignKey(Item, null=True, on_delete=models.CASCADE, related_name="+")
    identifier = models.CharField(max_length=500)
    title = models.CharField(max_length=500, blank=True, default="")
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    reasons = models.JSONField(default=list)
    """Sentences, as ``core.translation.Sentence`` stores them."""
    page = models.PositiveIntegerField(default=0)
    dataset = models.ForeignKey("catalogue.Dataset", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["id"]
        verbose_name = _("jeu d’une lecture")
        indexes = [models.Index(fields=["run", "outcome"], name="run_item_by_outcome")]

    def __str__(self) -> str:
        return f"{self.identifier} {self.outcome}"


class Host(models.Model):
    """A server that is asked: one request at a time, whoever asks, with a pause between two."""

    name = models.CharField(max_length=300, unique=True)
    busy_until = models.DateTimeField(null=True)
    free_from = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    """Requests in a row that failed for want of an answer."""
    pause = models.FloatField(default=0)
    robots = models.TextField(blank=True, default="")
    robots_read = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Hook(models.Model):
    """An address that others call so that a source is read at once; ``secret`` is encrypted and shown once."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="hook")
    uid = models.CharField(max_length=24, unique=True, default=new_uid)
    signed = models.BooleanField(_("appels signés"), default=True)
    """Calls are signed with the secret; else the address ends with what nobody guesses."""
    secret = models.TextField()
    former_secret = models.TextField(blank=True, default="")
    """Taken too until ``former_until``, so that nobody has to change both sides at the same instant."""
    former_until = models.DateTimeField(null=True)
    active = models.BooleanField(_("en service"), default=True)
    pending = models.DateTimeField(null=True)
    """When something changed during a run: one more begins once it is over."""
    minute = models.DateTimeField(null=True)
    """Since when ``calls_in_minute`` are counted."""
    calls_in_minute = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("appel d’une source")

    def __str__(self) -> str:
        return f"{self.source_id} {self.uid}"


class HookCall(models.Model):
    """A call and what became of it; those that were refused for the same reason in a row are one row that counts them."""

    OUTCOMES = [
        (CallOutcome.BEGUN, _("une lecture part")),
        (CallOutcome.JOINED, _("une lecture allait partir")),
        (CallOutcome.AFTER, _("une lecture suivra celle qui est en cours")),
        (CallOutcome.UNSIGNED, _("refusé : mauvaise signature")),
        (CallOutcome.LATE, _("refusé : signé à une autre heure")),
        (CallOutcome.CLOSED, _("refusé : hors service")),
        (CallOutcome.FLOOD, _("refusé : trop d’appels")),
    ]
    WAYS = [
        (Way.STANDARD, "Standard Webhooks"),
        (Way.BODY, _("signature du corps (GitHub, Forgejo)")),
        (Way.PLAIN, _("jeton (GitLab)")),
        (Way.ADDRESS, _("adresse secrète")),
    ]

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="calls")
    name = models.CharField(max_length=64, null=True)
    """What its sender calls it, digested: sent again under the same name, it is the same call."""
    way = models.CharField(max_length=10, choices=WAYS, blank=True, default="")
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    count = models.PositiveIntegerField(default=1)
    moment = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("appel reçu")
        constraints = [models.UniqueConstraint(fields=["hook", "name"], name="one_call_a_name")]

    def __str__(self) -> str:
        return f"{self.hook_id} {self.outcome}"
