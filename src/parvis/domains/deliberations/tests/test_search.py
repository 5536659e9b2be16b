"""Acts are searched by what they say; what readers do not see is found by no door."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.core.acts.model import Method, Page
from parvis.domains.deliberations.factories import add_file, make_act, make_assembly, make_session
from parvis.domains.deliberations.finding import results
from parvis.domains.deliberations.finding.library import LIBRARY
from parvis.domains.deliberations.finding.query import ActQuery
from parvis.domains.deliberations.models import Act, ActFile, Amount, FileText
from parvis.domains.deliberations.online.publishing import withdraw_act
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.fulltext import index
from parvis.hub.fulltext.writing import write_changes
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.territories.models import Territory
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db
SEARCH, FEED, API = (
    "/deliberations/recherche/",
    "/deliberations/recherche/flux.atom",
    "/api/parvis/v1/deliberations/recherche",
)


@pytest.fixture
def commune(home):
    return make_organisation("Grigny", siren="219102860", kind="commune")


def page(client, **fields) -> str:
    write_changes()
    response = client.get(SEARCH, fields)
    assert response.status_code == 200
    return tight(response.content.decode())


def titles(client, **fields) -> list[str]:
    write_changes()
    response = client.get(SEARCH, fields)
    return [shown.act.title for shown in response.context["acts"]]


def test_a_word_of_the_second_page_is_found_marked_and_leads_to_that_page_of_the_file_and_of_the_text(commune, client):
    act = make_act(commune, pages=["Séance du 15 janvier", "Le conseil approuve la pose de ralentisseurs rue du Port."])
    html = page(client, q="ralentisseur")
    assert "pose de <mark>ralentisseurs</mark> rue du Port" in html
    assert f'href="{act.get_absolute_url()}fichiers/1/#page=2"' in html
    assert f'href="{act.get_absolute_url()}texte/1/?page=2#page-2"' in html
    assert "le mot « ralentisseur », sous toutes ses formes" in html


def test_a_page_of_an_annex_leads_to_the_annex(commune, client):
    act = make_act(commune, pages=["un", "deux"])
    add_file(act, ["trois", "le plan des jonquilles"], ActFile.Role.ANNEX, position=1)
    assert f'href="{act.get_absolute_url()}fichiers/2/#page=2"' in page(client, q="jonquilles")


def test_everything_that_may_be_typed_in_the_form_means_what_its_labels_say(commune, client):
    make_act(commune, "A", ["avis favorable sur la cantine"])
    make_act(commune, "B", ["avis très favorable sur la piscine"])
    make_act(commune, "C", ["subvention au club de judo"])
    assert titles(client, exact="avis favorable") == ["A"]
    assert titles(client, q="favorable", sans="cantine") == ["B"]
    assert set(titles(client, un="cantine judo")) == {"A", "C"}
    assert titles(client, q="subvention PRES/3 judo") == ["C"]
    assert titles(client, q="objet:b") == ["B"]
    assert titles(client, q="favorable -cantine OU") == ["B"]


def test_facets_of_several_values_dates_and_amounts_narrow_and_are_counted_as_if_they_were_not_there(commune, client):
    other = make_organisation("Évry", siren="219102281")
    grant = make_act(commune, "A", matter="7.5", date=date(2025, 3, 1))
    make_act(commune, "B", matter="7.1", date=date(2026, 3, 1), outcome=Act.Outcome.REJECTED)
    make_act(other, "C", matter="1.1", date=date(2026, 5, 1))
    Amount.objects.create(act=grant, cents=1_250_000)
    Amount.objects.create(act=grant, cents=50)
    assert titles(client, matiere=["7.5", "1.1"], tri="recentes") == ["C", "A"]
    assert titles(client, matiere="7", tri="anciennes") == ["A", "B"]
    assert titles(client, du="2025-03-01", au="2025-12-31") == ["A"]
    assert titles(client, min="12 500,50", max="12 500,50 €") == ["A"]
    assert titles(client, min="12 500,51") == []
    assert titles(client, organisation=other.slug) == ["C"]
    assert titles(client, issue="rejected") == ["B"]
    html = page(client, matiere="7.5")
    assert "7.5 Subventions" in html and "7.1 D" in html
    write_changes()
    counts = {
        row["value"]: row["count"]
        for facet in client.get(API, {"annee": "2025"}).json()["facets"]
        for row in facet["values"]
    }
    assert counts["2025"] == 1 and counts["2026"] == 2


def test_nonsense_in_the_address_is_said_beside_its_field_and_breaks_nothing(commune, client):
    make_act(commune, "A")
    html = page(
        client,
        du="hier",
        min="beaucoup",
        max="1e999999",
        rayon="7",
        tri="x",
        page="0",
        annee="\0",
        q="\0\ud800"[:1] + '"',
    )
    assert 'id="id_du_error"' in html and 'aria-invalid="true"' in html
    assert "Cette date est avant la première." in page(client, du="2026-02-01", au="2026-01-01")
    assert page(client, page="999999")
    assert 'id="id_q_error"' in page(client, q="é" * 301)


def test_an_act_that_nobody_could_read_is_said_and_reached(commune, client):
    make_act(commune, "Lisible", ["toiture"])
    scan = make_act(commune, "Illisible", [""])
    partly = make_act(commune, "En partie", ["toiture", ""])
    for act, pages in (
        (scan, [Page(1, "", Method.UNREADABLE)]),
        (partly, [Page(1, "toiture"), Page(2, "", Method.UNREADABLE)]),
    ):
        text = FileText.objects.get(file__act=act)
        text.published_pages = [row.to_json() for row in pages]
        text.save()
    html = page(client, q="toiture", annee="2026")
    assert "1 acte ne se cherche pas par ses mots : il est illisible." in html
    assert "1 acte a des pages illisibles." in html
    assert f'href="{SEARCH}?annee=2026&amp;lecture=illisible"' in html
    assert titles(client, annee="2026", lecture="illisible") == ["Illisible"]
    assert "illisible." not in page(client, q="toiture", annee="2025")


def test_words_that_nothing_has_lead_to_others(commune, client):
    make_act(commune, pages=["La mediatheque municipale"])
    html = page(client, q="mediateque")
    assert "Aucun acte ne correspond" in html
    assert f'href="{SEARCH}?q=mediatheque"' in html


def test_acts_of_the_same_subject_are_on_the_page_of_an_act(commune, client):
    pool = [
        make_act(commune, f"Piscine {rank}", ["La piscine intercommunale et son bassin nordique"]) for rank in range(2)
    ]
    for rank in range(5):
        make_act(commune, f"Voirie {rank}", [f"Travaux de voirie rue numero {rank}"])
    write_changes()
    html = tight(client.get(pool[0].get_absolute_url()).content.decode())
    part = html[html.index("Actes du même sujet") :]
    assert "Piscine 1" in part and "Voirie" not in part


def test_the_list_and_the_search_of_the_portal_lead_to_the_search_of_texts(commune, client):
    make_act(commune, pages=["des jonquilles au printemps"])
    write_changes()
    assert f'<form class="record-filters no-print" action="{SEARCH}"' in tight(
        client.get("/deliberations/").content.decode()
    )
    html = tight(client.get("/recherche/", {"q": "jonquilles"}).content.decode())
    assert f'href="{SEARCH}?q=jonquilles"' in html
    assert "1 document a ces mots dans son texte" in html


def test_the_feed_tells_the_last_online_first_with_the_passage(commune, client):
    make_act(commune, "Ancien", ["un ralentisseur"])
    make_act(commune, "Récent", ["deux ralentisseurs rue du Port"])
    make_act(commune, "Autre", ["rien"])
    write_changes()
    feed = client.get(FEED, {"q": "ralentisseur"}).content.decode()
    assert feed.index("Récent") < feed.index("Ancien") and "Autre" not in feed
    assert "« deux ralentisseurs rue du Port » (page 1)" in feed
    assert FEED.replace(".atom", ".rss") in client.get(SEARCH, {"q": "ralentisseur"}).content.decode()
    rss = client.get(FEED.replace(".atom", ".rss"), {"q": "ralentisseur"})
    assert rss["Content-Type"].startswith("application/rss+xml")
    items = ElementTree.fromstring(rss.content).findall("channel/item")
    assert [item.findtext("title") for item in items] == ["Récent", "Ancien"]


def test_a_list_asks_as_much_of_the_database_whatever_its_length(commune):
    for rank in range(5):
        make_act(commune, f"Acte {rank}", ["toiture jonquille" if rank == 0 else "toiture"])
    write_changes()
    counts = []
    for words, total in (("toiture", 5), ("jonquille", 1)):
        with CaptureQueriesContext(connection) as queries:
            query = ActQuery.of_pairs(ANONYMOUS, [("q", words)])
            result = results.found_by(query, page=1, page_size=20)
            assert len(results.shown_acts(query, result.keys)) == total
            results.panels(query, result, SEARCH)
            results.silent_among(query, SEARCH)
        counts.append(len(queries))
    assert counts[0] == counts[1] < 15


def test_the_site_of_a_commune_finds_and_counts_its_own_acts(home, client):
    territory = Territory.objects.create(kind="commune", code="91286", name="Grigny", folded="grigny")
    make_site(OPERATOR, territory, "grigny.exemple.fr", parent=main_site(), prefix="grigny")
    make_act(make_organisation("Grigny", territory=territory), "Ici", ["toiture"], rapporteur="Ali")
    make_act(make_organisation("Évry"), "Ailleurs", ["toiture"], rapporteur="Zoé")
    write_changes()
    html = client.get(f"/grigny{SEARCH}", {"q": "toiture"}).content.decode()
    assert "Ici" in html and "Ailleurs" not in html and "Zoé" not in html
    assert set(titles(client, q="toiture")) == {"Ici", "Ailleurs"}


LIST = "/deliberations/"
DOORS = (SEARCH, FEED, API, "/recherche/", "/deliberations/alertes/", LIST, f"{LIST}flux.atom", f"{LIST}flux.rss")
SECRET = "zanzibarissime"


def doors(client, *more: str) -> dict[str, str]:
    """What each door answers to the planted word, without its echo of the question."""
    write_changes()
    answers = {}
    for door in (*DOORS, *more):
        for fields in ({"q": SECRET}, {"q": f"{SECRET[:-2]}e"}, {"exact": SECRET}, {"q": "toiture"}, {}):
            answers[f"{door} {fields}"] = client.get(door, fields).content.decode()
    return answers


def leaks(client, *words: str, more: tuple[str, ...] = ()) -> list[str]:
    """The doors that tell one of these words, which nobody typed."""
    return [door for door, text in doors(client, *more).items() if any(word in text for word in words)]


def test_a_draft_is_behind_no_door(commune, client):
    make_act(commune, f"Titreclos {SECRET}", [f"toiture {SECRET} corpsclos"], online=False, rapporteur="Nomclos")
    assert leaks(client, "Titreclos", "corpsclos", "Nomclos") == []
    assert client.get(API, {"q": SECRET}).json()["total_count"] == 0
    assert client.get(API, {"q": "zanzibarisime"}).json()["suggestion"] == ""


def test_a_withdrawn_act_is_behind_no_door_even_before_the_index_is_written(commune, client, monkeypatch):
    neighbour = make_act(commune, "Voisin", ["toiture commune"])
    act = make_act(commune, f"Titreclos {SECRET}", [f"toiture {SECRET} corpsclos"], rapporteur="Nomclos")
    write_changes()
    assert client.get(API, {"q": SECRET}).json()["total_count"] == 1
    shelves = index.opened(LIBRARY)
    monkeypatch.setattr(index, "opened", lambda library: shelves)  # no worker passes any more
    withdraw_act(OPERATOR, act, "privacy")
    answer = client.get(API, {"q": SECRET}).json()
    assert (answer["total_count"], answer["results"]) == (0, [])
    monkeypatch.undo()
    assert leaks(client, "Titreclos", "corpsclos", "Nomclos", more=(neighbour.get_absolute_url(),)) == []


def test_what_is_hidden_in_the_published_text_is_behind_no_door(commune, client):
    session = make_session(make_assembly(commune), present_names=["Camille Durand", "Nomclos Martin"])
    act = make_act(commune, "Secours", ["toiture, Madame ███ ; présents : Camille Durand, ███"], session=session)
    file = act.act_files.get()
    FileText.objects.filter(file=file).update(
        pages=[Page(1, f"toiture, Madame {SECRET} corpsclos, Nomclos Martin").to_json()]
    )
    file.spans = {"words": [SECRET]}
    file.save()
    assert leaks(client, "corpsclos", "Nomclos") == []
    assert client.get(API, {"q": SECRET}).json()["total_count"] == 0
    people = {
        row["value"]
        for facet in client.get(API, {"personne": "Camille Durand"}).json()["facets"]
        for row in facet["values"]
    }
    assert "Camille Durand" in people and "Nomclos Martin" not in people
