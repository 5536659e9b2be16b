"""Writing an indicator: tried before it is kept, faults named beside their field, two people at once, rights."""

from __future__ import annotations

import pytest
from django.test import Client

from parvis.domains.indicators.models import Computation, Indicator
from parvis.domains.indicators.tests.test_views import places, published, words
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import Role
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.rules import Access
from parvis.hub.charts.factories import make_chart, make_stands
from parvis.hub.jobs.models import Job

pytestmark = pytest.mark.django_db

NEW = "/admin/indicateurs/nouveau/"
FIELDS = {
    "title": "Places de vélo",
    "question": "Combien ?",
    "method": "On additionne les places.",
    "unit": "places",
    "direction": "higher",
    "refresh": "publication",
    "slug": "places",
    "part0-name": "places",
    "part0-dataset": "arceaux",
    "part0-select": "sum(places)",
    "part0-where": 'modele="Arceau"\nplaces >= 4',
    "part0-territory": "commune",
    "part0-period": 'date_format(pose_le, "yyyy")',
}


@pytest.fixture
def dataset(home):
    return make_stands()


def client_of(organisation, role=Role.STEWARD) -> Client:
    client = Client()
    client.force_login(make_member(organisation, role))
    return client


def fields(dataset, **changes):
    return {**FIELDS, "organisation": dataset.organisation.slug, **changes}


def test_figures_are_shown_before_anything_is_kept(dataset):
    client = client_of(dataset.organisation)
    answer = client.post(NEW, fields(dataset, acte="apercu"))
    assert answer.status_code == 200
    assert f"{places('2023')} places" in words(answer)
    assert f"Grigny · 2023 {places('2023', 'Grigny')} places" in words(answer)
    assert not Indicator.objects.exists()
    fragment = client.post(NEW, fields(dataset, acte="apercu", fragment="1"))
    assert f"{places('2023')} places" in words(fragment)
    assert "<html" not in fragment.content.decode()


def test_it_is_kept_computed_then_published(dataset, client):
    steward = client_of(dataset.organisation)
    saved = steward.post(NEW, fields(dataset, acte="enregistrer", target="1 500", on_track="20", watch="12,5"))
    assert saved.status_code == 302
    indicator = Indicator.objects.get()
    assert (indicator.described.target, indicator.described.watch, indicator.status) == (1500, 12.5, "draft")
    assert Job.objects.filter(kind="indicators.compute").exists()
    assert client.get("/indicateurs/places/").status_code == 404
    steward.post(saved.url, {"acte": "publier"})
    assert client.get("/indicateurs/places/").status_code == 200
    assert {entry.action for entry in Entry.objects.all()} >= {"indicator.create", "indicator.published"}
    steward.post(saved.url, {"acte": "retirer"})
    assert client.get("/indicateurs/places/").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field", "expected"),
    [
        (
            {"part0-select": "sum(placs)"},
            "part0-select",
            "Ce jeu de données n’a pas de colonne « placs ». Vouliez-vous dire « places » ?",
        ),
        ({"part0-where": "modele ="}, "part0-where", "s’arrête trop tôt"),
        ({"part0-territory": "comune"}, "part0-territory", "Vouliez-vous dire « commune » ?"),
        ({"part0-period": "date_format(pose, 'yyyy')"}, "part0-period", "pas de colonne « pose »"),
        ({"part0-dataset": ""}, "part0-dataset", "Choisissez au moins un jeu"),
        ({"formula": "places / velos"}, "formula", "velos"),
        ({"on_track": "3"}, "on_track", "watch"),
        ({"target": "beaucoup"}, "target", ""),
        ({"title": ""}, "title", ""),
        ({"slug": "tableau"}, "slug", "ne peut pas être donnée"),
    ],
)
def test_a_fault_names_the_word_and_stands_beside_its_field(dataset, wrong, field, expected):
    client = client_of(dataset.organisation)
    answer = client.post(NEW, fields(dataset, acte="enregistrer", **wrong))
    assert answer.status_code == 400
    text = words(answer)
    assert expected in text
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Indicator.objects.exists()


def test_how_terms_go_together_is_chosen_and_a_formula_that_was_changed_wins(dataset):
    client = client_of(dataset.organisation)
    second = {f"part1-{name}": FIELDS[f"part0-{name}"] for name in ("dataset", "territory", "period")}
    terms = {**second, "part1-name": "toutes", "part1-select": "count(*)", "formula": "", "formula.avant": ""}
    saved = client.post(NEW, fields(dataset, **terms, combination="ratio", acte="enregistrer"))
    assert saved.status_code == 302
    assert Indicator.objects.get().described.formula == "places / toutes"
    page = client.get(saved.url).content.decode()
    assert '<option value="ratio" selected>' in page
    again = {**terms, "revision": "1", "acte": "enregistrer", "formula.avant": "places / toutes"}
    client.post(saved.url, fields(dataset, **again, combination="ratio") | {"formula": "places/toutes*1000"})
    assert Indicator.objects.get().described.formula == "places/toutes*1000"
    by_hand = {**again, "revision": "2", "formula.avant": "places/toutes*1000", "formula": "places/toutes*1000"}
    client.post(saved.url, fields(dataset, **by_hand, combination="percent"))
    assert Indicator.objects.get().described.formula == "places / toutes * 100"
    by_hand |= {"revision": "3", "formula.avant": "100*places/toutes", "formula": "100*places/toutes"}
    client.post(saved.url, fields(dataset, **by_hand, combination="percent"))
    assert Indicator.objects.get().described.formula == "100*places/toutes"
    refused = client.post(NEW, fields(dataset, **terms, combination="per_inhabitant", acte="enregistrer"))
    assert "Il y faut un autre nombre de termes." in words(refused)


def test_two_people_see_what_the_other_did_and_choose(dataset):
    published()
    indicator = Indicator.objects.get()
    first, second = (client_of(indicator.organisation) for _ in range(2))
    address = f"/admin/indicateurs/{indicator.slug}/"
    opened = fields(dataset, revision="1", acte="enregistrer")
    assert first.post(address, {**opened, "unit": "arceaux"}).status_code == 302
    refused = second.post(address, {**opened, "title": "Mon titre"})
    text = words(refused)
    assert refused.status_code == 400
    assert "enregistré par quelqu’un d’autre" in text
    assert "Unité arceaux places" in text
    assert 'value="Mon titre"' in refused.content.decode()
    assert 'name="revision" value="2"' in refused.content.decode()
    assert second.post(address, {**opened, "title": "Mon titre", "revision": "2"}).status_code == 302
    indicator.refresh_from_db()
    assert (indicator.title, indicator.revision) == ("Mon titre", 3)


def test_a_changed_query_keeps_old_figures_with_the_old_query(dataset):
    indicator = published()
    past = Computation.objects.get()
    client = client_of(indicator.organisation)
    changed = fields(dataset, revision="1", acte="enregistrer", **{"part0-select": "count(*)"})
    client.post("/admin/indicateurs/places/", changed)
    past.refresh_from_db()
    assert past.described.parts["places"].select == "sum(places)"
    assert Indicator.objects.get().described.parts["places"].select == "count(*)"


def test_rights(dataset):
    indicator = published()
    reader = client_of(indicator.organisation, Role.READER)
    assert reader.get("/admin/indicateurs/places/").status_code in (302, 403, 404)
    stranger = client_of(make_stands(dataset_id="autres").organisation)
    assert stranger.get("/admin/indicateurs/places/").status_code == 404
    contributor = client_of(indicator.organisation, Role.CONTRIBUTOR)
    refused = contributor.post("/admin/indicateurs/places/", fields(dataset, revision="1", acte="enregistrer"))
    assert refused.status_code == 400
    assert "Vous n’avez pas le droit" in words(refused)
    assert "Publier" not in words(contributor.get("/admin/indicateurs/places/"))
    contributor.post("/admin/indicateurs/places/", {"acte": "retirer"})
    indicator.refresh_from_db()
    assert (indicator.status, indicator.revision) == ("published", 1)


def test_the_preview_shows_nothing_of_data_closed_to_the_writer(dataset):
    other = make_stands(dataset_id="autres")
    dataset.access = Access.INTERNAL
    dataset.save()
    stranger = client_of(other.organisation, Role.CONTRIBUTOR)
    form_fields = fields(other, acte="apercu")
    answer = stranger.post(NEW, form_fields)
    assert f"{places('2023')} places" not in words(answer)


def test_it_starts_from_a_dataset_or_from_a_chart(dataset):
    client = client_of(dataset.organisation)
    text = client.get(f"{NEW}?jeu=arceaux").content.decode()
    assert 'value="count(*)"' in text
    assert '<option value="arceaux" selected>' in text
    assert "value=" not in text.partition('name="slug"')[2].partition(">")[0], "its address is made of its title"
    chart = make_chart(dataset)
    text = client.get(f"{NEW}?graphique={chart.slug}").content.decode()
    assert "sum(`places`)" in text
    assert "Des places partout" in text
    assert "existe pas" in words(client.get(f"{NEW}?jeu=absent"))


MENUS = {
    "part0-select.calcul": "sum",
    "part0-select.colonne": "places",
    "part0-select.avant": "",
    "part0-where.colonne": ["pose_le", "modele", ""],
    "part0-where.op": ["min", "egal", "egal"],
    "part0-where.valeur": ["2020-01-01", "Arceau", ""],
    "part0-where.valeur2": ["", "", ""],
    "part0-where.avant": "",
    "part0-period.colonne": "pose_le",
    "part0-period.pas": "year",
    "part0-period.avant": "",
    "part0-territory.colonne": "commune",
    "part0-territory.avant": "",
}


def test_it_is_written_by_menus_alone_without_scripts(dataset):
    client = client_of(dataset.organisation)
    texts = {"part0-select": "", "part0-where": "", "part0-period": "", "part0-territory": "", "slug": ""}
    form_fields = fields(dataset, **texts, **MENUS)
    removed = client.post(NEW, {**form_fields, "part0-where.retirer": "0"})
    assert removed.status_code == 200  # the button of a row shows the form again, and keeps nothing
    assert not Indicator.objects.exists()
    assert "`modele` = &quot;Arceau&quot;</textarea>" in removed.content.decode()
    assert client.post(NEW, {**form_fields, "acte": "enregistrer"}).status_code == 302
    indicator = Indicator.objects.get()
    part = indicator.described.parts["places"]
    assert part.select == "sum(`places`)"
    assert part.where == ("`pose_le` >= date'2020-01-01'", '`modele` = "Arceau"')
    assert (part.territory, part.period) == ("`commune`", 'date_format(`pose_le`, "yyyy")')
    assert indicator.slug == "places-de-velo"


def test_a_condition_that_is_not_finished_is_told_beside_it(dataset):
    client = client_of(dataset.organisation)
    texts = {"part0-where": "", "part0-where.valeur": ["", "Arceau", ""]}
    answer = client.post(NEW, {**fields(dataset, **MENUS), **texts, "acte": "enregistrer"})
    assert answer.status_code == 400
    assert 'aria-describedby="id_part0-where-faute-0"' in answer.content.decode()
    assert "Il manque une valeur." in words(answer)
