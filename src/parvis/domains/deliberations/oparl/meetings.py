"""Sittings as OParl tells them: Meeting, with its agenda, its documents and its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from parvis.domains.deliberations.models import Act, ActFile, Session
from parvis.domains.deliberations.oparl.acts import OF_SITTINGS, online_acts, shown_files, web_address
from parvis.domains.deliberations.oparl.documents import act_file, location, resolution_of, session_file, texts_of
from parvis.domains.deliberations.oparl.people import Officials
from parvis.domains.deliberations.oparl.words import Thing, address, beginning, own, present
from parvis.hub.records.rules import Status
from parvis.hub.records.selectors import files_of as documents_of

PROTOCOLS = {Act.Kind.AGENDA: "invitation", Act.Kind.MINUTES: "resultsProtocol", Act.Kind.VERBATIM: "verbatimProtocol"}
"""What a document of a sitting is to it; others, and all but the first of each, are ``auxiliaryFile``."""


class Meetings:
    """What is known around some sittings: asked once for all of them."""

    def __init__(self, sessions: Sequence[Session], *, texts: bool) -> None:
        self.items = {session.pk: list(session.items.all()) for session in sessions}
        named = {item.act_id for rows in self.items.values() for item in rows if item.act_id}
        acts = list(online_acts().filter(pk__in=named))
        documents = list(online_acts().filter(session__in=sessions, kind__in=OF_SITTINGS).order_by("date", "pk"))
        self.acts = {act.pk: act for act in acts}
        self.documents: dict[int, list[Act]] = defaultdict(list)
        for act in documents:
            self.documents[act.session_id or 0].append(act)
        self.files = shown_files(list({act.pk: act for act in (*acts, *documents)}.values()))
        mains = [file for act in acts for file in self.files[act.pk] if file.role == ActFile.Role.MAIN]
        self.texts = texts_of(mains) if texts else {}
        self.officials = Officials({session.organisation_id for session in sessions})

    def things(self, session: Session) -> list[Thing]:
        """The Meeting of a sitting, then what it is made of."""
        items = [self._item(session, order, item) for order, item in enumerate(self.items[session.pk], start=1)]
        attached = [session_file(session, file) for file in documents_of(session)]
        body, assembly, since = session.organisation_id, session.assembly_id, session.first_published_at
        owner = ("meetings", address("Meeting", session.pk))
        place = location(f"seance-{session.pk}", owner, body, since, description=session.location)
        facts = present(
            name=session.title,
            meetingState=_state(session),
            cancelled=session.state == Session.State.CANCELLED,
            start=beginning(session.held_on, session.begins_at),
            location=place and place.part(),
            organization=[address("Organization", session.assembly_id)],
            participant=self._participants(session),
            **self._protocols(session, [thing.part() for thing in attached]),
            agendaItem=[thing.part() for thing in items],
            web=web_address(session),
            **own(
                etat=session.state,
                heureConnue=session.begins_at is not None,
                convoqueeLe=session.convened_on and session.convened_on.isoformat(),
                membresEnExercice=session.members,
                presidence=session.president,
                secretaire=session.secretary,
                procesVerbalArreteLe=session.minutes_approved_on and session.minutes_approved_on.isoformat(),
            ),
        )
        meeting = Thing("Meeting", str(session.pk), facts, {}, body, assembly, since)
        return [meeting, *items, *attached, *([place] if place else [])]

    def _item(self, session: Session, order: int, item: Any) -> Thing:
        act = self.acts.get(item.act_id)
        main = act and next((file for file in self.files[act.pk] if file.role == ActFile.Role.MAIN), None)
        facts = present(
            number=item.number,
            order=order,
            name=item.title,
            public=item.is_open,
            consultation=act and address("Consultation", f"{act.pk}-{item.pk}"),
            result=str(act.get_outcome_display()).capitalize() if act else "",
            resolutionFile=act_file(act, main).part() if act and main else None,
        )
        text = resolution_of(self.texts.get(main.pk, "")) if main else ""
        alone = present(meeting=address("Meeting", session.pk), resolutionText=text)
        return Thing("AgendaItem", str(item.pk), facts, alone, session.organisation_id, session.assembly_id)

    def _participants(self, session: Session) -> list[str]:
        if session.state != Session.State.HELD:
            return []
        names = session.present_names if isinstance(session.present_names, list) else []
        there = [self.officials.named(session.organisation_id, name, session.held_on) for name in names]
        return [address("Person", key) for key in dict.fromkeys(official.pk for official in there if official)]

    def _protocols(self, session: Session, others: list[dict[str, Any]]) -> dict[str, Any]:
        """The documents of a sitting under their properties."""
        protocols: dict[str, Any] = {}
        for act in self.documents[session.pk]:
            for file in self.files[act.pk]:
                name = PROTOCOLS.get(Act.Kind(act.kind), "") if file.role == ActFile.Role.MAIN else ""
                part = act_file(act, file).part()
                if name and name not in protocols:
                    protocols[name] = part
                else:
                    others = [*others, part]
        return present(**protocols, auxiliaryFile=others)


def things_of_sessions(keys: Iterable[int], *, texts: bool) -> dict[int, list[Thing]]:
    """What is told of sittings, by sitting, the Meeting first; nothing of those that are not online."""
    online = Session.objects.filter(pk__in=list(keys), status=Status.PUBLISHED)
    sessions = list(online.prefetch_related("items", "files").order_by("pk"))
    meetings = Meetings(sessions, texts=texts)
    return {session.pk: meetings.things(session) for session in sessions}


def _state(session: Session) -> str:
    """The words that the specification recommends: due, convened, held."""
    if session.state == Session.State.HELD:
        return "durchgeführt"
    return "eingeladen" if session.convened_on else "terminiert"
