"""A map is answered with the reader's own rights; what it shows is counted again here in plain Python."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from urllib.parse import parse_qsl, urlsplit

import pytest

from parvis.core.atlas.errors import EmptyMap, NoContours, TooManyMoments
from parvis.core.charts.errors import BroaderThanShown
from parvis.core.errors import NotFound, RequestError
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import ANONYMOUS, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.atlas.answers import answer
from parvis.hub.atlas.factories import BOX, TOWNS, described, made_trees, make_map, make_towns, make_trees
from parvis.hub.atlas.geojson import layer_geojson
from parvis.hub.atlas.layer_tables import listings
from parvis.hub.atlas.pictures import picture, start_box
from parvis.hub.atlas.places import centre_of, find_places
from parvis.hub.atlas.selectors import maps_of_readable_data
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.records.rules import Status as RecordStatus
from parvis.hub.sites.lens import Lens, looking_through
from parvis.hub.territories.models import Contour, Territory
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db

AREA = {code: 0.05 * 0.04 for code, *_rest in TOWNS}


@pytest.fixture
def trees():
    make_towns()
    return make_trees()


def asked(*layers, moment="", actor=ANONYMOUS, language="fr", **more):
    return answer(actor, described(*layers, **more), language, moment=moment)


def shown_first(*layers, town="Grigny", **more):
    territory = Territory.objects.get(name=town)
    return start_box(answer(ANONYMOUS, described(*layers, **more), territory=territory))


def shades(answered):
    return {one.code: one.value for one in answered.layers[0].shades}


# What is seen first


@pytest.mark.parametrize("layer", [{}, {"where": ('insee = "91286"',)}], ids=["more than the town", "the town alone"])
def test_a_map_that_shows_more_than_the_territory_of_the_site_opens_on_it(trees, layer):
    answered = asked(layer)
    grigny = (2.45, 48.60, 2.50, 48.64)
    assert shown_first(layer) == pytest.approx(answered.box if layer else grigny)


def test_a_view_chosen_by_its_author_and_a_territory_without_any_of_the_data_leave_a_map_as_it_is(trees):
    elsewhere = {"where": ('insee != "91286"',)}
    assert shown_first(elsewhere) == pytest.approx(asked(elsewhere).box)
    assert shown_first({}, start=(2.46, 48.61, 11)) == start_box(asked({}, start=(2.46, 48.61, 11)))


# Rows


def test_every_tree_stands_on_the_map_in_the_box_of_them_all(trees):
    answered = asked({})
    features = layer_geojson(answered, 0)["features"]
    assert answered.box == pytest.approx(BOX)
    assert len(features) == 60
    expected = {(name, float(place[6:].split()[0])) for name, *_rest, place in made_trees()}
    assert {(one["properties"]["nom"], one["geometry"]["coordinates"][0]) for one in features} == expected


def test_a_condition_keeps_its_rows_only(trees):
    answered = asked({"where": ("hauteur >= 10",)})
    assert answered.layers[0].total == sum(row[2] >= 10 for row in made_trees())


def test_numbers_take_classes_made_from_all_the_rows(trees):
    legend = asked({"colour": "hauteur", "steps": 4}).layers[0].legend
    counted = Counter(legend.step_of(row[2]).text for row in made_trees())
    assert list(counted.values()) == [15, 15, 15, 15] and set(counted) == {step.text for step in legend.steps}
    assert legend.steps[0].text.endswith("m")


def test_categories_take_a_colour_each_the_most_frequent_first(trees):
    legend = asked({"colour": "espece"}).layers[0].legend
    assert {step.text for step in legend.steps} == {"Tilleul", "Platane"}


# Territories


def test_trees_are_counted_by_commune(trees):
    assert shades(asked({"kind": "choropleth"})) == Counter(row[4] for row in made_trees())


def test_heights_are_added_up_and_averaged(trees):
    sums, counts = defaultdict(float), Counter()
    for _name, _species, height, _year, code, _place in made_trees():
        sums[code] += height
        counts[code] += 1
    layer = {"kind": "choropleth", "measure": "hauteur"}
    assert shades(asked({**layer, "calculation": "sum"})) == pytest.approx(sums)
    averages = {code: total / counts[code] for code, total in sums.items()}
    assert shades(asked({**layer, "calculation": "avg"})) == pytest.approx(averages)
    assert shades(asked({"kind": "choropleth", "formula": "sum(hauteur) / count(*)"})) == pytest.approx(averages)


def test_values_are_related_to_inhabitants_and_to_square_kilometres(trees):
    counts = Counter(row[4] for row in made_trees())
    people = {code: counts[code] * 1_000 / inhabitants for code, _name, _west, inhabitants in TOWNS}
    assert shades(asked({"kind": "choropleth", "per": "inhabitants"})) == pytest.approx(people)
    # 0.05° × 0.04° at 48.62° north, on a sphere.
    side = 6_371.0088 * math.pi / 180
    surface = 0.05 * side * math.cos(math.radians(48.62)) * 0.04 * side
    by_surface = shades(asked({"kind": "choropleth", "per": "km2"}))
    assert by_surface == {code: pytest.approx(20 / surface, rel=0.01) for code in AREA}


def test_codes_are_brought_to_their_department(trees):
    Territory.objects.create(kind="departement", code="91", name="Essonne", folded="essonne", contour=_square(2.4, 2.5))
    Territory.objects.create(
        kind="departement", code="77", name="Seine-et-Marne", folded="s", contour=_square(2.5, 2.55)
    )
    actual = shades(asked({"kind": "choropleth", "level": "departement"}))
    assert actual == Counter(row[4][:2] for row in made_trees())


def _square(west, east):
    return {
        "type": "Polygon",
        "coordinates": [[[west, 48.6], [east, 48.6], [east, 48.64], [west, 48.64], [west, 48.6]]],
    }


def test_territories_without_contour_are_listed_and_told(trees):
    Contour.objects.filter(territory__code="77251").delete()
    answered = asked({"kind": "choropleth"})
    listed = listings(ANONYMOUS, answered, None)[0]
    assert [row[0].text for row in listed.rows] == ["Évry-Courcouronnes", "Grigny", "Lieusaint"]
    assert listed.note.startswith("1 territoire n’a")
    assert len(layer_geojson(answered, 0)["features"]) == 2


def test_no_contour_at_all_is_an_error_that_says_so(trees):
    Contour.objects.all().delete()
    with pytest.raises(NoContours):
        asked({"kind": "choropleth", "label": "Arbres par commune"})


def test_each_value_leads_to_the_rows_that_made_it(trees, client):
    answered = asked({"kind": "choropleth", "where": ('`espece` = "Platane"',)})
    for row in listings(ANONYMOUS, answered, None)[0].rows:
        trail = row[1].trail
        assert {"Jeu de données", "Version", "Requête", "Date"} <= {label for label, _text in trail.facts}
        body = tight(client.get(trail.address).content.decode())
        assert f">{row[1].text}</a> ligne" in body


def test_a_value_whose_conditions_no_filter_says_leads_to_the_answer(trees, client):
    answered = asked({"kind": "choropleth", "where": ('`espece` in ("Platane", "Tilleul")',)})
    trail = listings(ANONYMOUS, answered, None)[0].rows[0][1].trail
    lines = b"".join(client.get(trail.address).streaming_content).decode("utf-8-sig").split()
    value_by_code = dict(line.split(";") for line in lines[1:])
    assert {code: int(value) for code, value in value_by_code.items() if code in shades(answered)} == shades(answered)


def test_rows_of_the_list_lead_to_the_table(trees):
    listed = listings(ANONYMOUS, asked({}), None)[0]
    trail = listed.rows[5][0].trail
    assert ("valeur", listed.rows[5][0].text) in parse_qsl(urlsplit(trail.address).query)
    assert trail.links


# Time


def test_a_slider_runs_over_the_years_and_each_shows_its_own(trees):
    layer = {"time": "annee"}
    assert [key for key, _text in asked(layer).moments] == ["2021", "2022", "2023", "2024"]
    assert asked(layer).layers[0].total == 60, "all of them at first"
    for year in ("2021", "2024"):
        assert asked(layer, moment=year).layers[0].total == sum(row[3] == int(year) for row in made_trees())
    assert asked(layer, moment="1789; DROP").moment == ""


def test_territories_show_the_last_moment_with_the_classes_of_all(trees):
    layer = {"kind": "choropleth", "time": "annee"}
    last, first = asked(layer), asked(layer, moment="2021")
    assert last.moment == "2024" and not last.shows_all
    for answered in (last, first):
        assert shades(answered) == Counter(row[4] for row in made_trees() if str(row[3]) == answered.moment)
    assert last.layers[0].legend.edges == first.layers[0].legend.edges


def test_more_moments_than_a_slider_bears_are_refused(trees, monkeypatch):
    monkeypatch.setattr("parvis.hub.atlas.answers.MOST_MOMENTS", 3)
    with pytest.raises(TooManyMoments):
        asked({"time": "annee"})


# Several layers


def test_layers_of_two_datasets_share_a_map(trees):
    make_trees(dataset_id="arbres-prives", title="Arbres privés")
    answered = asked({"where": ("hauteur > 16",)}, {"dataset": "arbres-prives", "kind": "clusters"})
    assert [one.total for one in answered.layers] == [sum(row[2] > 16 for row in made_trees()), 60]
    assert answered.description.title == "Arbres · Arbres privés"


def test_a_filter_that_keeps_nothing_is_told_as_such(trees):
    with pytest.raises(EmptyMap):
        asked({"where": ("hauteur > 1000",)})


@pytest.mark.parametrize("where", ["1=1); DROP TABLE rows; --", "nom = ", "inconnue = 3", "`nom` like '%' union"])
def test_a_condition_written_by_a_stranger_is_a_condition_and_nothing_else(trees, where):
    with pytest.raises(RequestError):
        asked({"where": (where,)})
    assert asked({}).layers[0].total == 60


# Places


def test_a_place_is_found_by_the_name_of_a_commune_or_of_a_row(trees):
    answered = asked({})
    assert [(one.text, one.kind) for one in find_places(ANONYMOUS, answered, "grigny")] == [("Grigny", "commune")]
    places = find_places(ANONYMOUS, answered, "arbre 41")
    row = next(row for row in made_trees() if row[0] == "Arbre 41")
    assert f"POINT({places[0].longitude:.4f} {places[0].latitude:.4f})" == row[5]
    assert find_places(ANONYMOUS, answered, "*") == []
    assert find_places(ANONYMOUS, answered, '"); drop') == []


def test_the_nearest_rows_come_first_with_their_distance(trees):
    listed = listings(ANONYMOUS, asked({}), (2.45, 48.60))[0]
    places = {row[0]: tuple(map(float, row[5][6:-1].split())) for row in made_trees()}

    def away(name):
        x, y = places[name]
        return math.hypot((x - 2.45) * math.cos(math.radians(48.6)), y - 48.60)

    distances = [away(row[0].text) for row in listed.rows]
    assert len(distances) == 60 and distances == pytest.approx(sorted(distances), abs=1e-5)
    assert listed.rows[0][1].text.endswith("m")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2.44,48.63", (2.44, 48.63)), ("-4,0", (-4, 0)), ("200,3", None), ("2,99", None), ("", None), ("a,b", None)],
)
def test_a_place_in_an_address_is_read_or_left(text, expected):
    assert centre_of(text) == expected


# Rights and sites


@pytest.mark.parametrize("change", [{"access": Access.RESTRICTED}, {"status": Status.UNPUBLISHED}])
def test_what_the_reader_may_not_read_is_not_there_even_when_its_picture_was_drawn(trees, change):
    make_map(trees)
    answered = asked({})
    picture(ANONYMOUS, answered, "svg")
    for name, value in change.items():
        setattr(trees, name, value)
    trees.save()
    with pytest.raises(NotFound):
        asked({})
    assert maps_of_readable_data(ANONYMOUS) == []
    editor = actor_of(make_member(trees.organisation, Role.CONTRIBUTOR))
    assert asked({}, actor=editor).layers[0].total == 60


def test_a_draft_map_is_not_listed(trees):
    make_map(trees, status=RecordStatus.DRAFT)
    assert maps_of_readable_data(ANONYMOUS) == []


def test_a_commune_sees_its_own_trees_and_no_picture_of_another(trees):
    town = Territory.objects.get(code="91286")
    whole = asked({})
    everywhere = picture(ANONYMOUS, whole, "svg")
    with looking_through(Lens(town.pk, town.name, ("91286",))):
        seen = asked({})
        shaded = asked({"kind": "choropleth"})
        assert seen.layers[0].total == sum(row[4] == "91286" for row in made_trees())
        assert list(shades(shaded)) == ["91286"]
        with pytest.raises(BroaderThanShown):
            asked({"kind": "choropleth", "level": "departement"})
        assert picture(ANONYMOUS, seen, "svg") != everywhere
        assert seen.key != whole.key


def test_former_versions_are_drawn_when_they_are_asked(trees):
    with pytest.raises(NotFound):
        asked({"version": "jamais"})
    assert asked({"version": trees.current.name}).layers[0].total == 60
