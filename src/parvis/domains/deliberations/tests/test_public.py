"""What everybody sees of acts and sittings, in every form; what nobody sees."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, time

import icalendar
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from parvis.core.acts.model import DoubtfulWord, Method, Page
from parvis.core.errors import NotFound
from parvis.domains.deliberations.collection import ACTS, SESSIONS
from parvis.domains.deliberations.completeness import board
from parvis.domains.deliberations.factories import add_file, make_act, make_assembly, make_session
from parvis.domains.deliberations.models import Act, ActFile, AgendaItem, FileText, Session
from parvis.domains.deliberations.online.publishing import withdraw_act
from parvis.domains.deliberations.public import withdrawn_acts
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.collections.query import Query
from parvis.hub.collections.views import seen_at
from parvis.hub.records.selectors import published
from parvis.hub.sites.lens import Lens, looking_through
from parvis.hub.territories.models import Territory
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script></script><img src=x onerror=alert(2)> & « {{ record }} »"


@pytest.fixture
def commune(home):
    return make_organisation("Grigny", siren="219102860", kind="commune")


def _commune(code: str, name: str):
    territory, _made = Territory.objects.get_or_create(
        kind="commune", code=code, defaults={"name": name, "folded": name.lower()}
    )
    return make_organisation(name, territory=territory)


def body(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return tight(response.content.decode())


def json_ld(html: str) -> dict:
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])


def test_the_page_of_an_act_shows_what_the_law_asks(commune, client):
    session = make_session(make_assembly(commune))
    act = make_act(
        commune,
        session=session,
        number="2026-014",
        matter="7.5",
        transmission="091-219102860-20260115-2026-014-DE",
        received_on=date(2026, 1, 17),
        is_unanimous=True,
        present=15,
        proxies=2,
    )
    page = body(client, "/deliberations/219102860-20260115-2026-014-de/")
    file = act.act_files.get()
    for words in (
        "Délibération n°\u00a02026-014",
        "Conseil municipal, séance du 15\u00a0janvier\u00a02026",
        "Adoptée à l’unanimité des 17 votants (15 présents, 2 pouvoirs)",
        "Camille Durand, Maire",
        "Mis en ligne le",
        "En accès libre et gratuit",
        "Finances locales / Subventions (7.5)",
        "reçu le 17\u00a0janvier\u00a02026",
        "091-219102860-20260115-2026-014-DE",
        "PDF · ",
        "2 pages",
        file.published_digest,
        'id="page-2"',
        "approuve les travaux pour 12 500 €",
    ):
        assert words in page, words
    facts = json_ld(page)
    assert (facts["@type"], facts["legislationDate"]) == ("Legislation", "2026-01-15")
    assert facts["legislationResponsible"]["name"] == "Camille Durand"
    assert facts["encoding"][0]["sha256"] == file.published_digest
    assert facts["legislationPassedBy"]["name"] == "Conseil municipal"


def test_a_published_file_is_sent_whole_in_part_or_known_already_under_a_name_that_says_what_it_is(commune, client):
    act = make_act(commune, number="2026-014")
    file = act.act_files.get()
    address = f"{act.get_absolute_url()}fichiers/1/"
    response = client.get(address)
    content = b"".join(response.streaming_content)
    assert hashlib.sha256(content).hexdigest() == file.published_digest
    assert response["Content-Disposition"] == f'inline; filename="{act.slug}.pdf"'
    assert response["ETag"] == f'"sha256-{file.published_digest}"'
    part = client.get(address, headers={"range": "bytes=1-3"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, content[1:4])
    assert client.get(address, headers={"if-none-match": response["ETag"]}).status_code == 304
    assert client.head(address)["Content-Length"] == str(len(content))


def test_no_address_leads_to_the_original(commune, client):
    act = make_act(commune)
    file = act.act_files.get()
    with file.original.storage.open(file.original.name) as stream:
        original = stream.read()
    published = b"%PDF-1.7 redacted"
    file.published.save("publie.pdf", ContentFile(published))
    page = act.get_absolute_url()
    addresses = [
        f"{settings.MEDIA_URL}{file.original.name}",
        f"/{file.original.name}",
        f"{page}fichiers/0/",
        f"{page}fichiers/2/",
        f"{page}fichiers/{file.pk + 1_000}/",
        f"{page}{file.original.name}",
        f"{page}fichiers/{file.name}/",
        f"{page}fichiers/1/?original=1",
        page,
        f"{page}texte/1/",
        f"/api/parvis/v1/deliberations/{act.slug}",
    ]
    for address in addresses:
        response = client.get(address)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert original not in content, address
    assert b"".join(client.get(f"{page}fichiers/1/").streaming_content) == published


def test_drafts_are_shown_to_those_who_write_them_and_to_nobody_else(commune, client):
    act = make_act(commune, "Secret de brouillon", online=False)
    page = act.get_absolute_url()
    for address in (page, f"{page}fichiers/1/", f"{page}texte/1/", f"{page}integrer/", f"{page}image.svg"):
        assert client.get(address).status_code == 404
    for address in ("/deliberations/", "/deliberations/flux.atom", "/deliberations/exhaustivite/", "/sitemap.xml", "/"):
        assert "Secret de brouillon" not in client.get(address).content.decode()
    client.force_login(make_member(commune, Role.CONTRIBUTOR))
    assert "Cette page n’est pas en ligne" in body(client, page)
    assert client.get(f"{page}fichiers/1/")["Cache-Control"] == "private, no-store"


def test_a_withdrawn_act_leaves_its_trace_and_none_of_its_words(commune, client, django_capture_on_commit_callbacks):
    act = make_act(commune, "Secours à Jeanne Martin", ["Secours à Jeanne Martin"], number="2026-099")
    page = act.get_absolute_url()
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_act(OPERATOR, act, "privacy")
    for form in ("", "fichiers/1/", "texte/1/", "integrer/", "image.png"):
        response = client.get(f"{page}{form}")
        assert response.status_code == 410, form
        assert "Jeanne" not in response.content.decode()
    words = body(client, page, 410)
    assert "Un acte de « Grigny » daté du 15\u00a0janvier\u00a02026 a été retiré le" in words
    assert "pour protéger la vie privée" in words
    answer = client.get(f"/api/parvis/v1/deliberations/{act.slug}")
    assert (answer.status_code, answer.json()["error_code"]) == (410, "act-withdrawn")
    (row,) = client.get("/deliberations/retraits.json").json()["withdrawals"]
    assert (row["url"].endswith(page), row["organisation"], row["date"], row["reason"]) == (
        True,
        "Grigny",
        "2026-01-15",
        "privacy",
    )
    for address in ("/deliberations/", "/deliberations/flux.atom", "/sitemap.xml", "/deliberations/exhaustivite/"):
        assert "Jeanne" not in client.get(address).content.decode()
        assert act.slug not in client.get(address).content.decode()
    client.force_login(make_member(commune, Role.CONTRIBUTOR))
    assert client.get(page).status_code == 410


def test_a_corrected_act_and_the_one_that_corrects_it_name_each_other_once_both_are_online(commune, client):
    first = make_act(commune, "Tarifs", number="2026-001")
    make_act(commune, "Projet de rectificatif", number="2026-002", corrects=first, online=False)
    assert "corrigé" not in body(client, first.get_absolute_url())
    second = make_act(commune, "Tarifs, rectificatif", number="2026-003", corrects=first)
    assert f'Cet acte est corrigé par : <a href="{second.get_absolute_url()}">' in body(
        client, first.get_absolute_url()
    )
    page = body(client, second.get_absolute_url())
    assert f'Cet acte corrige : <a href="{first.get_absolute_url()}">' in page
    assert json_ld(page)["legislationCorrects"].endswith(first.get_absolute_url())
    assert "Projet" not in page


def test_hostile_words_are_only_words(commune, client):
    session = make_session(make_assembly(commune, HOSTILE[:150]), location=HOSTILE, present_names=[HOSTILE])
    act = make_act(commune, HOSTILE, [f"{HOSTILE}\nArticle 1 : {HOSTILE}"], session=session, rapporteur=HOSTILE)
    FileText.objects.filter(file__act=act).update(
        published_pages=[Page(1, HOSTILE, Method.RECOGNISED, 50, (DoubtfulWord(0, 8, 3),)).to_json()]
    )
    AgendaItem.objects.create(session=session, title=HOSTILE)
    for address in (
        act.get_absolute_url(),
        f"{act.get_absolute_url()}texte/1/",
        session.get_absolute_url(),
        "/deliberations/",
        "/seances/",
        "/deliberations/exhaustivite/",
    ):
        html = client.get(address).content.decode()
        assert "<img src=x" not in html, address
        assert "<script>alert" not in html, address
    assert json_ld(body(client, act.get_absolute_url()))["name"].startswith("<script>")


def test_what_could_not_be_read_is_said_and_doubtful_words_are_marked_and_listed(commune, client):
    act = make_act(commune)
    pages = [
        Page(1, "Le con5eil décide", Method.RECOGNISED, 87.9, (DoubtfulWord(3, 10, 54),)),
        *(Page(number, "", Method.UNREADABLE) for number in (2, 3, 5)),
        Page(4, "", Method.EMPTY),
    ]
    rows = [page.to_json() for page in sorted(pages, key=lambda page: page.number)]
    FileText.objects.filter(file__act=act).update(published_pages=rows)
    ActFile.objects.filter(act=act).update(unreadable_pages=3, confidence=87.9)
    html = body(client, act.get_absolute_url())
    assert "Texte reconnu automatiquement (confiance 87\u00a0%)." in html
    assert "3 pages illisibles (pages 2, 3 et 5)." in html
    assert '<mark class="doubt" title="mot incertain (54\u00a0%)">con5eil</mark>' in html
    assert "1 mot incertain, souligné dans le texte" in html
    assert html.count("Cette page est illisible") == 3
    waiting = make_act(commune)
    FileText.objects.filter(file__act=waiting).delete()
    ActFile.objects.filter(act=waiting).update(reading="failed")
    assert "n’a pas pu être lu : une recherche ne le trouve pas" in body(client, waiting.get_absolute_url())


def test_a_long_text_is_read_by_screens_and_every_page_has_its_anchor(commune, client):
    act = make_act(commune, pages=[f"Ligne de la page {number}" for number in range(1, 301)])
    add_file(act, ["Plan"], ActFile.Role.ANNEX, title="Plan de situation")
    html = body(client, act.get_absolute_url())
    assert all(f'id="page-{number}"' in html for number in range(1, 301))
    assert "Ligne de la page 25" in html
    assert "Ligne de la page 26" not in html
    text = f"{act.get_absolute_url()}texte/1/"
    assert "Ligne de la page 60" in body(client, f"{text}?page=60")
    body(client, f"{text}?page=301", 404)
    assert "Ligne de la page 1" in body(client, f"{text}?page=abc")
    assert "Plan" in body(client, f"{act.get_absolute_url()}texte/2/")


def test_a_sitting_shows_its_agenda_with_what_came_of_each_point_and_its_papers(commune, client):
    session = make_session(
        make_assembly(commune),
        begins_at=time(19),
        location="Mairie",
        president="Camille Durand",
        secretary="Paul Martin",
        present_names=["Camille Durand", "Paul Martin"],
        proxy_names=[["Alice Roux", "Paul Martin"]],
        absent_names=["Alice Roux"],
    )
    decided = make_act(commune, "Titre de l’acte", session=session, is_unanimous=True, present=2, proxies=1)
    draft = make_act(commune, "Titre du brouillon", session=session, online=False)
    minutes = make_act(commune, "Procès-verbal", session=session, kind="minutes")
    late = make_act(commune, "Question diverse", session=session, rank=9)
    for rank, (title, act) in enumerate((("Toiture de l’école", decided), ("Point en attente", draft), ("Vœu", None))):
        AgendaItem.objects.create(
            session=session, number=str(rank + 1), title=title, act=act, sort_order=rank, is_open=rank < 2
        )
    html = body(client, session.get_absolute_url())
    positions = [html.index(words) for words in ("Toiture de l’école", "Point en attente", "Vœu", "Question diverse")]
    assert positions == sorted(positions)
    assert "Titre du brouillon" not in html
    assert draft.get_absolute_url() not in html
    assert "Adoptée à l’unanimité des 3 votants (2 présents, 1 pouvoir)" in html
    assert "à huis clos" in html
    assert "Alice Roux à Paul Martin" in html
    assert "Liste mise en ligne le" in html
    for act in (decided, minutes, late):
        assert f'href="{act.get_absolute_url()}"' in html
    assert json_ld(html)["startDate"].startswith("2026-01-15T19:00")


def test_calendars_hold_sittings_to_come_and_cancelled_ones(commune, client):
    assembly = make_assembly(commune)
    make_session(assembly, date(2020, 1, 1))
    coming = make_session(assembly, date(2031, 5, 2), begins_at=time(18, 30))
    AgendaItem.objects.create(session=coming, title="Toiture")
    cancelled = make_session(assembly, date(2031, 5, 3))
    Session.objects.filter(pk=cancelled.pk).update(state="cancelled")
    calendar = icalendar.Calendar.from_ical(client.get("/seances/calendrier.ics?quand=avenir").content)
    events = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    assert set(events) == {f"seance-{coming.slug}", f"seance-{cancelled.slug}"}
    assert events[f"seance-{coming.slug}"].decoded("dtstart").isoformat().startswith("2031-05-02T18:30")
    assert str(events[f"seance-{coming.slug}"]["description"]) == "1. Toiture"
    assert events[f"seance-{cancelled.slug}"]["status"] == "CANCELLED"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("organisation=grigny", {"a", "b"}),
        ("annee=2025", {"b"}),
        ("matiere=7", {"a", "c"}),
        ("matiere=7.5", {"a"}),
        ("document=order", {"c"}),
        ("assemblee=Conseil+municipal", {"a"}),
        ("rapporteur=Paul+Martin", {"b"}),
        ("issue=rejected", {"b"}),
        ("q=toiture", {"a"}),
        ("annee=abc", set()),
        ("annee=0000", set()),
        ("annee=99999999", set()),
        ("matiere=%00%27", set()),
        ("issue=nimporte", set()),
    ],
)
def test_the_list_is_narrowed_by_what_acts_are_and_nonsense_finds_nothing(home, client, query, expected):
    commune, other = make_organisation("Grigny", slug="grigny"), make_organisation("Évry", slug="evry")
    acts = {
        "a": make_act(commune, "Toiture", matter="7.5", session=make_session(make_assembly(commune))),
        "b": make_act(commune, "Cantine", date=date(2025, 3, 1), rapporteur="Paul Martin", outcome="rejected"),
        "c": make_act(other, "Voirie", matter="7.1", kind="order"),
    }
    html = body(client, f"/deliberations/?{query}")
    assert {name for name, act in acts.items() if f'href="{act.get_absolute_url()}"' in html} == expected


def test_the_page_of_an_organisation_leads_to_its_acts(commune, client):
    make_act(commune)
    assert f"/deliberations/organisations/{commune.slug}/" in body(client, f"/organisations/{commune.slug}/")
    response = client.get(f"/deliberations/organisations/{commune.slug}/")
    assert response["Location"] == f"/deliberations/?organisation={commune.slug}"
    assert client.get("/deliberations/organisations/personne/").status_code == 404


def test_feeds_programs_the_site_map_and_homes_have_acts_and_sittings(commune, client):
    act = make_act(commune, "Toiture", session=make_session(make_assembly(commune)))
    assert "Toiture" in client.get("/deliberations/flux.atom").content.decode()
    assert act.get_absolute_url() in client.get("/sitemap.xml").content.decode()
    assert "Toiture" in client.get("/").content.decode()
    (row,) = client.get("/api/parvis/v1/deliberations").json()["results"]
    assert row["documents"][0]["sha256"] == act.act_files.get().published_digest
    assert (row["number"], row["signatory"], row["session"]) == (act.number, "Camille Durand", act.session.slug)
    assert client.get("/api/parvis/v1/seances").json()["results"][0]["acts"] == 1


def test_the_site_of_a_commune_has_its_own_acts_sittings_board_and_withdrawals(home, client):
    here, elsewhere = (_commune(code, name) for code, name in (("91286", "Ici"), ("91228", "Ailleurs")))
    for owner in (here, elsewhere):
        session = make_session(make_assembly(owner), date(2026, 1, 15))
        make_act(owner, f"Acte d’{owner.name}", session=session)
        withdraw_act(OPERATOR, make_act(owner, "Retiré"), "court")
    territory = here.territory
    with looking_through(Lens(territory.pk, territory.name, (territory.code,))):
        assert [act.title for act in Query.read(ACTS, QueryDict()).records()] == ["Acte d’Ici"]
        assert [session.organisation for session in Query.read(SESSIONS, QueryDict()).records()] == [here]
        assert [row.name for row in board()] == ["Ici"]
        assert [act.organisation for act in withdrawn_acts()] == [here]
        act = published(Act).get(organisation=elsewhere)
        with pytest.raises(NotFound):
            seen_at(ACTS, ANONYMOUS, act.slug)


@pytest.mark.parametrize(
    "address",
    [
        "/deliberations/",
        "/api/parvis/v1/deliberations",
        "/seances/",
        "/seances/calendrier.ics",
        "/deliberations/exhaustivite/?annee=",
    ],
)
def test_a_longer_list_asks_no_more_questions(commune, client, address):
    assembly = make_assembly(commune)

    def question_count() -> int:
        """Questions about acts: what sites keep for ten seconds is asked again now and then."""
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return sum("deliberations_" in query["sql"] for query in queries)

    def more(number: int) -> None:
        for rank in range(number):
            act = make_act(commune, session=make_session(assembly, date(2026, 1, 1 + rank)))
            Act.objects.filter(pk=act.pk).update(corrects=Act.objects.exclude(pk=act.pk).first())

    more(2)
    few = question_count()
    more(5)
    assert question_count() == few
