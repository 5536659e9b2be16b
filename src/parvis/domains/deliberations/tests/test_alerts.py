"""Who query is told once, with the sentence that answers; nobody is told of what readers do not see."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from parvis.core.acts.model import Page
from parvis.domains.deliberations.factories import make_act, make_assembly
from parvis.domains.deliberations.finding.library import LIBRARY
from parvis.domains.deliberations.finding.query import ActQuery
from parvis.domains.deliberations.kinds import WATCH_AGENDA
from parvis.domains.deliberations.models import AgendaItem, FileText, Session, ToldOnce
from parvis.domains.deliberations.online.publishing import withdraw_act
from parvis.domains.deliberations.watching import services
from parvis.domains.deliberations.watching.agenda import answers, points_to_come
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.audit.models import Entry
from parvis.hub.fulltext.selectors import question_of, search_library
from parvis.hub.jobs.models import Job
from parvis.hub.notifications import outbox
from parvis.hub.notifications.models import Outgoing, Recipient, Subscription
from parvis.hub.notifications.services import confirm
from parvis.hub.records.services import create, publish
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db
ALERTS = "/deliberations/alertes/"
HERE = {"latitude": 48.6500, "longitude": 2.3900}
NEAR = {"latitude": 48.6515, "longitude": 2.3910}
FAR = {"latitude": 48.6600, "longitude": 2.3900}


@pytest.fixture
def commune(home, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25"}
    territory = Territory.objects.create(kind="commune", code="91286", name="Grigny", folded="grigny")
    return make_organisation("Grigny", siren="219102860", kind="commune", territory=territory)


def followed(email="habitante@exemple.fr", **fields) -> Subscription:
    """A confirmed alert."""
    pairs = list(fields.items())
    subscription = services.ask_alert("somebody", email, ActQuery.of_pairs(ANONYMOUS, pairs))
    outbox.post_due()
    confirm(subscription.key)
    mail.outbox.clear()
    subscription.refresh_from_db()
    return subscription


def sent() -> list[str]:
    """The mails of one more look, as text."""
    mail.outbox.clear()
    services.tell_everybody(lambda *_facts: None)
    outbox.post_due()
    return [letter.body for letter in mail.outbox]


def test_the_form_asks_the_mail_confirms_and_one_click_stops_and_erases_everything(commune, client):
    html = client.get(ALERTS, {"q": "ralentisseur"}).content.decode()
    assert "Vous suivrez : le mot « ralentisseur »" in html
    response = client.post(f"{ALERTS}?q=ralentisseur", {"email": "habitante@exemple.fr"})
    assert "Un courriel vous attend" in response.content.decode()
    assert Subscription.objects.get().confirmed is None
    outbox.post_due()
    link = re.search(r"https?://[^/]+(/\S+/confirmer/)", mail.outbox[-1].body)[1]
    assert "le mot « ralentisseur », sous toutes ses formes" in mail.outbox[-1].body
    client.post(link)
    make_act(commune, "Voirie", ["Article premier. Le conseil pose un ralentisseur rue du Port. Il remercie."])
    (text,) = sent()
    letter = mail.outbox[-1]
    assert "« Le conseil pose un ralentisseur rue du Port. »\n  (page 1 : http" in text
    assert "pose un <strong>ralentisseur</strong> rue du Port" in letter.alternatives[0].content
    stop = re.search(r"https?://[^/]+(/\S+/arreter/)", text)[1]
    assert ToldOnce.objects.exists()
    client.post(stop)
    assert not Recipient.objects.exists() and not ToldOnce.objects.exists()
    assert not Entry.objects.filter(details__icontains="habitante@").exists()


@pytest.mark.parametrize("email", ["", "pas une adresse"])
def test_what_is_no_address_is_said_and_what_was_typed_is_kept(commune, client, email):
    response = client.post(f"{ALERTS}?q=ralentisseur", {"email": email})
    assert response.status_code == 422 and "ralentisseur" in response.content.decode()
    assert not Subscription.objects.exists()


def test_an_act_is_told_once_to_an_address_whatever_its_alerts_and_the_looks(commune):
    followed(q="école")
    followed(q="toiture")
    followed(email="autre@exemple.fr", q="toiture")
    make_act(commune, pages=["La toiture de l’école."])
    assert len(sent()) == 2
    assert sent() == []
    make_act(commune, "Cantine", ["La cantine de l’école"])
    assert len(sent()) == 1


def test_what_was_online_before_the_yes_is_not_told(commune):
    make_act(commune, pages=["La toiture"])
    followed(q="toiture")
    assert sent() == []


def test_two_workers_tell_once(commune, monkeypatch):
    subscription = followed(q="toiture")
    make_act(commune, pages=["La toiture"])
    stale = Subscription.objects.select_related("recipient").get(pk=subscription.pk)
    services.tell_everybody(lambda *_facts: None)
    assert services._look(stale, []) is False
    key = services.New([int(ToldOnce.objects.get().target.removeprefix("act:"))], [])
    assert services._tell(stale, key, "") is False
    assert Outgoing.objects.count() == 1


def test_an_act_withdrawn_before_the_mail_leaves_is_not_told(commune):
    followed(q="toiture")
    act = make_act(commune, "Titreclos", ["La toiture corpsclos"])
    services.tell_everybody(lambda *_facts: None)
    withdraw_act(OPERATOR, act, "privacy")
    outbox.post_due()
    assert mail.outbox == []
    make_act(commune, "Brouillon", ["La toiture"], online=False)
    assert sent() == []


def test_what_is_hidden_is_neither_looked_for_nor_quoted(commune):
    followed(q="zanzibar")
    followed(email="b@exemple.fr", q="secours")
    act = make_act(commune, "Aide", ["Un secours est accordé à Madame ███."])
    read = Page(1, "Un secours est accordé à Madame Zanzibar corpsclos.").to_json()
    FileText.objects.filter(file__act=act).update(pages=[read])
    (text,) = sent()
    assert "Madame ███" in text and "corpsclos" not in text and "Zanzibar" not in text
    assert "Zanzibar" not in mail.outbox[0].alternatives[0].content


def test_a_mail_is_bounded_and_leads_to_the_rest(commune, monkeypatch):
    monkeypatch.setattr(services, "MOST_TOLD", 2)
    followed(q="toiture")
    for rank in range(5):
        make_act(commune, f"Acte {rank}", ["La toiture"])
    (text,) = sent()
    assert text.count("« La toiture »") == 2 and "Et 3 autres :" in text
    assert "/deliberations/recherche/?q=toiture&tri=ligne" in text
    assert sent() == []


def test_around_an_address_acts_near_it_and_those_that_name_its_street_are_told_and_it_is_said_which(commune, client):
    followed(autour="48.65,2.39", rayon="300")
    near = make_act(commune, "Près", ["rien"], **NEAR)
    make_act(commune, "Loin", ["rien"], **FAR)
    (text,) = sent()
    assert "Près" in text and "Loin" not in text and "À 182\u00a0m de l’adresse" in text
    followed(email="b@exemple.fr", autour="12 rue du Port, Grigny")
    make_act(commune, "Nommé", ["Travaux. La rue du Port sera refaite. Fin."])
    elsewhere = make_organisation("Évry", siren="219102281")
    make_act(elsewhere, "Autre commune", ["La rue du Port sera refaite."])
    make_act(elsewhere, "Voisine", ["À Grigny, la rue du Port sera refaite."])
    (text,) = sent()
    assert "Nommé" in text and "Voisine" in text and "Autre commune" not in text
    assert "Nomme « rue du Port »" in text and "« La rue du Port sera refaite. »" in text
    html = client.get("/deliberations/recherche/", {"autour": "48.65, 2.39"}).content.decode()
    assert near.get_absolute_url() in html and "Loin" not in html


def test_an_address_that_nobody_knows_is_refused(commune, client):
    response = client.post(f"{ALERTS}?autour=nulle+part", {"email": "a@exemple.fr"})
    assert response.status_code == 422 and "act-alert-address" in response.content.decode()


def coming(commune, *titles: str, online: bool = True) -> Session:
    """A sitting in five days, with its agenda."""
    session = Session(
        organisation=commune,
        assembly=make_assembly(commune),
        title="Conseil à venir",
        held_on=timezone.localdate() + timedelta(days=5),
        items=[AgendaItem(title=title, sort_order=rank) for rank, title in enumerate(titles)],
    )
    create(OPERATOR, session)
    return publish(OPERATOR, session) if online else session


def test_the_points_of_a_sitting_to_come_are_told_as_soon_as_it_is_online_and_once(commune):
    followed(q="piscine")
    session = coming(commune, "Vœux", "Tarifs de la piscine", online=False)
    services.tell_of_points(session.pk, lambda *_facts: None)
    assert not Outgoing.objects.exists()
    publish(OPERATOR, session)
    assert Job.objects.get(kind=WATCH_AGENDA).arguments == {"session": session.pk}
    services.tell_of_points(session.pk, lambda *_facts: None)
    outbox.post_due()
    (letter,) = mail.outbox
    assert "Tarifs de la piscine" in letter.body and "Vœux" not in letter.body
    assert "Tarifs de la <strong>piscine</strong>" in letter.alternatives[0].content
    assert sent() == []
    act = make_act(commune, "Tarifs de la piscine", ["La piscine coûte 3 euros."])
    assert act.get_absolute_url() in sent()[0]


def test_points_answer_by_their_title_their_organisation_and_their_street(commune):
    coming(commune, "Réfection de la rue du Port")
    points = points_to_come()
    for fields, is_told in (
        ({"q": "rue du port"}, True),
        ({"autour": "3 rue du Port, Grigny"}, True),
        ({"organisation": commune.slug}, True),
        ({"organisation": "evry"}, False),
        ({"q": "port", "matiere": "8.3"}, False),
        ({"q": "port", "min": "10"}, False),
        ({"q": "port", "au": "2026-01-01"}, False),
        ({"autour": "48.65,2.39"}, False),
        ({"autour": "nulle part"}, False),
    ):
        query = ActQuery.of_pairs(ANONYMOUS, list(fields.items()))
        assert bool(services.answering(query, points)) is is_told, fields


def test_a_title_answers_as_the_index_would_say(commune):
    title = "Tarifs de la piscine"
    act = make_act(commune, title, [""], number="7")
    for typed, is_answer in (
        ("tarif piscine", True),
        ('"tarifs de la piscine"', True),
        ("piscine -tarif", False),
        ("cantine OU piscine", True),
        ("tarif PRES/1 piscine", True),
        ("objet:piscine", True),
        ("numero:piscine", False),
        ("-cantine", True),
    ):
        assert answers(question_of(LIBRARY, typed), title) is is_answer, typed
        query = ActQuery.of_pairs(ANONYMOUS, [("q", typed)])
        result = search_library(ANONYMOUS, LIBRARY, query.request(within=frozenset({act.pk})))
        assert bool(result.total) is is_answer, typed


def test_what_was_asked_on_the_site_of_a_commune_is_told_of_that_commune_at_its_addresses(commune, client):
    make_site(OPERATOR, commune.territory, "grigny.exemple.fr", parent=main_site(), prefix="grigny")
    client.post(f"/grigny{ALERTS}?q=toiture", {"email": "a@exemple.fr"})
    confirm(Subscription.objects.get().key)
    Outgoing.objects.all().delete()
    make_act(make_organisation("Évry", siren="219102281"), "Ailleurs", ["La toiture"])
    act = make_act(commune, "Ici", ["La toiture"], date=date(2026, 2, 1))
    (text,) = sent()
    assert f"/grigny/deliberations/{act.slug}/" in text and "Ailleurs" not in text
