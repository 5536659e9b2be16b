"""The charts and the pages of the demonstration: made once, never written again over what people did."""

from __future__ import annotations

import re

import pytest
from wagtail.models import Site

from parvis.core.atlas.description import MapDescription
from parvis.core.charts.description import ChartDescription
from parvis.core.errors import Forbidden
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.atlas.models import Map
from parvis.hub.charts.factories import make_stands
from parvis.hub.charts.models import Chart
from parvis.hub.packs.contents import load_contents
from parvis.hub.pages.blocks.body import BodyBlock
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.services import make_page
from parvis.hub.records.rules import Status, slug_of
from parvis.hub.sites.services import main_site
from parvis.packs.bundled_files import demo_charts, demo_maps, demo_pack, demo_pages

CHARTS, MAPS, PAGES = demo_charts(), demo_maps(), demo_pages()
DATASETS = {row.dataset_id for row in demo_pack().datasets}

CHART = {
    "format": 1,
    "mark": "bars",
    "sources": [{"dataset": "arceaux", "grouping": "commune"}],
    "title": "Des arceaux partout",
}
PAGE = {
    "title": "Où garer son vélo",
    "introduction": "Trois communes.",
    "theme": "transports",
    "body": [
        {"type": "chart", "value": {"chart": "des-arceaux-partout"}, "id": "11111111-1111-4111-8111-111111111111"}
    ],
}


def load(charts=None, pages=None, maps=None, actor=OPERATOR):
    charts = {"des-arceaux-partout": CHART} if charts is None else charts
    pages = {"velo": PAGE} if pages is None else pages
    return load_contents(actor, main_site(), charts=charts, maps=maps or {}, pages=pages)


@pytest.mark.django_db
def test_a_chart_and_a_page_that_shows_it_are_published(client):
    make_stands()
    loaded = load()
    assert (loaded.charts, loaded.pages, loaded.refused) == (("des-arceaux-partout",), ("velo",), ())
    assert Chart.objects.get().status == Status.PUBLISHED
    body = client.get("/pages/velo/").content.decode()
    assert "Des arceaux partout" in body and "Où garer son vélo" in body


@pytest.mark.django_db
def test_a_map_is_published_once_and_left_as_people_change_it():
    make_stands()
    maps = {"ou-sont-les-arceaux": {"format": 1, "layers": [{"dataset": "arceaux"}], "title": "Où sont les arceaux"}}
    assert load(pages={}, maps=maps).maps == ("ou-sont-les-arceaux",)
    assert Map.objects.get().status == Status.PUBLISHED
    Map.objects.update(title="Une autre carte")
    assert load(pages={}, maps=maps).maps == ()
    assert Map.objects.get().title == "Une autre carte"


@pytest.mark.django_db
def test_loading_again_touches_neither_a_page_nor_a_chart_that_people_changed():
    make_stands()
    load()
    make_page(OPERATOR, main_site(), "velo", "Un autre titre", [])
    Chart.objects.update(title="Un autre dessin")
    loaded = load()
    assert (loaded.charts, loaded.pages) == ((), ())
    assert ThemePage.objects.get().title == "Un autre titre"
    assert Chart.objects.get().title == "Un autre dessin"


@pytest.mark.django_db
def test_a_page_that_cannot_be_made_is_told_and_the_others_are_made():
    make_stands()
    wrong = {**PAGE, "body": [{"type": "chart", "value": {"chart": "jamais-vu"}, "id": "x"}]}
    loaded = load(pages={"faux": wrong, "velo": PAGE})
    assert loaded.pages == ("velo",)
    ((slug, error),) = loaded.refused
    assert (slug, error.code) == ("faux", "page-body")


@pytest.mark.django_db
def test_a_chart_of_data_that_are_not_there_is_passed_over():
    loaded = load(pages={})
    assert (loaded.charts, loaded.refused) == ((), ())


@pytest.mark.django_db
def test_strangers_load_nothing():
    with pytest.raises(Forbidden):
        load(actor=ANONYMOUS)
    assert not Site.objects.get().root_page.get_children().type(ThemePage).exists()


@pytest.mark.parametrize("slug", sorted(CHARTS))
def test_a_chart_of_the_pack_is_sound_and_lies_under_the_address_of_its_title(slug):
    description = ChartDescription.from_dict(CHARTS[slug])
    assert slug_of(description.title, "graphique") == slug
    assert {source.dataset for source in description.sources} <= DATASETS
    assert description.subtitle


@pytest.mark.parametrize("slug", sorted(MAPS))
def test_a_map_of_the_pack_is_sound_and_lies_under_the_address_of_its_title(slug):
    description = MapDescription.from_dict(MAPS[slug])
    assert slug_of(description.title, "carte") == slug
    assert {layer.dataset for layer in description.layers} <= DATASETS


def values(page, kind):
    return [block["value"] for block in page["body"] if block["type"] == kind]


def test_ten_pages_tell_ten_themes():
    assert sorted(PAGES) == sorted(
        [
            "arbres",
            "bornes-de-recharge",
            "energie",
            "entreprises",
            "fibre",
            "population",
            "ponctualite-des-trains",
            "prenoms",
            "stationnement-velo",
            "subventions",
        ]
    )


@pytest.mark.parametrize("slug", sorted(PAGES))
def test_a_page_of_the_pack_is_made_of_blocks_and_shows_figures_charts_and_a_table(slug):
    page = PAGES[slug]
    assert {block["type"] for block in page["body"]} <= set(BodyBlock().child_blocks)
    identifiers = [block["id"] for block in page["body"]]
    assert len(set(identifiers)) == len(identifiers)
    assert {value["chart"] for value in values(page, "chart")} <= set(CHARTS)
    assert len(values(page, "figures")) >= 1 and len(values(page, "chart")) >= 3 and values(page, "faq")
    assert {name for value in values(page, "datasets") for name in value["datasets"]} <= DATASETS
    assert len(page["introduction"]) >= 120 and page["search_description"]


@pytest.mark.parametrize(("kind", "made"), [("chart", CHARTS), ("map", MAPS)])
def test_every_chart_and_every_map_of_the_pack_is_shown_by_a_page(kind, made):
    shown = {value[kind] for page in PAGES.values() for value in values(page, kind)}
    assert shown == set(made)


@pytest.mark.parametrize("slug", sorted(PAGES))
def test_french_typography_is_kept(slug):
    rows = [PAGES[slug], *(CHARTS[value["chart"]] for value in values(PAGES[slug], "chart"))]
    names = ("title", "introduction", "search_description", "subtitle", "text", "label", "note", "question", "answer")
    rows += [MAPS[value["map"]] for value in values(PAGES[slug], "map")]
    for text in texts(rows, names):
        bare = re.sub(r"<[^>]*>", "", text)
        assert "'" not in bare, text
        assert not re.search(r"\w [:;?!»%€]|« |\d \d{3}\b", bare), text


def texts(value, names, name=""):
    if isinstance(value, str) and name in names:
        yield value
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from texts(child, names, key)
    elif isinstance(value, list):
        for child in value:
            yield from texts(child, names, name)
