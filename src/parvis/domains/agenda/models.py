"""Events of the agenda, the days on which they happen, the sources that are read each day."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from parvis.hub.records.models import CivicRecord


def _text(label: Any, most: int = 255, **options: Any) -> models.CharField:
    return models.CharField(label, max_length=most, blank=True, default="", **options)


def _web(label: Any, most: int, **options: Any) -> models.URLField:
    """An address of the web: Django's takes those of FTP too, which no page should link to."""
    return models.URLField(label, max_length=most, validators=[URLValidator(schemes=["http", "https"])], **options)


class Event(CivicRecord):
    """An event of the agenda; ``rules.event_of`` gives it in the words of calendars."""

    MODES = [("on-site", _("sur place")), ("online", _("en ligne")), ("mixed", _("sur place et en ligne"))]
    STATES = [
        ("scheduled", _("prévu")),
        ("rescheduled", _("déplacé")),
        ("moved-online", _("en ligne à la place")),
        ("postponed", _("reporté")),
        ("full", _("complet")),
        ("cancelled", _("annulé")),
    ]

    words_are_indexed = True
    takes_files = True
    noun = "event"
    with_article = _("l’événement")
    place = "agenda"
    unnamed = "evenement"
    reserved = CivicRecord.reserved | {"programme"}
    of_the_record = (*CivicRecord.of_the_record, "uid", "next_start", "sources")

    uid = models.CharField(max_length=255, unique=True, editable=False)
    """What calendars know it by, for ever."""
    summary = _text(_("résumé"), 500, help_text=_("Une phrase, pour les listes."))
    text = models.TextField(_("description"), blank=True, default="")
    picture = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("image"),
        help_text=_("Sa description, dans la bibliothèque, est lue à la place de l’image."),
    )
    venue = _text(_("lieu"))
    address = _text(_("adresse"))
    postcode = _text(_("code postal"), 20)
    city = _text(_("commune"), 120)
    commune = _text(_("code Insee"), 5)
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    accessibility = models.JSONField(_("accessibilité"), default=list, blank=True)
    is_accessible = models.BooleanField(default=False, editable=False)
    mode = models.CharField(_("comment on y assiste"), max_length=10, choices=MODES, default="on-site")
    online_address = _web(_("adresse en ligne"), 500, blank=True, default="")
    state = models.CharField(_("ce qu’il devient"), max_length=12, choices=STATES, default="scheduled")
    is_free = models.BooleanField(_("gratuit"), null=True, blank=True)
    conditions = _text(_("tarifs et conditions"), 500)
    audience = _text(_("public"), 120)
    theme = _text(_("thème"), 120)
    languages = models.JSONField(_("langues"), default=list, blank=True)
    registration = models.JSONField(_("inscription"), default=list, blank=True)
    organiser = _text(_("organisateur"))
    series = _text(_("série"))
    website = _web(_("site de l’événement"), 500, blank=True, default="")
    zone = models.CharField(_("fuseau horaire"), max_length=64, default="Europe/Paris")
    rule = _text(_("répétition"), 1_000)
    more_dates = models.JSONField(default=dict, blank=True, editable=False)
    """What the form does not hold of its dates: exceptions and changed ones, as calendars gave them."""
    others = models.JSONField(default=dict, blank=True, editable=False)
    """What the form does not hold of the event, kept for those who read it again: ages, translations, keywords, remote picture."""
    sources = models.JSONField(default=list, blank=True, editable=False)
    next_start = models.DateTimeField(null=True, editable=False)
    """When it is next, or now; None once it is over."""

    class Meta(CivicRecord.Meta):
        verbose_name = _("événement")
        verbose_name_plural = _("événements")
        # Lists are in the order of the next dates, and narrowed by any of these: rows are wide, and none is read to be left out.
        indexes = [
            models.Index(
                fields=[
                    "status",
                    "next_start",
                    "id",
                    "city",
                    "theme",
                    "audience",
                    "is_free",
                    "is_accessible",
                    "commune",
                ],
                name="agenda_event_list",
            )
        ]

    def texts(self) -> list[str]:
        """The texts that a search looks in."""
        return [self.title, self.summary, self.text, self.venue, self.city, self.organiser, self.series, self.theme]


class EventTiming(Orderable):
    """From when to when; the first of them is the one that a rule repeats."""

    event = ParentalKey(Event, on_delete=models.CASCADE, related_name="timings")
    start = models.DateTimeField(_("début"))
    end = models.DateTimeField(_("fin"))
    all_day = models.BooleanField(_("journée entière"), default=False)

    class Meta(Orderable.Meta):
        verbose_name = _("date")


class EventDay(models.Model):
    """A day of an event that is online, with the hours of that day; what lists look in."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    start = models.DateTimeField()
    end = models.DateTimeField()
    all_day = models.BooleanField(default=False)

    class Meta:
        ordering = ["start", "id"]
        indexes = [models.Index(fields=["day", "event"]), models.Index(fields=["event", "start"])]

    def __str__(self) -> str:
        return f"{self.event_id} {self.day}"


class EventSource(CivicRecord):
    """A calendar that is read again each day while it is online: a file that was given, or an address."""

    noun = "event-source"
    with_article = _("la source de l’agenda")
    place = "agenda/sources"
    unnamed = "source"

    location = _web(_("adresse"), 1_000, help_text=_("iCal, OpenAgenda (JSON), CSV ou page qui décrit ses événements."))
    publishes = models.BooleanField(
        _("mettre en ligne aussitôt"), default=False, help_text=_("Sinon, ses événements attendent en brouillon.")
    )
    read_at = models.DateTimeField(_("lue le"), null=True, blank=True, editable=False)
    report = models.JSONField(default=dict, blank=True, editable=False)
    """What the last reading gave: counts, problems, or why it failed."""
    said = models.JSONField(default=dict, blank=True, editable=False)
    """What it said of each event last time, by its identifier there."""

    of_the_record = (*CivicRecord.of_the_record, "read_at", "report", "said")

    class Meta(CivicRecord.Meta):
        verbose_name = _("source de l’agenda")
        verbose_name_plural = _("sources de l’agenda")


class DistinctPair(models.Model):
    """Two events that look the same, which somebody said are not."""

    first = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="one_pair")]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
