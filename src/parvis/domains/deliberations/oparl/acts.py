"""Acts as OParl tells them: Paper, with its files, its place and where it was examined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q

from parvis.domains.deliberations.models import Act, ActFile, ActLink, AgendaItem, Amount, Assembly
from parvis.domains.deliberations.oparl.documents import act_file, hides, place_of, texts_of
from parvis.domains.deliberations.oparl.people import Officials
from parvis.domains.deliberations.oparl.words import Thing, address, own, present
from parvis.domains.deliberations.selectors import files_of
from parvis.hub.addresses import absolute_url, without_prefix
from parvis.hub.records.rules import Status

ONLINE = Q(status=Status.PUBLISHED, withdrawn_at=None)
"""Acts that readers see."""
SIGNED_ALONE = (Act.Kind.DECISION, Act.Kind.ORDER)
OF_SITTINGS = (Act.Kind.MINUTES, Act.Kind.LIST, Act.Kind.AGENDA, Act.Kind.VERBATIM)
"""Documents that tell of a sitting: its files too."""


def online_acts() -> Any:
    """The acts that readers see, with what their files and papers say of them."""
    return Act.objects.filter(ONLINE).select_related("session", "organisation").order_by("pk")


def shown_files(acts: Sequence[Act]) -> dict[int, list[ActFile]]:
    """The published files of acts, by act."""
    return {key: [file for file in files if file.published] for key, files in files_of(acts).items()}


def web_address(record: Any) -> str:
    """The page of a record, on the main site."""
    return absolute_url(without_prefix(record.get_absolute_url()))


class Papers:
    """What is known around some acts: asked once for all of them."""

    def __init__(self, acts: Sequence[Act], *, texts: bool) -> None:
        keys = [act.pk for act in acts]
        organisations = {act.organisation_id for act in acts}
        self.files = shown_files(acts)
        files = [file for rows in self.files.values() for file in rows]
        placed = {act.pk for act in acts if act.places or act.latitude is not None}
        self.texts = texts_of(files if texts else [file for file in files if file.act_id in placed and hides(file)])
        self.with_texts = texts
        self.officials = Officials(organisations)
        self.amounts = _by_act(Amount.objects.filter(act__in=keys).order_by("pk"))
        self.items: dict[int, list[AgendaItem]] = defaultdict(list)
        seen = AgendaItem.objects.filter(act__in=keys, session__status=Status.PUBLISHED)
        for item in seen.select_related("session").order_by("session__held_on", "pk"):
            self.items[item.act_id or 0].append(item)
        self.related = _related(acts)
        self.executives = dict(
            Assembly.objects.filter(organisation__in=organisations, kind=Assembly.Kind.EXECUTIVE)
            .order_by("-pk")
            .values_list("organisation_id", "pk")
        )

    def things(self, act: Act) -> list[Thing]:
        """The Paper of an act, then what it is made of."""
        consultations = self._consultations(act)
        files = self._files(act)
        place = place_of(act, self.files[act.pk], self.texts)
        main = next((thing for thing, file in files if file.role == ActFile.Role.MAIN), None)
        others = [thing for thing, _file in files if thing is not main]
        facts = present(
            body=address("Body", act.organisation_id),
            name=act.title,
            reference=act.number,
            date=act.date and act.date.isoformat(),
            paperType=str(act.get_kind_display()).capitalize(),
            relatedPaper=[address("Paper", key) for key in sorted(self.related[act.pk])],
            mainFile=main and main.part(),
            auxiliaryFile=[thing.part() for thing in others],
            location=[place.part()] if place else [],
            originatorPerson=self._originator(act),
            originatorOrganization=self._organisation(act),
            consultation=[thing.part() for thing in consultations],
            keyword=[act.matter] if act.matter else [],
            web=web_address(act),
            **self._own(act),
        )
        paper = Thing("Paper", str(act.pk), facts, body=act.organisation_id, since=act.first_published_at)
        return [paper, *consultations, *(thing for thing, _file in files), *([place] if place else [])]

    def _files(self, act: Act) -> list[tuple[Thing, ActFile]]:
        meetings = [address("Meeting", act.session_id)] if act.kind in OF_SITTINGS and _sits(act) else []
        items = [address("AgendaItem", item.pk) for item in self.items[act.pk]]
        things = []
        for file in self.files[act.pk]:
            is_main = file.role == ActFile.Role.MAIN
            links = present(meeting=meetings, agendaItem=items if is_main else [])
            things.append((act_file(act, file, self.texts.get(file.pk, "") if self.with_texts else "", **links), file))
        return things

    def _consultations(self, act: Act) -> list[Thing]:
        """Where it was examined: each point of an agenda that names it, else the sitting that it says."""
        rows = [(f"{act.pk}-{item.pk}", item.session, item) for item in self.items[act.pk]]
        is_named = any(session.pk == act.session_id for _key, session, _item in rows)
        if act.session is not None and _sits(act) and act.kind not in OF_SITTINGS and not is_named:
            rows.append((str(act.pk), act.session, None))
        return [self._consultation(act, *row) for row in rows]

    @staticmethod
    def _consultation(act: Act, key: str, session: Any, item: AgendaItem | None) -> Thing:
        facts = present(
            agendaItem=item and address("AgendaItem", item.pk),
            meeting=address("Meeting", session.pk),
            organization=[address("Organization", session.assembly_id)],
            authoritative=act.outcome in (Act.Outcome.ADOPTED, Act.Outcome.REJECTED) if act.outcome else None,
            role="Décision" if act.outcome else "",
        )
        alone = {"paper": address("Paper", act.pk)}
        since = act.first_published_at
        return Thing("Consultation", key, facts, alone, act.organisation_id, session.assembly_id, since)

    def _originator(self, act: Act) -> list[str]:
        name = act.signatory if act.kind in SIGNED_ALONE else act.rapporteur
        official = self.officials.named(act.organisation_id, name, act.date)
        return [address("Person", official.pk)] if official else []

    def _organisation(self, act: Act) -> list[str]:
        if act.kind in SIGNED_ALONE:
            assembly = self.executives.get(act.organisation_id)
        else:
            assembly = act.session.assembly_id if act.session is not None and _sits(act) else None
        return [address("Organization", assembly)] if assembly else []

    def _own(self, act: Act) -> dict[str, Any]:
        votes = present(
            pour=act.votes_for,
            contre=act.votes_against,
            abstentions=act.abstentions,
            unanimite=act.is_unanimous,
            membresEnExercice=act.members,
            presents=act.present,
            pouvoirs=act.proxies,
        )
        return own(
            adressePermanente=web_address(act),
            natureDocument=act.kind,
            nature=act.nature,
            matiere=act.matter,
            issue=act.outcome,
            vote=votes,
            rapporteur=act.rapporteur,
            signataire=present(nom=act.signatory, qualite=act.signatory_quality),
            montants=[_amount(row) for row in self.amounts[act.pk]],
            exerciceBudgetaire=act.budget_year,
            budget=act.budget_name,
            teletransmission=act.transmission,
            recuEnPrefectureLe=act.received_on and act.received_on.isoformat(),
            corrige=address("Paper", act.corrects_id) if act.corrects_id in self.related[act.pk] else "",
            suites=act.execution,
        )


def things_of_acts(keys: Iterable[int], *, texts: bool) -> dict[int, list[Thing]]:
    """What is told of acts, by act, the Paper first; nothing of those that are not online."""
    acts = list(online_acts().filter(pk__in=list(keys)))
    papers = Papers(acts, texts=texts)
    return {act.pk: papers.things(act) for act in acts}


def _sits(act: Act) -> bool:
    return act.session is not None and act.session.status == Status.PUBLISHED


def _related(acts: Sequence[Act]) -> Mapping[int, set[int]]:
    """The other acts that each corrects, that correct it, or that it names, as far as they are online.

    Whether they are is asked last, of few: asked together, the database reads every act that is online.
    """
    keys = [act.pk for act in acts]
    links = ActLink.objects.filter(act__in=keys, other__isnull=False).order_by().values_list("act_id", "other_id")
    corrections = Act.objects.filter(corrects__in=keys).order_by().values_list("corrects_id", "pk")
    pairs = [*links, *corrections, *((act.pk, act.corrects_id) for act in acts)]
    others = {other for _act, other in pairs if other}
    online = set(Act.objects.filter(ONLINE, pk__in=others).order_by().values_list("pk", flat=True))
    related: dict[int, set[int]] = defaultdict(set)
    for act, other in pairs:
        if other in online:
            related[act or 0].add(other)
    return related


def _by_act(rows: Iterable[Any]) -> dict[int, list[Any]]:
    by_act = defaultdict(list)
    for row in rows:
        by_act[row.act_id].append(row)
    return by_act


def _amount(row: Amount) -> dict[str, Any]:
    return present(
        euros=row.cents / 100,
        objet=row.purpose,
        precision=row.words,
        chapitre=row.chapter,
        beneficiaire=row.beneficiary,
    )
