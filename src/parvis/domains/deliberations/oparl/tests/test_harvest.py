"""Objects are those of the specification, every address leads to what it should, and harvesting changes is harvesting everything."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from parvis.domains.deliberations.factories import add_file, make_act, make_assembly, make_session
from parvis.domains.deliberations.models import (
    Act,
    ActFile,
    ActLink,
    AgendaItem,
    Amount,
    Assembly,
    FileText,
    Official,
    Session,
)
from parvis.domains.deliberations.online.publishing import withdraw_act
from parvis.domains.deliberations.oparl import ledger
from parvis.domains.deliberations.oparl.tests.harvester import Harvester
from parvis.domains.deliberations.oparl.tests.specification import NAMESPACE, check
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.records import services as records

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """The hour of the ledger, which moves when it is moved."""
    hour = SimpleNamespace(now=datetime(2026, 11, 1, 8, tzinfo=UTC))
    monkeypatch.setattr(ledger, "timezone", SimpleNamespace(now=lambda: hour.now))
    return hour


@pytest.fixture
def commune(home):
    """A commune with a council, a commission, a mayor, three of whom one left, and a sitting of everything."""
    organisation = make_organisation(siren="219102281", website="https://exemple.fr/", email="mairie@exemple.fr")
    council = make_assembly(organisation, members=5)
    make_assembly(organisation, "Commission des finances", kind=Assembly.Kind.COMMISSION)
    make_assembly(organisation, "Maire", kind=Assembly.Kind.EXECUTIVE, members=None)
    for first, family, until in (("Camille", "Durand", None), ("Noé", "Lê", None), ("Ève", "Martin", date(2024, 1, 1))):
        since = date(2020, 5, 25)
        Official.objects.create(
            organisation=organisation, given_name=first, family_name=family, quality="Élu", since=since, until=until
        )
    session = make_session(
        council,
        begins_at=time(18, 30),
        location="Salle du conseil",
        present_names=["Mme DURAND Camille", "Noé Lê", "Ève Martin", "Inconnue"],
    )
    full_act(organisation, session, number="2026-001")
    make_act(organisation, "Procès-verbal", session=session, kind=Act.Kind.MINUTES, number="PV1")
    make_act(organisation, "Arrêté de circulation", kind=Act.Kind.ORDER, nature="AR", signatory="Noé Lê")
    return SimpleNamespace(organisation=organisation, council=council, session=session)


def full_act(organisation, session, **extra):
    act = make_act(
        organisation,
        session=session,
        rapporteur="Noé Lê",
        votes_for=17,
        votes_against=0,
        places=["12 rue de la Paix"],
        latitude=48.6,
        longitude=2.3,
        **extra,
    )
    AgendaItem.objects.create(session=session, act=act, number="1", title=act.title)
    add_file(act, role=ActFile.Role.ANNEX, title="Plan")
    Amount.objects.create(act=act, cents=1_250_000, purpose="expense", beneficiary="SARL Toit")
    return act


def test_every_object_is_as_the_specification_says_and_every_address_leads_to_it(commune, client):
    harvester = Harvester(client).harvest()
    kinds = {row["type"].removeprefix(NAMESPACE) for row in harvester.objects.values()}
    assert kinds == {
        *("Body", "Organization", "Person", "Membership", "Meeting", "AgendaItem", "Paper", "Consultation"),
        *("File", "Location", "LegislativeTerm"),
    }
    for address, kind in harvester.links:
        answer = harvester.get(address)
        if kind.startswith("list "):
            harvester.listed(address, kind.removeprefix("list "))
        else:
            assert answer["id"] == address
            check(answer, kind[1:])
    for address, row in harvester.objects.items():
        assert harvester.get(address) == row, "alone and in its list, an object is the same"


def test_a_term_begins_when_half_of_the_seats_are_taken(commune, client):
    Official.objects.create(organisation=commune.organisation, family_name="Petit", since=date(2023, 1, 1))
    harvester = Harvester(client).harvest()
    (term,) = [row for row in harvester.objects.values() if row["type"].endswith("/LegislativeTerm")]
    assert (term["name"], term["startDate"]) == ("Conseil municipal : mandat commencé en 2020", "2020-05-25")
    assert "endDate" not in term, "one of them left, others stay"


def test_a_sitting_tells_its_agenda_its_minutes_and_who_was_there(commune, client):
    harvester = Harvester(client).harvest()
    (meeting,) = [row for row in harvester.objects.values() if row["type"].endswith("/Meeting")]
    assert meeting["start"] == "2026-01-15T18:30:00+01:00"
    assert meeting["meetingState"] == "durchgeführt"
    assert meeting["cancelled"] is False
    assert [harvester.objects[address]["name"] for address in meeting["participant"]] == ["Camille Durand", "Noé Lê"]
    assert meeting["resultsProtocol"]["name"] == "Procès-verbal"
    (item,) = meeting["agendaItem"]
    assert (item["order"], item["result"], item["public"]) == (1, "Adoptée", True)
    alone = harvester.get(item["id"])
    assert alone["resolutionText"].startswith("Après en avoir délibéré, à l’unanimité")


def test_an_act_tells_its_votes_its_money_and_its_permanent_address(commune, client):
    harvester = Harvester(client).harvest()
    papers = {row["parvis:natureDocument"]: row for row in harvester.objects.values() if row["type"].endswith("/Paper")}
    paper = papers["deliberation"]
    assert (paper["reference"], paper["date"], paper["paperType"]) == ("2026-001", "2026-01-15", "Délibération")
    assert paper["parvis:vote"] == {"pour": 17, "contre": 0}
    assert paper["parvis:montants"] == [{"euros": 12500.0, "objet": "expense", "beneficiaire": "SARL Toit"}]
    assert paper["parvis:adressePermanente"] == paper["web"]
    assert paper["web"].endswith("/deliberations/219102281-20260115-2026-001-de/")
    assert [harvester.objects[address]["name"] for address in paper["originatorPerson"]] == ["Noé Lê"]
    assert paper["location"][0]["geojson"]["geometry"] == {"type": "Point", "coordinates": [2.3, 48.6]}
    assert harvester.get(paper["mainFile"]["id"])["text"].startswith("EXTRAIT DU REGISTRE")
    assert [file["name"] for file in paper["auxiliaryFile"]] == ["Plan"]
    order = papers["order"]
    assert harvester.objects[order["originatorOrganization"][0]]["name"] == "Maire"


def publish_one(commune, dice):
    session = dice.choice([None, commune.session])
    make_act(commune.organisation, f"Acte {dice.random()}", session=session, rapporteur="Camille Durand")


def examine_one(commune, dice):
    if session := Session.objects.filter(live=True).order_by("?").first():
        full_act(commune.organisation, session)


def correct_one(commune, dice):
    act = dice.choice(list(Act.objects.filter(live=True)))
    make_act(commune.organisation, "Rectificatif", corrects=act)


def withdraw_one(commune, dice):
    """One that others name, when there is such a one."""
    acts = Act.objects.filter(live=True)
    withdraw_act(OPERATOR, dice.choice(list(acts.exclude(items=None)) or list(acts)), "privacy")


def move_the_agenda(commune, dice):
    item = AgendaItem.objects.order_by("?").first()
    if item is None:
        return
    item.act, item.title = dice.choice([None, *Act.objects.filter(live=True)]), f"Point {dice.random()}"
    item.save()
    if dice.random() < 0.4:
        item.delete()


def sit_again(commune, dice):
    session = make_session(commune.council, date(2026, 2, 1) + timedelta(days=dice.randrange(300)))
    AgendaItem.objects.create(session=session, title="Questions diverses")


def change_a_sitting(commune, dice):
    session = dice.choice(list(Session.objects.all()))
    act = dice.choice(["location", "names", "cancel", "withdraw", "publish", "delete"])
    if act == "withdraw":
        records.withdraw(OPERATOR, session)
    elif act == "publish":
        records.publish(OPERATOR, session)
    elif act == "delete" and not session.decided_acts.exists():
        records.delete(OPERATOR, session)
    else:
        new = {
            "location": {"location": f"Salle {dice.random()}"},
            "names": {"present_names": dice.sample(["Camille Durand", "Noé Lê", "Zoé Petit"], 2)},
        }.get(act, {"state": "cancelled"})
        records.update(OPERATOR, session, new, revision=session.revision)


def change_officials(commune, dice):
    official = Official.objects.filter(organisation=commune.organisation).order_by("?").first()
    act = dice.choice(["new", "rename", "delete", "leave"])
    if act == "new" or official is None:
        Official.objects.create(organisation=commune.organisation, given_name="Zoé", family_name="Petit")
    elif act == "rename":
        official.family_name = dice.choice(["Durand", "Lê", "Petit"])
        official.save()
    elif act == "leave":
        official.until = date(2025, 12, 31)
        official.save()
    else:
        official.delete()


def change_assemblies(commune, dice):
    if dice.random() < 0.5:
        make_assembly(commune.organisation, f"Bureau {dice.random()}", kind=dice.choice(Assembly.Kind.values))
        return
    assembly = Assembly.objects.filter(sessions=None).order_by("?").first()
    if assembly is not None and dice.random() < 0.5:
        assembly.delete()
    elif assembly is not None:
        assembly.kind = dice.choice(Assembly.Kind.values)
        assembly.save()


def add_to_an_act(commune, dice):
    acts = list(Act.objects.filter(live=True))
    act, other = dice.choice(acts), dice.choice(acts)
    Amount.objects.create(act=act, cents=dice.randrange(10**6))
    ActLink.objects.create(act=act, other=other if other != act else None, relation="act")
    add_file(act, ("Une page de plus",), role=ActFile.Role.ANNEX)


def read_again(commune, dice):
    text = FileText.objects.filter(file__act__live=True).order_by("?").first()
    text.published_pages = [{**text.published_pages[0], "text": f"Après en avoir délibéré {dice.random()}"}]
    text.save()


def rename_the_organisation(commune, dice):
    commune.organisation.name = f"Commune {dice.random()}"
    commune.organisation.save()


def begin_to_publish(commune, dice):
    other = make_organisation()
    make_assembly(other)
    act = make_act(other)
    if dice.random() < 0.5:
        withdraw_act(OPERATOR, act, "court")


CHANGES = (
    *(publish_one, examine_one, correct_one, withdraw_one, move_the_agenda, sit_again, change_a_sitting),
    *(change_officials, change_assemblies, add_to_an_act, read_again, rename_the_organisation, begin_to_publish),
)


@pytest.mark.parametrize("seed", [1, 2])
def test_harvesting_changes_gives_what_harvesting_everything_gives(commune, client, clock, seed):
    dice = random.Random(seed)
    harvester = Harvester(client, limit=3).harvest()
    for _round in range(6):
        since = clock.now.isoformat()
        clock.now += timedelta(minutes=dice.randrange(1, 90))
        for change in dice.sample(CHANGES, 4):
            change(commune, dice)
        harvester.harvest(since)
        clock.now += timedelta(minutes=1)
        assert harvester.objects == Harvester(client).harvest().objects


def test_what_did_not_change_is_not_harvested_again(commune, client, clock):
    Harvester(client).harvest()
    clock.now += timedelta(hours=1)
    since = clock.now.isoformat()
    commune.session.refresh_from_db()
    records.update(OPERATOR, commune.session, {"location": "Préau"}, revision=commune.session.revision)
    changed = Harvester(client).harvest(since)
    # The body itself is not there: a list is asked of each that changed.
    assert changed.objects == {}
    address = f"{settings.PARVIS['PARVIS_BASE_URL']}/oparl/v1.1/body/{commune.organisation.pk}"
    assert [row["location"]["description"] for row in changed.listed(f"{address}/meeting", "Meeting", since)] == [
        "Préau"
    ]
    assert changed.listed(f"{address}/paper", "Paper", since) == []


def test_a_change_is_dated_when_it_could_first_be_read(commune, client, clock):
    """Whoever harvests between the change and its being committed would else never hear of it."""
    act = Act.objects.filter(live=True).first()
    Harvester(client).harvest()
    Amount.objects.create(act=act, cents=100)
    clock.now += timedelta(hours=2)
    paper = Harvester(client).get(f"{settings.PARVIS['PARVIS_BASE_URL']}/oparl/v1.1/paper/{act.pk}")
    assert paper["modified"] == "2026-11-01T11:00:00+01:00"


def test_the_night_finds_what_was_written_past_the_signals(commune, client, clock):
    before = Harvester(client).harvest()
    clock.now += timedelta(hours=1)
    since = clock.now.isoformat()
    Official.objects.filter(family_name="Martin").update(quality="Conseillère")
    AgendaItem.objects.all()._raw_delete(using="default")
    Session.objects.filter(pk=commune.session.pk).update(location="Gymnase")
    ledger.reconcile()
    before.harvest(since)
    assert before.objects == Harvester(client).harvest().objects


def test_documents_of_a_sitting_are_harvested_and_go_with_it(commune, client, clock):
    harvester = Harvester(client).harvest()
    clock.now += timedelta(hours=1)
    since = clock.now.isoformat()
    document = commune.session.files.model(
        slug="convocation", title="Convocation", media_type="application/pdf", bytes=8
    )
    records.attach(OPERATOR, commune.session, document, ContentFile(b"%PDF-1.7", "convocation.pdf"))
    harvester.harvest(since)
    (file,) = [row for row in harvester.objects.values() if row.get("name") == "Convocation"]
    response = client.get(file["accessUrl"].removeprefix(settings.PARVIS["PARVIS_BASE_URL"]))
    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    records.detach(OPERATOR, commune.session, document)
    assert harvester.get(file["id"])["deleted"] is True
