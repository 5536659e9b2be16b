"""An indicator elsewhere: in a frame, as a picture, as a feed, in the site map, in pages, in the API's description."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator

from parvis.core.errors import NotFound
from parvis.core.indicators.definition import Definition
from parvis.domains.indicators import figures, services
from parvis.domains.indicators.models import Indicator
from parvis.domains.indicators.tests.test_views import BODY, places, published, words
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import bump_revision
from parvis.hub.charts.factories import make_stands
from parvis.hub.pages.factories import block, make_theme_page
from parvis.hub.pages.figures import figures_put_forward, provided_figure, providers
from parvis.hub.records.rules import Status as IndicatorStatus
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def dataset(home):
    return make_stands()


def late(dataset):
    dataset.data_modified = timezone.now() - timedelta(days=400)
    dataset.save()


def entries(response) -> list[str]:
    return [one.find(f"{ATOM}title").text for one in ElementTree.fromstring(response.content).iter(f"{ATOM}entry")]


def test_the_tile_may_stand_in_a_frame_of_any_site(client, dataset):
    published(late_after=30)
    late(dataset)
    answer = client.get("/indicateurs/places/integrer/")
    assert "frame-ancestors 'self' *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert f"{places('2023')} places" in words(answer)
    assert "Données non actualisées" in words(answer)
    assert '<base target="_top">' in answer.content.decode()
    assert "X-Frame-Options" in client.get("/indicateurs/places/")


def test_the_picture_says_the_same_words(client, dataset):
    published(late_after=30)
    late(dataset)
    svg = client.get("/indicateurs/places/image.svg")
    assert svg["Content-Type"] == "image/svg+xml"
    text = re.sub(r"\s", " ", svg.content.decode())
    assert "Places de vélo" in text
    assert f"{places('2023')} places" in text
    assert "Données non actualisées" in text
    png = client.get("/indicateurs/places/image.png")
    assert png.content.startswith(b"\x89PNG")
    dataset.access = Access.INTERNAL
    dataset.save()
    assert f"{places('2023')} places" not in re.sub(
        r"\s", " ", client.get("/indicateurs/places/image.svg").content.decode()
    )


def test_feeds_give_figures_and_say_what_is_late(client, dataset):
    published(late_after=30)
    late(dataset)
    for address in ("/indicateurs/flux.atom", "/indicateurs/places/flux.atom"):
        answer = client.get(address)
        assert answer["Content-Type"].startswith("application/atom+xml")
        assert entries(answer) == [f"Places de vélo : {places('2023')} places"]
        assert "Données non actualisées" in answer.content.decode()
    assert "/indicateurs/places/flux.atom" in client.get("/indicateurs/places/").content.decode()
    dataset.access = Access.INTERNAL
    dataset.save()
    assert entries(client.get("/indicateurs/places/flux.atom")) == []
    assert entries(client.get("/indicateurs/flux.atom")) == []


def test_a_feed_tells_of_a_bound_passed_alone(client, dataset):
    indicator = published()
    for formula in ("places * 100", "places * 101", "places", "places * 102"):
        body = {**indicator.definition, "formula": formula}
        services.update_indicator(OPERATOR, indicator, Definition.from_dict(body), revision=indicator.revision)
        services.compute_indicator(OPERATOR, indicator)
    assert len(entries(client.get("/indicateurs/places/flux.atom"))) == 5
    passed = entries(client.get("/indicateurs/places/flux.atom?seuil=1000&sens=dessus"))
    assert passed == [f"Places de vélo : {number(places('2023') * times)} places" for times in (102, 100)]
    assert entries(client.get("/indicateurs/places/flux.atom?seuil=10000000")) == []
    assert client.get("/indicateurs/places/flux.atom?seuil=beaucoup").status_code == 400


def number(value):
    return f"{value:,}".replace(",", "\u202f")


def test_the_figure_has_its_trail_wherever_it_stands(client, dataset):
    published()
    for address in (
        "/indicateurs/",
        "/indicateurs/places/",
        "/indicateurs/tableau/?i=places",
        "/indicateurs/places/integrer/",
    ):
        text = client.get(address).content.decode()
        assert 'class="trail"' in text, address
        assert dataset.current.original in text, address
        trail = re.search(r'class="trail" href="([^"]+)"', text)[1]
        assert client.get(trail).status_code == 200


def test_editorial_pages_show_an_indicator(dataset):
    published(late_after=30)
    assert "indicateur" in {one.name for one in providers()}
    assert ("places", "Places de vélo") in list(figures.choices(ANONYMOUS))
    figure = provided_figure(ANONYMOUS, "indicateur:places")
    assert (figure.value, figure.target, figure.state) == (places("2023"), 1500, "en bonne voie")
    assert figure.trail is not None
    late(dataset)
    assert "Données non actualisées" in provided_figure(ANONYMOUS, "indicateur:places").warning
    dataset.access = Access.INTERNAL
    dataset.save()
    closed = provided_figure(ANONYMOUS, "indicateur:places")
    assert (closed.value, closed.trail, closed.target) == (None, None, None)
    with pytest.raises(NotFound):
        provided_figure(ANONYMOUS, "indicateur:absent")


def test_figures_put_forward_are_kept_until_they_change(dataset, django_assert_num_queries):
    indicator = published()
    bump_revision()
    assert figures_put_forward(ANONYMOUS)[0].text == f"{places('2023')} places"
    with django_assert_num_queries(3):  # the marks of the catalogue, of indicators and of acts
        assert len(figures_put_forward(ANONYMOUS)) == 1
    changed = Definition.from_dict({**BODY, "formula": "places * 2"})
    services.update_indicator(OPERATOR, indicator, changed, revision=indicator.revision)
    services.compute_indicator(OPERATOR, indicator)
    assert figures_put_forward(ANONYMOUS)[0].text == f"{places('2023') * 2} places"
    Indicator.objects.update(trouble={"code": "not-found", "fr": "Rien", "en": "Nothing", "since": "2026-01-01"})
    with pytest.raises(pytest.fail.Exception), django_assert_num_queries(3):
        figures_put_forward(ANONYMOUS)
    services.set_status(OPERATOR, indicator, IndicatorStatus.RETIRED)
    assert figures_put_forward(ANONYMOUS) == []


def test_homes_put_forward_what_concerns_their_territory(dataset, by_code_site):
    published(level="commune")
    other = {**BODY, "slug": "ailleurs", "title": "Ailleurs", "territory": "commune:99999"}
    again = services.create_indicator(OPERATOR, Indicator.objects.get().organisation, Definition.from_dict(other))
    services.set_status(OPERATOR, again, IndicatorStatus.PUBLISHED)
    services.compute_indicator(OPERATOR, again)
    grigny, epci = Territory.objects.get(), Territory(kind="epci", code="200059228", name="Grand Paris Sud")
    of_commune = figures_put_forward(ANONYMOUS, grigny)
    assert {(one.value, one.note) for one in of_commune} == {(places("2023", "Grigny"), "Grigny · 2023")}
    assert figures_put_forward(ANONYMOUS, epci) == []
    assert len(figures_put_forward(ANONYMOUS)) == 2
    chosen = figures_put_forward(ANONYMOUS, epci, ["indicateur:ailleurs", "indicateur:absent", "indicateur:places"])
    assert [one.label for one in chosen] == ["Ailleurs", "Places de vélo"]
    assert all(one.trail and one.age for one in chosen)
    dataset.access = Access.INTERNAL
    dataset.save()
    assert figures_put_forward(ANONYMOUS, None, ["indicateur:places"]) == []


def test_a_block_tells_the_age_of_an_indicator_whatever_its_editor_writes(client, dataset):
    published(direction="lower", on_track=100000, watch=200000)
    dataset.data_modified = timezone.now() - timedelta(days=400)
    dataset.save()
    followed = {"figure": "indicateur:places"}
    page = make_theme_page(block("figure", {**followed, "note": "Une précision."}), block("gauge", followed))
    text = words(client.get(page.url))
    assert f"{places('2023')} places" in text
    assert "Une précision. · il y a 13 mois" in text
    assert text.count("il y a 13 mois") >= 2
    assert "Objectif : 1 500 places" in text
    assert "sous le plafond" in text


def test_search_engines_know_the_pages_that_say_something(client, dataset):
    published()
    text = client.get("/sitemap.xml").content.decode()
    assert "/indicateurs/places/</loc>" in text
    dataset.access = Access.INTERNAL
    dataset.save()
    assert "/indicateurs/" not in client.get("/sitemap.xml").content.decode()


def test_the_api_is_described_as_it_answers(client, dataset):
    published()
    document = client.get("/api/parvis/v1/openapi.json").json()
    for path, address in (("/indicators", "/indicators"), ("/indicators/{slug}", "/indicators/places")):
        schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        whole = {**schema, "components": document["components"]}
        body = client.get(f"/api/parvis/v1{address}").json()
        assert list(Draft202012Validator(whole).iter_errors(body)) == []


def test_a_communes_site_tells_the_figure_of_the_commune_everywhere(client, by_code_site, dataset):
    published(level="commune")
    host = {"HTTP_HOST": by_code_site}
    here = f"{places('2023', 'Grigny')} places"
    for address in (
        "/indicateurs/",
        "/indicateurs/places/",
        "/indicateurs/places/integrer/",
        "/indicateurs/tableau/?i=places",
    ):
        text = words(client.get(address, **host))
        assert here in text, address
        assert "Grigny · 2023" in text, address
    body = client.get("/api/parvis/v1/indicators", **host).json()["results"][0]
    assert (body["value"]["value"], body["value"]["name"]) == (places("2023", "Grigny"), "Grigny")
    assert entries(client.get("/indicateurs/places/flux.atom", **host)) == [
        f"Places de vélo : {places('2023', 'Grigny')} places"
    ]
    assert f"{places('2023')} places" in words(client.get("/indicateurs/places/"))


@pytest.fixture
def by_code_site(dataset):
    """The host name of a commune's site, whose commune is known to the dataset by its name as its code."""
    grigny = Territory.objects.create(kind="commune", code="Grigny", name="Grigny", epci="200059228")
    make_site(OPERATOR, grigny, "grigny.localhost", parent=main_site())
    return "grigny.localhost"
