"""Acts and sittings as everybody sees them: lists, pages, feeds, calendars, their forms for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.cache import caches
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.translation import Sentence
from parvis.domains.deliberations import presentation, public, schema_org, selectors
from parvis.domains.deliberations.finding.results import alike
from parvis.domains.deliberations.models import Act, Session
from parvis.domains.deliberations.money.selectors import money_as_json, money_facts
from parvis.domains.deliberations.reading_views import FileView
from parvis.domains.deliberations.rules import STATED, ActWithdrawn
from parvis.domains.deliberations.seals import seal_of
from parvis.domains.deliberations.sittings import calendar_of, event_of, lines_of_sitting, when_words
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import canonical
from parvis.hub.collections.declaration import Collection, Facet, Period, Position, Sort
from parvis.hub.records.rules import Status
from parvis.hub.records.selectors import published, stamp_of
from parvis.hub.sites.lens import current_lens
from parvis.hub.ui.formatting import day

if TYPE_CHECKING:
    from parvis.hub.territories.models import Territory

FOREVER = (datetime(1789, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
REASONS = {
    "privacy": Sentence("pour protéger la vie privée"),
    "court": Sentence("par décision de justice"),
}
"""Why an act may go."""


def _remembered(
    name: str, collection: Collection, choices: Callable[[QuerySet[Any]], Iterable[tuple[str, Any]]]
) -> list[tuple[str, Any]]:
    """What a filter offers on the site that answers, as long as nothing is done to any record of the kind."""
    lens = current_lens()

    def read() -> list[tuple[str, Any]]:
        query = published(collection.kind)
        return list(choices(query if lens is None else collection.through(lens, query)))

    key = f"choices:{collection.name}:{name}:{stamp_of(collection.kind)}:{lens.key if lens else ''}"
    rows: list[tuple[str, Any]] = caches["derived"].get_or_set(key, read)
    return rows


def _organisations(query: QuerySet[Any]) -> Iterable[tuple[str, Any]]:
    return query.order_by("organisation__name").values_list("organisation__slug", "organisation__name").distinct()


def _years(query: QuerySet[Any], column: str) -> Iterable[tuple[str, Any]]:
    return [(str(row.year), str(row.year)) for row in query.order_by().dates(column, "year", order="DESC")]


def _matters(query: QuerySet[Any]) -> Iterable[tuple[str, Any]]:
    present = {
        part
        for code in query.order_by().values_list("matter", flat=True).distinct()
        for part in (code.partition(".")[0], code)
    }
    return [row for row in presentation.matter_choices() if row[0] in present]


def _in_year(column: str) -> Callable[[QuerySet[Any], str], QuerySet[Any]]:
    def narrow(query: QuerySet[Any], value: str) -> QuerySet[Any]:
        is_year = value.isascii() and value.isdecimal() and len(value) == 4 and value != "0000"
        return query.filter(**{f"{column}__year": int(value)}) if is_year else query.none()

    return narrow


def _of_matter(query: QuerySet[Any], value: str) -> QuerySet[Any]:
    return query.filter(matter=value) if "." in value else query.filter(matter__startswith=f"{value}.")


def _of_kinds(query: QuerySet[Any]) -> Iterable[tuple[str, Any]]:
    present = set(query.order_by().values_list("kind", flat=True).distinct())
    return [row for row in Act.Kind.choices if row[0] in present]


class ActCollection(Collection):
    """Acts online, the latest first."""

    kind = Act
    title = gettext_lazy("Délibérations et actes")
    lead = gettext_lazy("Ce que les assemblées et les exécutifs du territoire ont décidé, en texte intégral.")
    facets: ClassVar[tuple[Facet, ...]] = (
        Facet(
            "organisation",
            gettext_lazy("Organisation"),
            "organisation__slug",
            choices=lambda: _remembered("organisation", ACTS, _organisations),
        ),
        Facet(
            "annee",
            gettext_lazy("Année"),
            "date",
            choices=lambda: _remembered("annee", ACTS, lambda query: _years(query, "date")),
            narrow=_in_year("date"),
        ),
        Facet(
            "matiere",
            gettext_lazy("Matière"),
            "matter",
            choices=lambda: _remembered("matiere", ACTS, _matters),
            narrow=_of_matter,
        ),
        Facet(
            "document",
            gettext_lazy("Nature du document"),
            "kind",
            choices=lambda: _remembered("document", ACTS, _of_kinds),
        ),
        Facet("assemblee", gettext_lazy("Assemblée"), "session__assembly__name"),
        Facet("rapporteur", gettext_lazy("Rapporteur"), "rapporteur"),
        Facet("issue", gettext_lazy("Issue"), "outcome", choices=lambda: Act.Outcome.choices),
    )
    sorts = (
        Sort("recentes", gettext_lazy("les plus récents"), ("-date", "-id")),
        Sort("anciennes", gettext_lazy("les plus anciens"), ("date", "id")),
        Sort("ligne", gettext_lazy("mis en ligne dernièrement"), ("-first_published_at", "-id")),
    )
    list_template = "deliberations/list.html"
    card_template = "deliberations/card.html"
    page_template = "deliberations/page.html"
    feed_order = ("-first_published_at", "-id")
    order = 32
    in_header = True
    home_size = 3
    search_name = "act-search"

    def record_at(self, actor: Actor, slug: str) -> Act:
        """That of the address; ActWithdrawn for one that was taken away, whoever asks."""
        gone = Act.objects.filter(slug=slug, withdrawn_at__isnull=False).exclude(status=Status.PUBLISHED)
        if (act := gone.select_related("organisation").first()) is not None:
            raise ActWithdrawn(
                organisation=act.organisation.name,
                day=day(act.date),
                withdrawn=day(act.withdrawn_at),
                reason=REASONS.get(act.withdrawn_for, Sentence("par décision de son auteur")),
            )
        record: Act = super().record_at(actor, slug)
        return record

    def records(self, query: QuerySet[Act]) -> QuerySet[Act]:
        """With their sitting, its assembly, and what they correct."""
        return query.select_related("session", "session__assembly", "corrects", "territory")

    def prepared(self, records: Sequence[Act], actor: Actor, territory: Territory | None = None) -> Sequence[Act]:
        """Each with its published files, the acts that correct it and the one that it corrects, as far as these are online."""
        files = selectors.files_of(records)
        corrections = public.corrections_of(records)
        for act in records:
            shown = [file for file in files[act.pk] if file.published]
            act.views = [FileView(act, file, position) for position, file in enumerate(shown, start=1)]
            act.corrected_by = corrections[act.pk]
            act.corrected = act.corrects if act.corrects is not None and act.corrects.live else None
        return records

    def position(self, record: Act) -> Position | None:
        """That of what it decides on."""
        if record.longitude is None or record.latitude is None:
            return None
        return Position(record.longitude, record.latitude)

    def lines(self, record: Act) -> list[str]:
        """What it is, who decided it when, and how."""
        origin = presentation.origin_words(record)
        title = presentation.heading(record)
        return [line for line in (f"{title} · {origin}" if origin else title, presentation.vote_words(record)) if line]

    def list_facts(self, records: Sequence[Act], request: HttpRequest) -> dict[str, Any]:
        """The organisation that is chosen: the completeness board begins with it."""
        return {"organisation": request.GET.get("organisation", "")}

    def facts(self, record: Act, request: HttpRequest) -> dict[str, Any]:
        """Its words, its files with their text, how to check them, what it costs and what came of it."""
        views = [
            FileView(view.act, view.file, view.position, selectors.published_pages(view.file)) for view in record.views
        ]
        online = record.first_published_at
        return {
            "heading": presentation.heading(record),
            "origin": presentation.origin_words(record),
            "vote": presentation.vote_words(record),
            "matter": presentation.matter_words(record.matter) if record.matter else "",
            "nature": presentation.NATURES.get(record.nature, record.nature),
            "transmission": presentation.transmission_words(record),
            "documents": views,
            "money": money_facts(record, actor_of(request.user)),
            "is_sealed": record.live and seal_of(record) is not None,
            "text": views[0] if views else None,
            "alike": alike(actor_of(request.user), record),
            "is_stated": record.kind in STATED,
            "until": presentation.online_until(timezone.localtime(online).date()) if online else "",
        }

    def as_whole_json(self, record: Act) -> dict[str, Any]:
        """The same with what it costs, what it decides on, what came of it."""
        return {**self.as_json(record), **money_as_json(record)}

    def json_ld(self, record: Act) -> dict[str, Any] | None:
        """schema.org/Legislation."""
        return schema_org.legislation(record, record.views, record.corrected)

    def as_json(self, record: Act) -> dict[str, Any]:
        """Its own columns, and its published files with their digests."""
        session = record.session if record.session is not None and record.session.live else None
        return {
            "kind": record.kind,
            "number": record.number,
            "date": record.date,
            "online_since": record.first_published_at,
            "session": session.slug if session else None,
            "assembly": session.assembly.name if session else None,
            "nature": record.nature,
            "matter": record.matter,
            "matter_name": presentation.matter_words(record.matter) if record.matter else "",
            "rapporteur": record.rapporteur,
            "signatory": record.signatory,
            "signatory_quality": record.signatory_quality,
            "outcome": record.outcome or None,
            "votes": {name: getattr(record, name) for name in VOTES},
            "transmission": record.transmission,
            "sent_on": record.sent_on,
            "received_on": record.received_on,
            "corrects": record.corrected.slug if record.corrected else None,
            "corrected_by": [act.slug for act in record.corrected_by],
            "documents": [_document(view) for view in record.views],
        }


VOTES = ("members", "present", "proxies", "votes_for", "votes_against", "abstentions", "is_unanimous")


def _document(view: FileView) -> dict[str, Any]:
    return {
        "title": view.title,
        "role": view.file.role,
        "url": canonical(view.address),
        "text_url": canonical(view.text_address),
        "media_type": view.file.published_type,
        "bytes": view.file.published_bytes,
        "sha256": view.file.published_digest,
        "pages": view.file.page_count,
        "unreadable_pages": view.file.unreadable_pages,
        "confidence": view.file.confidence,
    }


class SessionCollection(Collection):
    """Sittings online, the latest first."""

    kind = Session
    title = gettext_lazy("Séances")
    lead = gettext_lazy(
        "Les réunions des assemblées du territoire : ordre du jour, présents, votes, délibérations examinées."
    )
    facets: ClassVar[tuple[Facet, ...]] = (
        Facet(
            "organisation",
            gettext_lazy("Organisation"),
            "organisation__slug",
            choices=lambda: _remembered("organisation", SESSIONS, _organisations),
        ),
        Facet(
            "annee",
            gettext_lazy("Année"),
            "held_on",
            choices=lambda: _remembered("annee", SESSIONS, lambda query: _years(query, "held_on")),
            narrow=_in_year("held_on"),
        ),
        Facet("assemblee", gettext_lazy("Assemblée"), "assembly__name"),
    )
    sorts = (
        Sort("recentes", gettext_lazy("les plus récentes"), ("-held_on", "-id")),
        Sort("anciennes", gettext_lazy("les plus anciennes"), ("held_on", "id")),
    )
    periods = (
        Period("toutes", gettext_lazy("toutes les dates"), lambda: FOREVER),
        Period("avenir", gettext_lazy("à venir"), lambda: (timezone.now(), FOREVER[1])),
        Period("passees", gettext_lazy("passées"), lambda: (FOREVER[0], timezone.now())),
    )
    card_template = "deliberations/session_card.html"
    page_template = "deliberations/session.html"
    list_template = "deliberations/sessions.html"
    has_calendar = True
    order = 33

    def records(self, query: QuerySet[Session]) -> QuerySet[Session]:
        """With their assembly."""
        return query.select_related("assembly", "territory")

    def during(self, query: QuerySet[Session], start: datetime, end: datetime) -> QuerySet[Session]:
        """A sitting of today is still to come; it is past tomorrow."""
        if (start, end) == FOREVER:
            return query
        first, last = timezone.localtime(start).date(), timezone.localtime(end).date()
        return query.filter(held_on__gte=first, held_on__lt=last)

    def prepared(
        self, records: Sequence[Session], actor: Actor, territory: Territory | None = None
    ) -> Sequence[Session]:
        """Each with how many acts it led to."""
        counts = public.act_counts(records)
        for session in records:
            session.act_count = counts.get(session.pk, 0)
        return records

    def lines(self, record: Session) -> list[str]:
        """When, where, who was there."""
        return lines_of_sitting(record)

    def facts(self, record: Session, request: HttpRequest) -> dict[str, Any]:
        """Its agenda with the acts that came of it, its papers, who was there."""
        acts = public.acts_of_session(record)
        stated = [act for act in acts if act.kind in STATED]
        return {
            "when": when_words(record),
            "points": [
                (point, presentation.vote_words(point.act) if point.act else "")
                for point in public.agenda_of(record, stated)
            ],
            "proxies": [
                _("%(giver)s à %(taker)s") % {"giver": pair[0], "taker": pair[1]}
                for pair in record.proxy_names
                if len(pair) == 2
            ],
            "papers": [act for act in acts if act.kind not in STATED],
            "attendance": presentation.attendance_words(record),
            "is_coming": record.held_on >= timezone.localdate(),
        }

    def json_ld(self, record: Session) -> dict[str, Any] | None:
        """schema.org/Event."""
        return schema_org.sitting(event_of(record, public.point_titles([record])[record.pk]))

    def as_json(self, record: Session) -> dict[str, Any]:
        """Its own columns."""
        return {
            "assembly": record.assembly.name,
            "state": record.state,
            "held_on": record.held_on,
            "begins_at": record.begins_at,
            "location": record.location,
            "president": record.president,
            "secretary": record.secretary,
            "members": record.members,
            "present": record.present_names,
            "proxies": record.proxy_names,
            "absent": record.absent_names,
            "list_published_on": record.list_published_on,
            "acts": record.act_count,
        }

    def calendar(self, records: Iterable[Session], name: str) -> bytes:
        """iCalendar, each sitting with the address of its page."""
        return calendar_of(records, name)


ACTS = ActCollection()
SESSIONS = SessionCollection()
