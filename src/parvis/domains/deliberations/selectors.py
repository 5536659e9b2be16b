"""Reading acts, sittings and those elected, always through somebody's eyes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import QuerySet

from parvis.core.acts.model import Page
from parvis.core.redaction import Box
from parvis.domains.deliberations.models import Act, ActFile, Assembly, FileText, Official, Session, Suggestions
from parvis.domains.deliberations.rules import is_in_office
from parvis.hub.accounts.rules import Actor, organisations_open_to
from parvis.hub.records.selectors import managed_by, published


def published_acts() -> QuerySet[Act]:
    """Those online, the latest first, with their sitting and its assembly."""
    return published(Act).select_related("session", "session__assembly").order_by("-date", "-id")


def published_sessions() -> QuerySet[Session]:
    """Sittings online, the latest first."""
    return published(Session).select_related("assembly").order_by("-held_on", "-id")


def files_of(acts: Iterable[Act]) -> Mapping[int, list[ActFile]]:
    """The files of some acts by act, the act itself before its annexes: one question, whatever their number."""
    by_act: dict[int, list[ActFile]] = {act.pk: [] for act in acts}
    for file in ActFile.objects.filter(act__in=list(by_act)).order_by("position", "pk"):
        by_act[file.act_id].append(file)
    return {key: sorted(files, key=lambda file: file.role != ActFile.Role.MAIN) for key, files in by_act.items()}


def published_files(act: Act) -> list[ActFile]:
    """Those that readers are given of an act that is online."""
    return [file for file in files_of([act])[act.pk] if file.published]


def published_pages(file: ActFile) -> list[Page]:
    """The text of a file as it is published, words hidden; empty when nothing was read of it."""
    text = FileText.objects.filter(pk=file.pk).values_list("published_pages", flat=True).first()
    return [Page.from_json(row) for row in text or ()]


def officials_on(organisation_id: int, day: date | None) -> list[Official]:
    """Those in office on a day; all of them without one."""
    officials = Official.objects.filter(organisation=organisation_id)
    return [row for row in officials if day is None or is_in_office(row.since, row.until, day)]


def names_in_office(organisation_id: int, day: date | None) -> list[str]:
    """The names of those in office on a day."""
    return [official.full_name for official in officials_on(organisation_id, day)]


def act_of_key(key: int) -> Act | None:
    """An act for a job; None once it is gone."""
    return Act.objects.select_related("organisation", "session").filter(pk=key).first()


def file_of_key(key: int) -> ActFile | None:
    """A file for a job; None once it is gone."""
    return ActFile.objects.select_related("act", "act__organisation").filter(pk=key).first()


def assemblies_of(organisation_id: int) -> list[Assembly]:
    """The assemblies of an organisation, and who signs alone there."""
    return list(Assembly.objects.filter(organisation=organisation_id))


def sessions_managed_by(actor: Actor) -> QuerySet[Session]:
    """The sittings that the actor may change, the latest first."""
    return managed_by(Session, actor).select_related("assembly").order_by("-held_on", "-pk")


def to_confirm(actor: Actor) -> QuerySet[Act]:
    """Acts that wait for somebody to confirm what was read of them, by sitting and number."""
    waiting = managed_by(Act, actor).filter(live=False, confirmed_at=None, withdrawn_at=None)
    return waiting.order_by("organisation", "date", "session", "rank", "number", "pk")


def next_to_confirm(actor: Actor, act: Act) -> Act | None:
    """The one to confirm after another: of the same sitting first."""
    waiting = to_confirm(actor).exclude(pk=act.pk)
    if act.session_id:
        of_the_sitting = waiting.filter(session=act.session_id).first()
        if of_the_sitting is not None:
            return of_the_sitting
    return waiting.filter(organisation=act.organisation_id, act_files__reading=ActFile.Reading.READ).first()


def pages_of(file: ActFile) -> list[Page]:
    """The pages of a file as they were read; closed."""
    rows = FileText.objects.filter(pk=file.pk).values_list("pages", flat=True).first()
    return [Page.from_json(row) for row in rows or ()]


def last_page_of(file: ActFile) -> int:
    """The last page of a file as far as anybody could read; 0 when nobody could."""
    return file.page_count or len(pages_of(file))


def boxes_of(file: ActFile) -> list[Box]:
    """The rectangles that somebody drew on the pages of a file, to be hidden."""
    return [Box(**row) for row in file.spans.get("boxes", ())]


def suggestions_of(act: Act) -> Suggestions | None:
    """What rules read in an act; None before it was read."""
    return Suggestions.objects.filter(pk=act.pk).first()


def acts_of_session(session: Session) -> list[Act]:
    """The acts of a sitting, in their order, for who may change it."""
    acts = Act.objects.filter(session=session, withdrawn_at=None).select_related("organisation")
    return list(acts.order_by("rank", "number", "pk"))


def assemblies_managed_by(actor: Actor) -> QuerySet[Assembly]:
    """The assemblies that the actor may change."""
    rows = Assembly.objects.select_related("organisation")
    return rows if actor.everything else rows.filter(organisation__in=organisations_open_to(actor, "publish"))


def officials_managed_by(actor: Actor) -> QuerySet[Official]:
    """Those elected whom the actor may change."""
    rows = Official.objects.select_related("organisation")
    return rows if actor.everything else rows.filter(organisation__in=organisations_open_to(actor, "publish"))


def deposited_act(actor: Actor, key: int) -> Act | None:
    """An act that was deposited, for who may change it; None for the rest."""
    return managed_by(Act, actor).filter(pk=key).first()
