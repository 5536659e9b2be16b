"""« Suites et montants » in the back office, and « Ce qui a été décidé » on pages: every form by hand, refusals, rights, paper."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from parvis.core.acts.model import Proposal
from parvis.domains.deliberations.factories import add_file, make_act
from parvis.domains.deliberations.models import Act, Suggestions
from parvis.domains.deliberations.money import services
from parvis.domains.deliberations.money.blocks import DecisionsBlock
from parvis.domains.deliberations.money.rules import AmountFacts
from parvis.domains.deliberations.money.selectors import amounts_of
from parvis.domains.deliberations.tests.test_money import GRANT, KEY, grants, town  # noqa: F401 fixtures
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.pages.block_values import Reader
from parvis.hub.pages.factories import block, make_theme_page
from parvis.hub.pages.tests.test_paper import words
from parvis.hub.sites.lens import Lens, looking_through
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db


def client_of(organisation, role=Role.STEWARD) -> Client:
    client = Client()
    client.force_login(make_member(organisation, role))
    return client


def screen(act) -> str:
    return f"/admin/suites-des-actes/{act.slug}/"


def typed(client, act, *rows, **more):
    """The form of amounts as the page gives it, with these rows in it."""
    page = client.get(screen(act)).content.decode()
    fields = dict(re.findall(r'name="(montants-[A-Z_]+|mark)" value="([^"]*)"', page))
    fields |= {f"montants-{rank}-purpose": "expense" for rank in range(int(fields["montants-TOTAL_FORMS"]))}
    for rank, row in enumerate(rows):
        fields |= {f"montants-{rank}-{name}": value for name, value in row.items()}
    return {**fields, "geste": "montants", **more}


def test_amounts_are_typed_corrected_and_deleted(town):  # noqa: F811
    client, act = client_of(town.body), town.act
    row = {
        "euros": "12 500,50 €",
        "purpose": "grant",
        "chapter": "6574",
        "beneficiary": "Club nautique",
        "words": "fête",
    }
    assert client.post(screen(act), typed(client, act, row)).status_code == 302
    assert amounts_of(act) == [AmountFacts(1_250_050, "grant", "fête", "6574", "Club nautique")]
    wrong = client.post(screen(act), typed(client, act, {**row, "euros": "beaucoup"}))
    assert wrong.status_code == 422
    assert "« beaucoup » n’est pas un montant en euros" in wrong.content.decode()
    assert 'value="beaucoup"' in wrong.content.decode()
    person = {**row, "beneficiary": "Mme Sophie Bernard"}
    doubted = client.post(screen(act), typed(client, act, person))
    assert doubted.status_code == 422
    assert "montants-0-is_body" in doubted.content.decode()
    assert client.post(screen(act), typed(client, act, {**person, "is_body": "on"})).status_code == 302
    stale = typed(client, act, {**row, "DELETE": "on"})
    services.set_amounts(OPERATOR, act, [GRANT])
    refused = client.post(screen(act), stale)
    assert refused.status_code == 422
    assert "Une autre personne a changé les montants" in refused.content.decode()
    assert amounts_of(act) == [GRANT]
    client.post(screen(act), typed(client, act, {**row, "DELETE": "on"}))
    assert amounts_of(act) == []


def test_amounts_read_in_the_act_are_offered_with_their_words_and_taken_over(town):  # noqa: F811
    client, act = client_of(town.body), town.act
    rows = [
        {"value": 412_500.0, "words": "toiture de l’école, pour un montant de 412 500,00 euros hors taxes"},
        {"value": 3_200.5, "words": "attribue à l’association une subvention de 3 200,50 euros"},
        {"value": 3_200.5, "words": "la même encore, de 3 200,50 euros"},
        {"value": 700.0, "words": "à Mme Lucie Fontvieille la somme de 700 euros"},
    ]
    proposal = Proposal("amounts", rows, 0.9, "amounts").to_json()
    Suggestions.objects.create(act=act, proposals=[proposal])
    add_file(act, spans={"words": ["Lucie Fontvieille"]})
    page = client.get(screen(act)).content.decode()
    assert re.findall(r'name="reprendre"\s+value="(\d+)"', page) == ["41250000", "320050", "70000"]
    assert "une subvention de 3 200,50 euros" in page
    assert "Fontvieille" not in page

    fields = typed(client, act, {"euros": "90", "words": "déjà écrit"})
    del fields["geste"]
    taken = client.post(screen(act), {**fields, "reprendre": "320050"})
    page = taken.content.decode()
    assert taken.status_code == 200
    assert amounts_of(act) == []  # nothing is saved by itself
    assert 'value="déjà écrit"' in page
    assert 'value="3200,50"' in page
    assert 'value="320050"' not in page  # taken over: not offered twice
    assert re.search(r'<select name="montants-1-purpose".*?value="grant" selected', page, re.DOTALL)

    again = {**fields, "montants-1-euros": "3200,50", "montants-1-purpose": "grant", "reprendre": "41250000"}
    assert 'name="montants-2-euros" value="412500"' in client.post(screen(act), again).content.decode()
    del again["reprendre"]
    fields = again | {
        "montants-TOTAL_FORMS": "3",
        "montants-2-euros": "",
        "montants-2-purpose": "loan",
        "geste": "montants",
    }
    assert client.post(screen(act), fields).status_code == 302
    assert [(row.cents, row.purpose) for row in amounts_of(act)] == [(9_000, "expense"), (320_050, "grant")]
    assert re.findall(r'name="reprendre"\s+value="(\d+)"', client.get(screen(act)).content.decode()) == [
        "41250000",
        "70000",
    ]
    assert client.post(screen(act), {**typed(client, act), "reprendre": "1"}).status_code == 200
    assert client.post(screen(act), {"reprendre": "70000"}).status_code == 200


def test_a_row_is_looked_for_by_its_words_and_linked(town, grants):  # noqa: F811
    client, act = client_of(town.body), town.act
    page = client.get(screen(act), {"jeu": "subventions", "mots": "lectures livre"}).content.decode()
    assert "Amis du livre" in page
    assert 'id="ligne-2"' not in page
    assert "Pourquoi :" in page  # the row that cites the act is proposed besides
    fields = {"geste": "lier", "jeu": "subventions", "cle": f'["{KEY[0]}"]', "nature": "contract"}
    assert client.post(screen(act), fields).status_code == 302
    link = act.links.get()
    assert (link.relation, link.row_key) == ("contract", list(KEY))
    client.post(screen(act), {"geste": "lier", "jeu": "subventions"})
    other = make_act(town.body, "Concert")
    assert "Concert" in client.get(screen(act), {"acte": "concert"}).content.decode()
    client.post(screen(act), {"geste": "lier", "acte": other.slug})
    assert sorted(act.links.values_list("relation", flat=True)) == ["act", "contract", "dataset"]
    for _twice in range(2):
        assert client.post(screen(act), {"geste": "delier", "lien": link.pk}).status_code == 302
    assert act.links.count() == 2
    assert client.post(screen(act), {"geste": "lier", "jeu": "ailleurs"}).status_code == 404
    assert client.post(screen(act), {"geste": "rien"}).status_code == 404


def test_steps_are_added_and_taken_away_and_the_list_tells_where_acts_stand(town):  # noqa: F811
    client, act = client_of(town.body), town.act
    today = timezone.localdate().isoformat()
    fields = {"geste": "etape", "state": "done", "day": today, "text": "C’est fait.", "evidence": "evry.example/photo"}
    assert client.post(screen(act), fields).status_code == 302
    assert act.steps.get().evidence == "https://evry.example/photo"
    early = client.post(screen(act), {**fields, "day": "2020-01-01"})
    assert early.status_code == 422
    assert "C’est fait." in early.content.decode()
    assert client.post(screen(act), {**fields, "evidence": "javascript:alert(1)"}).status_code == 422
    make_act(town.body, "Un autre acte")
    listed = client.get("/admin/suites-des-actes/", {"suites": "done"}).content.decode()
    assert act.title in listed
    assert "Un autre acte" not in listed
    client.post(screen(act), {"geste": "retirer", "etape": act.steps.get().pk})
    assert Act.objects.get(pk=act.pk).execution == ""


def test_the_screen_is_for_who_follows_the_act(town):  # noqa: F811
    assert client_of(make_organisation("Grigny")).get(screen(town.act)).status_code == 404
    assert Client().get(screen(town.act)).status_code == 302
    contributor = client_of(town.body, Role.CONTRIBUTOR)
    assert contributor.get(screen(town.act)).status_code == 200
    fields = {"geste": "etape", "state": "done", "day": timezone.localdate().isoformat()}
    assert contributor.post(screen(town.act), fields).status_code == 403


def shown(**value):
    """What the block shows of the acts, in order."""
    made = DecisionsBlock()
    reader = Reader(ANONYMOUS)
    value = made.to_python(value)
    return [act.title for act, _amounts in made.shown(value, made.plan(value, reader), (), reader).facts["moments"]]


@pytest.fixture
def decided(home):
    """Acts of two communes over three years."""
    body, other = (
        make_organisation(name, slug=code, territory=Territory.objects.create(kind="commune", code=code, name=name))
        for name, code in (("Évry", "91228"), ("Grigny", "91286"))
    )
    make_act(
        body, "Étude de l’école des Aunettes", date=date(2023, 3, 1), matter="8.1", latitude=48.629, longitude=2.441
    )
    make_act(
        body, "Travaux de l’école des Aunettes", date=date(2024, 3, 1), matter="1.1", latitude=48.6299, longitude=2.441
    )
    make_act(body, "Subvention au Club nautique", date=date(2025, 3, 1), matter="7.5")
    make_act(
        other, "Travaux de l’école Jean-Moulin", date=date(2024, 6, 1), matter="1.1", latitude=48.66, longitude=2.39
    )
    make_act(body, "Compte rendu", kind="minutes", date=date(2024, 3, 1))
    make_act(body, "École en brouillon", online=False)
    return body


def test_the_block_keeps_the_acts_of_a_subject_or_of_a_place_in_order(decided):
    study, works, grant, other = (
        "Étude de l’école des Aunettes",
        "Travaux de l’école des Aunettes",
        "Subvention au Club nautique",
        "Travaux de l’école Jean-Moulin",
    )
    assert shown() == [study, works, other, grant]
    assert shown(words="ecole") == [study, works, other]
    assert shown(words="école travaux", commune="91228") == [works]
    assert shown(matter="1") == [works, other]
    assert shown(matter="7.5") == [grant]
    assert shown(organisation="91286") == [other]
    assert shown(first_year=2024, last_year=2024) == [works, other]
    assert shown(point="48.629,2.441", reach="0.3") == [study, works]
    assert shown(limit=2) == [other, grant]
    place = decided.territory
    with looking_through(Lens(place.pk, place.name, (place.code,))):
        assert shown(words="travaux") == [works]


def test_an_address_is_found_when_the_page_is_saved_and_nonsense_is_told(decided):
    made = DecisionsBlock()
    cleaned = made.clean(made.to_python({"around": "48.629, 2.441", "reach": "0.3"}))
    assert cleaned["point"] == "48.629,2.441"
    for value, name in (
        ({"around": "nulle part au monde"}, "around"),
        ({"around": "95.0, 2.4"}, "around"),
        ({"first_year": 2025, "last_year": 2024}, "last_year"),
    ):
        with pytest.raises(ValidationError) as refused:
            made.clean(made.to_python({"reach": "0.3", **value}))
        assert name in refused.value.as_json_data()["blockErrors"]


def test_the_block_is_on_the_page_the_light_page_and_paper_and_follows_what_becomes_of_acts(decided, client):
    page = make_theme_page(block("decisions", {"title": "Ce qui a été décidé sur l’école", "words": "aunettes"}))
    act = Act.objects.get(title__startswith="Travaux de l’école des")
    first = client.get(page.get_url()).content.decode()
    assert "Ce qui a été décidé sur l’école" in first
    assert act.get_absolute_url() in first
    services.set_amounts(OPERATOR, act, [GRANT])
    services.add_step(OPERATOR, act, "done", date(2025, 9, 1))
    shown_page = client.get(page.get_url()).content.decode()
    assert "12\u202f500\u00a0€ (subvention versée)" in shown_page
    assert "réalisée" in shown_page
    paper = words(client.get(f"{page.get_url()}page.pdf").content)
    assert "Travaux de l’école des Aunettes" in paper
    assert "réalisée" in paper
