"""What is kept of a page, and what a block that fails does to the others."""

from __future__ import annotations

import shutil

import pytest
from django.test import Client

from parvis.core.errors import NotFound
from parvis.hub.accounts.factories import make_person
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.caches import byte_cache
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import bump_revision, update_card
from parvis.hub.charts.factories import make_chart, make_stands
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.drawings.services import update
from parvis.hub.pages import block_queries
from parvis.hub.pages.factories import block, make_theme_page
from parvis.hub.pages.figures import Figure, Provider
from parvis.hub.records.services import publish, withdraw
from parvis.hub.registry import MODULES, Module
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db

FIGURE = block("figure", {"dataset": "arceaux", "label": "arceaux"})
SORRY = "Ces données ne sont pas disponibles pour le moment."


def page(client, address="/pages/velo/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return tight(response.content.decode())


@pytest.fixture
def computed(monkeypatch) -> list:
    """The questions that were asked, one after another."""
    seen = []
    rows_of = block_queries.rows_of
    monkeypatch.setattr(block_queries, "rows_of", lambda actor, one: seen.append(one) or rows_of(actor, one))
    return seen


def test_a_page_asked_again_computes_nothing(client, computed):
    make_stands()
    make_theme_page(FIGURE, block("chart", {"dataset": "arceaux", "grouping": "commune"}))
    first = page(client)
    assert len(computed) == 2
    assert page(client) == first
    assert len(computed) == 2


def test_a_change_of_a_dataset_that_the_page_does_not_cite_computes_nothing(client, computed):
    cited, other = make_stands(), make_stands(dataset_id="abris", title="Abris couverts")
    chart = make_chart(cited)
    shown = block("datasets", {"datasets": ["arceaux"]})
    make_theme_page(FIGURE, block("chart", {"chart": chart.slug}), shown)
    first = page(client)
    count = len(computed)
    update_card(OPERATOR, other, {"title": "Abris fermés"})
    assert page(client) == first
    assert len(computed) == count
    update_card(OPERATOR, cited, {"title": "Arceaux de la ville"})
    assert "Arceaux de la ville" in page(client)
    assert len(computed) > count


def test_a_list_of_the_latest_datasets_rests_on_all_of_them(client):
    make_stands()
    make_theme_page(block("datasets", {"limit": 5}))
    page(client)
    make_stands(dataset_id="abris", title="Abris couverts")
    assert "Abris couverts" in page(client)


def test_what_is_kept_is_not_shown_once_the_dataset_is_closed(client):
    dataset = make_stands()
    make_theme_page(FIGURE)
    assert ">60</a>" in page(client)
    dataset.access = Access.INTERNAL
    dataset.save()
    bump_revision()
    assert SORRY in page(client)


def test_who_is_signed_in_is_never_given_what_was_kept_for_others_nor_the_other_way(client, computed):
    dataset = make_stands()
    make_theme_page(FIGURE)
    dataset.access = Access.INTERNAL
    dataset.save()
    bump_revision()
    chief = Client()
    chief.force_login(make_person(is_superuser=True))
    assert ">60</a>" in page(chief)
    assert SORRY in page(client)
    assert ">60</a>" in page(chief)


def test_filters_languages_and_themes_are_kept_apart(client):
    make_stands()
    bar = block("filters", {"filters": [{"label": "Commune", "dataset": "arceaux", "column": "commune"}]})
    make_theme_page(bar, FIGURE, block("chart", {"dataset": "arceaux", "grouping": "modele"}))
    whole = page(client)
    assert page(client, "/pages/velo/?commune=Grigny") != whole
    assert "theme=dark" in whole
    client.cookies["apparence"] = "light"
    assert "theme=dark" not in page(client)
    del client.cookies["apparence"]
    english = tight(client.get("/pages/velo/", headers={"accept-language": "en"}).content.decode())
    assert "Download or embed the chart" in english
    assert page(client) == whole


def test_a_saved_chart_that_changes_changes_the_page(client):
    dataset = make_stands()
    chart = make_chart(dataset)
    make_theme_page(block("chart", {"chart": chart.slug}))
    assert "Des places partout" in page(client)
    update(OPERATOR, chart, chart.described.with_changes(title="Des places ici"), revision=chart.revision)
    assert "Des places ici" in page(client)
    withdraw(OPERATOR, chart)
    assert SORRY in page(client)
    publish(OPERATOR, chart)
    assert "Des places ici" in page(client)


def test_what_is_kept_of_a_page_takes_a_quarter_of_its_letters_and_is_shown_again_as_it_was(client):
    make_stands()
    make_theme_page(
        block("table", {"dataset": "arceaux"}),
        block("chart", {"dataset": "arceaux", "mark": "bars", "grouping": "commune"}),
    )
    byte_cache("blocks").clear()
    first = page(client).partition("<article")[2].partition("</article>")[0]
    assert 0 < byte_cache("blocks").bytes < len(first) / 4
    assert page(client).partition("<article")[2].partition("</article>")[0] == first


def test_a_page_written_again_is_seen_at_once(client):
    make_stands()
    make_theme_page(FIGURE)
    page(client)
    make_theme_page(block("figure", {"dataset": "arceaux", "label": "supports"}))
    assert "supports" in page(client)


@pytest.mark.parametrize("broken", ["gone", "files", "column"])
def test_a_block_that_fails_harms_no_other_and_tells_why_to_editors_only(client, broken):
    make_stands()
    lost = make_stands(dataset_id="abris", title="Abris couverts")
    make_theme_page(block("figure", {"dataset": "abris", "measure": "places", "calculation": "sum"}), FIGURE)
    if broken == "gone":
        lost.dataset_id = "autre"
        lost.save()
    elif broken == "files":
        shutil.rmtree(versions_folder(lost.uid))
        byte_cache("blocks").clear()
    else:
        body = [block("figure", {"dataset": "abris", "measure": "sieges", "calculation": "sum"}), FIGURE]
        stored = make_theme_page(FIGURE)
        stored.body = body
        stored.save_revision().publish()
    bump_revision()
    html = page(client)
    assert SORRY in html
    assert ">60</a>" in html
    article = html.partition("<article")[2].partition("</article>")[0]
    assert "abris" not in article.lower()
    assert "sieges" not in article
    chief = Client()
    chief.force_login(make_person(is_superuser=True))
    chief_html = page(chief)
    assert "Seules les personnes qui modifient la page voient cette explication." in chief_html
    assert broken != "column" or "n’a pas de colonne « sieges »" in chief_html
    assert broken != "gone" or "« abris » n’existe pas" in chief_html


def test_figures_of_others_are_shown_and_never_kept(client, monkeypatch):
    values = iter([Figure("logements raccordables", "12"), Figure("logements raccordables", "13")])
    provider = Provider("essai", "Essais", lambda actor: [("a", "Un essai")], lambda actor, key: next(values))
    MODULES["essai"] = Module(slug="essai", figures=provider)
    try:
        make_theme_page(block("text", "<p>a</p>"))
        body = [block("figure", {"figure": "essai:a"}), block("gauge", {"figure": "essai:b", "label": "b"})]
        from parvis.hub.pages.models import ThemePage  # noqa: PLC0415

        stored = ThemePage.objects.get()
        stored.body = body[:1]
        stored.save_revision().publish()
        assert "<dd>12</dd>" in page(client)
        assert "<dd>13</dd>" in page(client)
    finally:
        del MODULES["essai"]
    assert SORRY in page(client)


def test_a_figure_that_nobody_gives_is_not_found():
    from parvis.hub.pages.figures import provided_figure  # noqa: PLC0415

    with pytest.raises(NotFound):
        provided_figure(OPERATOR, "rien:a")


@pytest.mark.parametrize(
    "name", ["../parvis.sqlite3", "a.svg", "a.html", "..%2f..%2fsecret-key", "rien.png", "/etc/passwd.png"]
)
def test_only_images_of_the_library_are_served(client, home, name):
    assert client.get(f"/media/images/{name}").status_code == 404


def test_an_image_of_the_library_is_served(client, home):
    folder = home / "media" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "place.png").write_bytes(b"\x89PNG")
    response = client.get("/media/images/place.png")
    assert response["Content-Type"] == "image/png"
    assert b"".join(response.streaming_content) == b"\x89PNG"
