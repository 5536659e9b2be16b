"""The sittings and acts of the demonstration: examples, which say so, and go the way of every act from the deposit to the seal.

Their PDF are set from the words of the pack; they are read, confirmed, prepared and published by the services. What was loaded
before stays as it is; the days of the pack are counted from the day of the load.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from parvis.core.acts.model import Page
from parvis.core.acts.page_pictures import page_picture
from parvis.core.acts.papers.printing import day_words
from parvis.core.acts.typeset import typeset_text
from parvis.core.acts.typeset.setting import DISK, MEMORY, SECONDS
from parvis.core.children import Permits, call
from parvis.core.redaction import MARK
from parvis.core.typesetting import FONTS, set_page
from parvis.domains.deliberations.demo_texts import Sitting, act_lines, minutes_lines, title_of
from parvis.domains.deliberations.deposit.confirming import confirm
from parvis.domains.deliberations.deposit.reading import read_file
from parvis.domains.deliberations.deposit.receiving import add_annex, deposit_act
from parvis.domains.deliberations.models import Act, ActFile, AgendaItem, Assembly, Session
from parvis.domains.deliberations.money.rules import AmountFacts
from parvis.domains.deliberations.money.services import add_step, link_dataset, set_amounts
from parvis.domains.deliberations.online.preparing import prepare_act
from parvis.domains.deliberations.online.publishing import begin_correction, publish_act, publish_session, withdraw_act
from parvis.domains.deliberations.people import save_assembly, save_official
from parvis.domains.deliberations.rules import NATURE_OF_KIND
from parvis.domains.deliberations.selectors import files_of
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.selectors import organisations
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.packs.site_creation import start_organisations
from parvis.hub.publications.declaration import portal_publisher
from parvis.hub.records.services import create, publish, update
from parvis.hub.territories.selectors import territories
from parvis.packs.bundled_files import demo_rows

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation

ASSEMBLY = "Conseil municipal (démonstration)"
QUALITY = "Maire (personnage inventé)"
CONVENED = timedelta(days=7)
LISTED = timedelta(days=4)
NEXT = timedelta(days=18)
"""From the day when the demonstration is loaded to the next sitting."""
SCAN_WIDTH = 1_240
"""A page scanned at 150 dots an inch."""
SCAN = Path(__file__).resolve().with_name("demo_scan.typ")


def load_demo() -> None:
    """Publish the sittings and acts of the pack that are missing."""
    pack = demo_rows("deliberations")
    with _workshop() as workshop:
        for row in pack["communes"]:
            organisation = _organisation(row["code"])
            if organisation is not None:
                _Commune(pack["note"], row, organisation, workshop).load()


def _organisation(code: str) -> Organisation | None:
    """The commune of that code; without territories, whoever publishes the portal."""
    commune = territories("commune").filter(code=code).first()
    if commune is None:
        return portal_publisher()
    start_organisations(OPERATOR, [commune])
    return organisations().filter(territory=commune).order_by("pk").first()


@dataclass(frozen=True, slots=True)
class _Workshop:
    """Sets papers in a folder of its own."""

    folder: Path

    def paper(self, title: str, lines: list[str]) -> bytes:
        """A PDF of these lines."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            page = Page(1, "\n".join(lines))
            return typeset_text([page], Path(folder), FONTS, title=title, mark=MARK, name=title).read_bytes()

    def scan(self, paper: bytes) -> bytes:
        """The first page of a PDF as a scanner gives it: a picture, no text."""
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            source, scratch, folder = Path(name, "paper.pdf"), Path(name, "drawn"), Path(name, "set")
            scratch.mkdir()
            folder.mkdir()
            source.write_bytes(paper)
            (folder / "page.json").write_text("{}", encoding="utf-8")
            (folder / "page.webp").write_bytes(page_picture(source, source.name, scratch, 1, SCAN_WIDTH))
            permits = Permits(source.name, (SCAN, FONTS), (folder,), SECONDS, MEMORY, DISK)
            call(set_page, folder, SCAN, FONTS, permits=permits)
            return (folder / "page.pdf").read_bytes()


@contextmanager
def _workshop() -> Iterator[_Workshop]:
    with tempfile.TemporaryDirectory(prefix="demo-", dir=process_folder()) as folder:
        yield _Workshop(Path(folder))


class _Commune:
    """One commune of the pack, being loaded: what is there already, since a former load was stopped or is over, is left."""

    def __init__(self, note: str, pack: Mapping[str, Any], organisation: Organisation, workshop: _Workshop) -> None:
        self._note, self._pack, self._organisation, self._workshop = note, pack, organisation, workshop
        self._today = timezone.localdate()
        self._names = [f"{first_name} {last_name}" for first_name, last_name, _quality in pack["officials"]]

    def load(self) -> None:
        """Those elected, the sittings, what the mayor signs, the sitting to come."""
        assembly = Assembly.objects.filter(organisation=self._organisation, name=ASSEMBLY).first()
        if assembly is None:
            facts = {"organisation": self._organisation, "name": ASSEMBLY, "kind": Assembly.Kind.COUNCIL}
            with transaction.atomic():
                assembly = save_assembly(
                    OPERATOR, None, {**facts, "members": len(self._names), "meetings_a_year": 4, "is_open": True}
                )
                self._elect()
        sessions = [self._session(assembly, rank, row) for rank, row in enumerate(self._pack["sessions"], start=1)]
        for session, row in zip(sessions, self._pack["sessions"], strict=True):
            self._hold(session, row, sessions)
        for row in self._pack["signed"]:
            self._act(row, self._today + timedelta(days=row["days"]))
        coming = {"days": NEXT.days, "begins_at": "19:00", "location": "Hôtel de ville", "acts": []}
        publish(OPERATOR, self._session(assembly, 0, coming))

    def _elect(self) -> None:
        for first_name, last_name, quality in self._pack["officials"]:
            facts = {"organisation": self._organisation, "given_name": first_name, "family_name": last_name}
            save_official(OPERATOR, None, {**facts, "quality": quality, "signs": quality == "Maire"})

    def _session(self, assembly: Assembly, rank: int, row: Mapping[str, Any]) -> Session:
        """A sitting as it was convened; that of a former load when there is one."""
        slug = f"demonstration-{self._pack['code']}-{rank}"
        session = Session.objects.filter(slug=slug).first()
        if session is not None:
            return session
        day = self._today + timedelta(days=row["days"])
        session = Session(
            organisation=self._organisation,
            assembly=assembly,
            slug=slug,
            title=f"{ASSEMBLY} du {day_words(day)}",
            held_on=day,
            begins_at=time.fromisoformat(row["begins_at"]),
            location=row["location"],
            convened_on=day - CONVENED,
            state=Session.State.HELD if row["acts"] else Session.State.PLANNED,
            members=len(self._names),
        )
        session.items = [
            AgendaItem(number=str(number), title=title_of(act), sort_order=number)
            for number, act in enumerate(row["acts"], start=1)
        ]
        return create(OPERATOR, session)

    def _hold(self, session: Session, row: Mapping[str, Any], sessions: Sequence[Session]) -> None:
        """Publish what a sitting decided, then its page with who was there."""
        if session.live:
            return
        givers = {giver: self._names[holder] for giver, holder in row["proxies"]}
        away = {*row["absent"], *givers}
        sitting = Sitting(
            day=session.held_on,
            convened_on=session.held_on - CONVENED,
            members=len(self._names),
            present=len(self._names) - len(away),
            proxies=len(givers),
            president=self._names[0],
            secretary=self._names[-1],
            location=row["location"],
        )
        decided = [{**act, "speaker": self._names[act["rapporteur"]]} for act in row["acts"]]
        for rank, act in enumerate(decided):
            self._act({**act, "rank": rank}, session.held_on, session, sitting)
        if "approved_by" in row:
            self._minutes(session, sitting, decided, len(row["absent"]))
        session.refresh_from_db()
        changes = {
            "president": self._names[0],
            "secretary": self._names[-1],
            "present_names": [name for rank, name in enumerate(self._names) if rank not in away],
            "proxy_names": [[self._names[giver], holder] for giver, holder in givers.items()],
            "absent_names": [self._names[rank] for rank in row["absent"]],
            "minutes_approved_on": sessions[row["approved_by"]].held_on if "approved_by" in row else None,
        }
        # Its acts noted who sat.
        session.refresh_from_db(fields=["revision"])
        session = update(OPERATOR, session, changes, revision=session.revision)
        # As if its list had been put online in time: it is put online today.
        Session.objects.filter(pk=session.pk).update(list_published_on=session.held_on + LISTED)
        session.refresh_from_db()
        publish_session(OPERATOR, session)

    def _minutes(self, session: Session, sitting: Sitting, decided: Sequence[Mapping[str, Any]], absent: int) -> None:
        title = f"Procès-verbal de la séance du {day_words(session.held_on)}"
        lines = minutes_lines(self._note, self._pack["of"], sitting, decided, absent)
        row = {"title": title, "kind": "minutes", "rank": len(decided), "outcome": ""}
        self._deposit(f"PV-{session.slug}", row, lines, session.held_on, session)

    def _act(
        self, row: Mapping[str, Any], day: date, session: Session | None = None, sitting: Sitting | None = None
    ) -> Act:
        lines = act_lines(self._note, self._pack["of"], self._names[0], row, day, sitting)
        return self._deposit(row["number"], row, lines, day, session, sitting)

    def _deposit(
        self,
        name: str,
        row: Mapping[str, Any],
        lines: list[str],
        day: date,
        session: Session | None,
        sitting: Sitting | None = None,
    ) -> Act:
        """Have an act go its whole way; a load that is stopped leaves none on the way."""
        former = Act.objects.filter(organisation=self._organisation, act_files__name=f"{name}.pdf").first()
        if former is not None:
            return former
        paper = self._workshop.paper(row["title"], lines)
        if row.get("scan"):
            paper = self._workshop.scan(paper)
        with transaction.atomic():
            act = deposit_act(
                OPERATOR, self._organisation, f"{name}.pdf", ContentFile(paper, name=f"{name}.pdf"), session
            )
            if annex := row.get("annex"):
                paper = self._workshop.paper(annex["title"], [self._note, *annex["lines"]])
                add_annex(OPERATOR, act, f"{annex['title']}.pdf", ContentFile(paper, name="annexe.pdf"))
            for file in files_of([act])[act.pk]:
                read_file(OPERATOR, file)
            act.refresh_from_db()
            if not row.get("waits"):
                self._publish(act, row, day, session, sitting)
        return act

    def _publish(
        self, act: Act, row: Mapping[str, Any], day: date, session: Session | None, sitting: Sitting | None
    ) -> None:
        if number := row.get("corrects"):
            begin_correction(OPERATOR, Act.objects.get(organisation=self._organisation, number=number), act)
        changes = self._facts(row, day, session, sitting)
        annexes = [file for file in files_of([act])[act.pk] if file.role == ActFile.Role.ANNEX]
        titles = {file.pk: row["annex"]["title"] for file in annexes}
        act = confirm(OPERATOR, act, changes, row.get("hidden", []), revision=act.revision, titles=titles)
        prepare_act(OPERATOR, act)
        amounts = [AmountFacts(*amount) for amount in row.get("amounts", [])]
        set_amounts(OPERATOR, act, amounts)
        publish_act(OPERATOR, act)
        for state, days, text, evidence in row.get("steps", []):
            add_step(OPERATOR, act, state, max(day, self._today + timedelta(days=days)), text, evidence)
        dataset = datasets_visible_to(OPERATOR).filter(dataset_id=row.get("dataset", "")).first()
        if dataset is not None:
            link_dataset(OPERATOR, act, dataset)
        if reason := row.get("withdrawn"):
            withdraw_act(OPERATOR, act, reason)

    def _facts(
        self, row: Mapping[str, Any], day: date, session: Session | None, sitting: Sitting | None
    ) -> dict[str, Any]:
        """What a secretary confirms, whatever was read."""
        kind = row.get("kind", Act.Kind.DELIBERATION)
        is_signed = kind != Act.Kind.MINUTES
        latitude, longitude = row.get("at", (None, None))
        facts: dict[str, Any] = {
            "title": title_of(row),
            "kind": kind,
            "number": row.get("number", ""),
            "date": day,
            "session": session,
            "rank": row.get("rank", 0),
            "nature": NATURE_OF_KIND.get(kind, ""),
            "matter": row.get("matter", ""),
            "rapporteur": row.get("speaker", ""),
            "signatory": self._names[0] if is_signed else "",
            "signatory_quality": QUALITY if is_signed else "",
            "outcome": row.get("outcome", Act.Outcome.ADOPTED) if session else "",
            "places": row.get("places", []),
            "latitude": latitude,
            "longitude": longitude,
            **dict.fromkeys(("members", "present", "proxies", "votes_for", "votes_against", "abstentions")),
            "is_unanimous": None,
        }
        if row.get("budget"):
            facts |= {"budget_name": row["budget"], "budget_year": str(day.year)}
        return facts | (_vote(row, sitting) if sitting else {})


def _vote(row: Mapping[str, Any], sitting: Sitting) -> dict[str, Any]:
    """Who was there, and how they voted when they did."""
    facts = {"members": sitting.members, "present": sitting.present, "proxies": sitting.proxies}
    is_unanimous = bool(row.get("unanimous"))
    votes = row.get("votes", [sitting.present + sitting.proxies, 0, 0] if is_unanimous else None)
    if votes is None:
        return facts
    return {
        **facts,
        **dict(zip(("votes_for", "votes_against", "abstentions"), votes, strict=True)),
        "is_unanimous": is_unanimous,
    }
