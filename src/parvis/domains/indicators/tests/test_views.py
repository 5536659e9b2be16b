"""The pages of indicators: figures in French, where they come from, nothing of what is closed to the reader."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.core.indicators.definition import Definition
from parvis.domains.indicators import services
from parvis.domains.indicators.collection import MOST_FEATURED, MOST_LINES
from parvis.domains.indicators.models import Value
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import update_card
from parvis.hub.charts.factories import made_rows, make_stands
from parvis.hub.records.rules import Status as IndicatorStatus

pytestmark = pytest.mark.django_db

BODY = {
    "slug": "places",
    "title": "Places de vélo",
    "question": "Combien de places ?",
    "method": "On additionne les places.",
    "unit": "places",
    "direction": "higher",
    "place": "Ville",
    "target": 1500,
    "on_track": 20,
    "watch": 10,
    "parts": {
        "places": {
            "dataset": "arceaux",
            "select": "sum(places)",
            "where": ['modele="Arceau"', "places >= 4"],
            "territory": "commune",
            "period": 'date_format(pose_le, "yyyy")',
        }
    },
}
ARCEAUX = [row for row in made_rows() if row[1] == "Arceau" and row[3] >= 4]


@pytest.fixture
def dataset(home):
    return make_stands()


def published(**changes):
    indicator = services.create_indicator(OPERATOR, make_organisation(), Definition.from_dict({**BODY, **changes}))
    services.set_status(OPERATOR, indicator, IndicatorStatus.PUBLISHED)
    services.compute_indicator(OPERATOR, indicator)
    return indicator


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", html.unescape(response.content.decode()))
    return re.sub(r"[\s\u202f]+", " ", text)


def places(year, commune=None):
    return sum(row[3] for row in ARCEAUX if row[2].startswith(year) and commune in (None, row[0]))


def test_the_list_tells_each_indicator_at_a_glance(client, dataset):
    published()
    text = words(client.get("/indicateurs/"))
    assert "Places de vélo" in text
    assert f"{places('2023')} places" in text
    assert "Ville · 2023" in text
    assert "en bonne voie" in text
    assert places("2022") == places("2023")
    assert "stable depuis 2022" in text
    assert "cible : 1 500 places" in text
    assert "aujourd’hui" in text


def test_a_rise_is_said_with_what_it_means(client, dataset):
    dear = {**BODY["parts"]["places"], "where": ['modele="Arceau"', "prix >= 175"]}
    published(parts={"places": dear})
    rows = [row for row in made_rows() if row[1] == "Arceau" and row[4] >= 175]
    after, before = (sum(row[3] for row in rows if row[2].startswith(year)) for year in ("2023", "2022"))
    assert after > before
    text = words(client.get("/indicateurs/"))
    assert f"en hausse de {after - before} places depuis 2022 (c’est mieux)" in text


def test_the_page_shows_history_territories_method_and_rows(client, dataset):
    published()
    response = client.get("/indicateurs/places/")
    text = words(response)
    assert "Valeur (places)" in text
    assert all(f"{year} {places(year)} " in text for year in ("2019", "2020", "2021", "2022", "2023"))
    assert f"Grigny {places('2023', 'Grigny')} " in text
    assert (
        "somme de « Places », où « Modèle » est Arceau et « Places » est au moins 4, par « Commune », par année" in text
    )
    assert "On additionne les places." in text
    address = re.search(r'href="([^"]+table/[^"]+)"', response.content.decode())[1]
    rows = client.get(html.unescape(address))
    assert rows.status_code == 200
    assert f"{len(ARCEAUX)} lignes" in words(rows)


def test_a_figure_keeps_its_address_and_says_where_it_comes_from(client, dataset):
    indicator = published()
    value = Value.objects.get(territory="Grigny", period="2023")
    changed = Definition.from_dict({**BODY, "formula": "places * 2"})
    services.update_indicator(OPERATOR, indicator, changed, revision=1)
    services.compute_indicator(OPERATOR, indicator)
    text = words(client.get(value.get_absolute_url()))
    assert f"{places('2023', 'Grigny')} places" in text
    assert "recalculé depuis" in text
    assert (
        'select sum(places) where modele="Arceau" and places >= 4 group by commune, date_format(pose_le, "yyyy")'
        in text
    )
    assert dataset.current.original in text
    assert value.get_absolute_url() in text


def test_what_is_closed_to_the_reader_is_not_shown(client, dataset):
    published()
    value = Value.objects.get(territory="", period="2023")
    dataset.access = Access.INTERNAL
    dataset.save()
    for address in ("/indicateurs/", "/indicateurs/places/"):
        text = words(client.get(address))
        assert "aucune valeur n’est montrée" in text
        assert f"{places('2023')} places" not in text
        assert "sum(places)" not in text
        assert dataset.title not in text
    assert client.get(value.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("address", ["absent/", "places/valeurs/999999999/", f"places/valeurs/{10**30}/"])
def test_what_does_not_exist_is_not_found(client, dataset, address):
    published()
    assert client.get(f"/indicateurs/{address}").status_code == 404


def test_a_draft_has_no_page(client, dataset):
    services.create_indicator(OPERATOR, make_organisation(), Definition.from_dict(BODY))
    assert client.get("/indicateurs/places/").status_code == 404
    assert "Places de vélo" not in words(client.get("/indicateurs/"))


def test_a_late_source_and_a_missing_one_are_said(client, dataset):
    indicator = published(late_after=30)
    dataset.data_modified = timezone.now() - timedelta(days=400)
    dataset.save()
    assert "Données non actualisées" in words(client.get("/indicateurs/places/"))
    assert "il y a 13 mois" in words(client.get("/indicateurs/places/"))
    indicator.trouble = {"code": "indicator-source", "fr": "Plus rien.", "en": "Nothing left.", "since": ""}
    indicator.save()
    assert "Source manquante : Plus rien." in words(client.get("/indicateurs/places/"))


def test_the_age_is_that_of_the_data_not_of_its_publication_here(client, dataset):
    dataset.as_told = {"default": {"modified": f"{timezone.localdate() - timedelta(days=800)}T00:00:00+00:00"}}
    dataset.save()
    published()
    assert "il y a 2 ans" in words(client.get("/indicateurs/places/"))
    update_card(OPERATOR, dataset, {"title": "Un titre corrigé"})
    assert "il y a 2 ans" in words(client.get("/indicateurs/places/"))


def test_the_list_is_by_theme_and_shows_one_theme_alone(client, dataset):
    dataset.themes = ["transports"]
    dataset.save()
    published()
    parts = {"n": {"dataset": "autres", "select": "count(*)"}}
    make_stands(dataset_id="autres", themes=["environnement"])
    published(slug="autre", title="Un autre", parts=parts, on_track=None, watch=None)
    assert re.search(
        "Environnement et climat .* Un autre .* Mobilité et transports .* Places de vélo",
        words(client.get("/indicateurs/")),
    )
    text = words(client.get("/indicateurs/?theme=transports"))
    assert "Places de vélo" in text
    assert "Un autre" not in text
    assert "Un autre" in words(client.get("/indicateurs/?theme=inconnu"))


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [("2020-12-31", "au 31 décembre 2020 (échéance passée)"), ("2999-12-31", "au 31 décembre 2999 ")],
)
def test_a_target_tells_its_deadline_and_that_it_is_over(client, dataset, deadline, expected):
    published(deadline=deadline)
    assert f"cible : 1 500 places {expected}" in words(client.get("/indicateurs/places/"))


def test_periods_are_written_as_they_are_spoken(client, dataset):
    published(parts={"places": {**BODY["parts"]["places"], "period": 'date_format(pose_le, "yyyy-MM")'}})
    text = words(client.get("/indicateurs/places/"))
    assert "décembre 2021" in text
    assert not re.search(r"\b20\d\d-\d\d\b(?!-)", text.partition("D’où vient")[0])


def test_a_figure_told_again_at_each_computing_is_computed_once_more_on_demand(client, dataset):
    indicator = published()
    value = Value.objects.get(territory="", period="2023")
    assert "D’un calcul à l’autre" not in words(client.get("/indicateurs/places/"))
    changed = Definition.from_dict({**BODY, "formula": "places * 2"})
    services.update_indicator(OPERATOR, indicator, changed, revision=1)
    text = words(client.get("/indicateurs/places/"))
    assert "Sa définition vient de changer" in text
    assert f"{places('2023')} places" in text
    services.compute_indicator(OPERATOR, indicator)
    text = words(client.get("/indicateurs/places/"))
    assert "Sa définition vient de changer" not in text
    turns = text.partition("D’un calcul à l’autre")[2].partition("Méthode")[0]
    assert re.search(f"2023 {places('2023') * 2} places .* 2023 {places('2023')} places", turns)
    again = words(client.get(f"{value.get_absolute_url()}?refaire=1"))
    assert f"des mêmes versions : {places('2023')} places. C’est le même chiffre." in again
    Value.objects.filter(pk=value.pk).update(value=1.0)
    assert "Ce n’est pas le même chiffre" in words(client.get(f"{value.get_absolute_url()}?refaire=1"))
    dataset.versions.update(name="perdue")
    gone = client.get(f"{value.get_absolute_url()}?refaire=1")
    assert gone.status_code == 200
    assert "n’a pas de version publiée à interroger" in words(gone)


def test_everything_is_said_in_english_too(client, dataset):
    published()
    client.cookies["django_language"] = "en"
    text = words(client.get("/indicateurs/places/"))
    assert "Where this figure comes from" in text
    assert "target: 1,500 places" in text


def test_a_theme_of_many_indicators_unfolds_beside_the_others_and_is_whole_alone(client, dataset):
    update_card(OPERATOR, dataset, {"themes": ["transports"]})
    for number in range(10):
        published(slug=f"places-{number}", title=f"Numéro {number}")
    beside, alone = (client.get(f"/indicateurs/{end}").content.decode() for end in ("", "?theme=transports"))
    titles = [f">Numéro {number}</a>" for number in range(10)]
    assert all(beside.count(title) == alone.count(title) == 1 for title in titles)
    unfolded = beside[beside.index('<details class="indicators-folded">') :]
    assert sum(title in unfolded for title in titles) == 10 - MOST_FEATURED - MOST_LINES
    assert "Afficher 3 autres indicateurs" in words(client.get("/indicateurs/"))
    assert "indicators-folded" not in alone
