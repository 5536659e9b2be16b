"""Amounts, links and steps of acts: rights, two people at once, online too, the way from a row of grants to its act and back."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, timedelta
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.errors import Forbidden, NotFound
from parvis.domains.deliberations.factories import make_act
from parvis.domains.deliberations.models import Act, ActLink
from parvis.domains.deliberations.money import services
from parvis.domains.deliberations.money.proposals import proposals_for
from parvis.domains.deliberations.money.rules import (
    AmountFacts,
    AmountsChanged,
    BadAmount,
    BadStep,
    LinksItself,
    cents_of,
    euros_text,
    mark_of,
    seems_a_person,
)
from parvis.domains.deliberations.money.selectors import amounts_of, money_facts, row_address
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore.services import deposit_file, run_import_here, start_import
from parvis.hub.registry import row_links
from parvis.hub.validation.models import DatasetSchema

GRANT = AmountFacts(1_250_000, "grant", "fête du lac", "6574", "Club nautique")
GRANTS = """nomAttribuant;idAttribuant;dateConvention;referenceDecision;nomBeneficiaire;idBeneficiaire;objet;montant
Évry;21910228200015;2026-01-15;2026-014;Club nautique;30217000100012;Fête du lac;12500
Évry;21910228200015;2026-02-20;DEL 2026/0014;Amis du livre;30217000100013;Lectures;800
Évry;21910228200015;2025-01-10;2025-014;Harmonie;30217000100014;Concert;300
Grigny;21910286900012;2026-01-15;2026-014;Boulistes;30217000100015;Concours;12500
"""


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12 500", 1_250_000),
        ("12\u202f500,50 €", 1_250_050),
        ("12.500", 1_250_000),
        ("1.234.567,8", 123_456_780),
        ("12500.5 euros", 1_250_050),
        ("-30,00", -3_000),
        ("0,07", 7),
    ],
)
def test_amounts_are_read_as_people_write_them(text, cents):
    assert cents_of(text) == cents


@given(st.integers(-(10**14), 10**14))
def test_an_amount_that_is_given_back_is_read_the_same(cents):
    assert cents_of(euros_text(cents)) == cents


@given(st.text(max_size=40))
def test_whatever_is_typed_is_an_amount_or_is_refused(text):
    with suppress(BadAmount):
        assert abs(cents_of(text)) <= 10**14


def test_a_beneficiary_is_a_body():
    assert seems_a_person("Mme Sophie Bernard")
    assert not seems_a_person("Club nautique de l’Essonne")


@pytest.fixture
def town(home, db):
    """A town, its people, an act of theirs that is online, and its grants, imported the real way."""
    body = make_organisation("Évry", slug="evry", siren="219102282")
    people = {role: actor_of(make_member(body, role)) for role in (Role.CONTRIBUTOR, Role.STEWARD)}
    pages = ("Objet : subvention au Club nautique", "Le conseil attribue 12 500 € au Club nautique.")
    act = make_act(body, "Subvention au Club nautique", pages, number="2026-014", matter="7.5")
    return SimpleNamespace(body=body, act=act, steward=people[Role.STEWARD], contributor=people[Role.CONTRIBUTOR])


@pytest.fixture
def grants(town, tmp_path):
    path = tmp_path / "subventions.csv"
    path.write_text(GRANTS, encoding="utf-8")
    dataset = create_dataset(
        OPERATOR,
        town.body,
        "subventions",
        {"title": "Subventions", "description": "Celles de la ville.", "licence": "lov2"},
    )
    update = {"fields": {"idbeneficiaire": {"annotations": {"id": True}}}}
    Dataset.objects.filter(pk=dataset.pk).update(**update)
    dataset.refresh_from_db()
    run_import_here(
        OPERATOR, start_import(OPERATOR, deposit=deposit_file(OPERATOR, path), dataset=dataset, publish=True)
    )
    dataset.refresh_from_db()
    return dataset


KEY = ("30217000100012",)


def test_amounts_of_an_act_online_are_noted_by_who_publishes_and_by_nobody_else(town):
    services.set_amounts(town.steward, town.act, [GRANT])
    assert amounts_of(town.act) == [GRANT]
    for actor in (town.contributor, ANONYMOUS):
        with pytest.raises(Forbidden):
            services.set_amounts(actor, town.act, [])
        with pytest.raises(Forbidden):
            services.add_step(actor, town.act, "done", timezone.localdate())
    draft = make_act(town.body, online=False)
    services.set_amounts(town.contributor, draft, [GRANT])
    assert Entry.objects.filter(action="act.amounts").count() == 2
    before = Act.objects.values("title", "revision", "modified").get(pk=town.act.pk)
    services.set_amounts(town.steward, town.act, [])
    assert Act.objects.values("title", "revision", "modified").get(pk=town.act.pk) == before


def test_of_two_people_who_note_amounts_at_once_the_second_is_told(town):
    mark = mark_of(amounts_of(town.act))
    services.set_amounts(town.steward, town.act, [GRANT], mark=mark)
    with pytest.raises(AmountsChanged):
        services.set_amounts(town.steward, town.act, [], mark=mark)
    assert amounts_of(town.act) == [GRANT]


def test_the_execution_of_an_act_is_that_of_its_last_step(town):
    today = timezone.localdate()
    services.add_step(town.steward, town.act, "under-way", today - timedelta(days=2), "Les travaux ont commencé.")
    done = services.add_step(town.steward, town.act, "done", today, evidence="https://evry.example/photo")
    assert services.add_step(town.steward, town.act, "done", today, evidence="https://evry.example/photo") == done
    services.add_step(town.steward, town.act, "decided", town.act.date)
    assert Act.objects.get(pk=town.act.pk).execution == "done"
    services.remove_step(town.steward, town.act, done)
    assert Act.objects.get(pk=town.act.pk).execution == "under-way"
    for day in (town.act.date - timedelta(days=1), today + timedelta(days=1)):
        with pytest.raises(BadStep):
            services.add_step(town.steward, town.act, "done", day)
    with pytest.raises(NotFound):
        services.remove_step(town.steward, make_act(town.body), town.act.steps.first())


def test_a_row_of_grants_leads_to_its_act_and_back(town, grants, client):
    assert row_links(grants) == [link for link in row_links(grants) if str(link.label) != "Délibérations"]
    link = services.link_row(town.steward, town.act, grants, KEY, "grant")
    assert services.link_row(town.steward, town.act, grants, KEY, "grant") == link
    assert "Club nautique" in link.label
    (way,) = [row for row in row_links(grants) if str(row.label) == "Délibérations"]
    address = way.of({"idbeneficiaire": KEY[0]})
    shown = client.get(address)
    assert shown.status_code == 200
    assert town.act.get_absolute_url() in shown.content.decode()
    (way_back,) = money_facts(town.act, ANONYMOUS)["links"]
    assert client.get(way_back.address).status_code == 200
    others = client.get(way.of({"idbeneficiaire": "30217000100014"})).content.decode()
    assert town.act.get_absolute_url() not in others
    assert town.act.get_absolute_url() in client.get(f"{grants.get_absolute_url()}deliberations/").content.decode()
    assert "/deliberations/" in client.get(f"{grants.get_absolute_url()}table/").content.decode()
    gone = client.get(f"{grants.get_absolute_url()}deliberations/?cle={quote(json.dumps(['0']))}")
    assert "n’est plus dans le jeu" in gone.content.decode()
    assert client.get(f"{grants.get_absolute_url()}deliberations/?cle=%5B%5B1%5D").status_code == 404
    services.unlink(town.steward, town.act, link)
    assert not ActLink.objects.exists()
    with pytest.raises(NotFound):
        services.link_row(town.steward, town.act, grants, ("0",), "grant")


def test_what_a_reader_may_not_see_is_not_told_of(town, grants):
    services.link_row(town.steward, town.act, grants, KEY, "grant")
    services.link_act(town.steward, town.act, make_act(town.body, "Un acte en brouillon", online=False))
    Dataset.objects.filter(pk=grants.pk).update(access=Access.INTERNAL)
    assert money_facts(town.act, ANONYMOUS)["links"] == []
    assert len(money_facts(town.act, town.steward)["links"]) == 2
    assert Client().get(row_address(grants, KEY)).status_code == 404
    with pytest.raises(LinksItself):
        services.link_act(town.steward, town.act, town.act)
    other = make_organisation("Grigny")
    with pytest.raises(NotFound):
        services.link_act(town.steward, town.act, make_act(other, online=False))


def test_facts_of_an_act_cost_the_same_number_of_questions_whatever_their_number(
    town, grants, django_assert_max_num_queries
):
    services.set_amounts(town.steward, town.act, [GRANT] * 10)
    for key in ("30217000100012", "30217000100013", "30217000100014"):
        services.link_row(town.steward, town.act, grants, (key,), "grant")
    for _nth in range(5):
        services.link_act(town.steward, make_act(town.body), town.act)
        services.link_act(town.steward, town.act, make_act(town.body))
    with django_assert_max_num_queries(9):
        facts = money_facts(town.act, ANONYMOUS)
    assert (len(facts["links"]), len(facts["linked_from"])) == (8, 5)


def test_the_page_of_an_act_and_the_api_tell_what_follows_it(town, grants, client):
    services.set_amounts(town.steward, town.act, [GRANT])
    services.link_row(town.steward, town.act, grants, KEY, "grant")
    services.add_step(
        town.steward, town.act, "done", date(2026, 3, 1), "La fête a eu lieu.", "https://evry.example/photo"
    )
    page = client.get(town.act.get_absolute_url()).content.decode()
    for words in (
        "12\u202f500\u00a0€",
        "6574",
        "Club nautique (Subventions)",
        "La fête a eu lieu.",
        "https://evry.example/photo",
    ):
        assert words in page, words
    answer = client.get(f"/api/parvis/v1/deliberations/{town.act.slug}").json()
    assert answer["amounts"][0]["euros"] == 12_500
    assert answer["decides_on"][0]["address"].endswith(row_address(grants, KEY))
    assert (answer["execution"], answer["steps"][0]["day"]) == ("done", "2026-03-01")
    Dataset.objects.filter(pk=grants.pk).update(access=Access.INTERNAL)
    assert "(Subventions)" not in client.get(town.act.get_absolute_url()).content.decode()


def test_rows_are_proposed_by_reference_date_amount_and_name_each_with_why(town, grants):
    services.set_amounts(town.steward, town.act, [GRANT])
    club, books = proposals_for(town.steward, town.act)
    assert (club.key, club.title, club.relation) == (KEY, "Club nautique", "grant")
    assert club.reasons == (
        "la décision citée est « 2026-014 »",
        "le montant est le même",
        "« Club nautique » est nommé dans l’acte",
        "la date est celle de l’acte",
    )
    assert books.reasons == ("la décision citée est « DEL 2026/0014 »", "la date suit celle de l’acte")
    services.link_row(town.steward, town.act, grants, club.key, club.relation)
    assert [row.key for row in proposals_for(town.steward, town.act)] == [books.key]
    assert not ActLink.objects.exclude(label__startswith="Club").exists()


def test_an_act_of_another_town_or_of_another_year_is_not_proposed(town, grants):
    other = make_act(town.body, "Concert de l’harmonie", number="2025-14", date=date(2025, 1, 10))
    assert [row.title for row in proposals_for(town.steward, other)] == ["Harmonie"]
    grigny = make_organisation("Grigny", siren="219102860")
    assert proposals_for(OPERATOR, make_act(grigny, number="2026-999")) == []
    DatasetSchema.objects.create(dataset=grants, name="scdl/deliberations", version="2.1.5")
    assert proposals_for(town.steward, other) == []  # the deliberations themselves are no grant of theirs
    assert proposals_for(OPERATOR, make_act(town.body, number="", online=False)) == []
