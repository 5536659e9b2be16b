"""Pages on paper."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pypdfium2
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from parvis.hub.catalogue.rules import Access
from parvis.hub.charts.factories import made_rows, make_stands
from parvis.hub.maps.factories import SPECIES, make_trees
from parvis.hub.pages import views
from parvis.hub.pages.factories import block, make_theme_page
from parvis.hub.pages.paper import printer
from parvis.hub.pages.paper.printer import PrintingFailed, Sheet, printed
from parvis.hub.pages.paper.rich_text import nodes_of
from parvis.hub.pages.paper.sheets import require_every_kind
from parvis.hub.quotas.metering import limiter
from parvis.hub.quotas.rules import anonymous_name

BAR = block("filters", {"filters": [{"label": "Commune", "dataset": "arceaux", "column": "commune"}]})
BODY = (
    block("text", "<h2>Où garer son vélo ?</h2><p>Des <b>arceaux</b>, et <a href='/explore/'>leurs lignes</a>.</p>"),
    block("figure", {"dataset": "arceaux", "calculation": "sum", "measure": "places", "label": "places posées"}),
    block("chart", {"dataset": "arceaux", "grouping": "commune", "mark": "bars", "title": "Par commune"}),
    block("table", {"dataset": "arceaux", "columns": "commune, places", "title": "Les premiers arceaux"}),
    block("quote", {"text": "Enfin !", "author": "Une habitante"}),
    block("tabs", {"sections": [{"title": "Méthode", "body": [block("text", "<h2>Comment</h2><p>Comptés.</p>")]}]}),
)


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return re.sub(r"\s+", " ", text)


@pytest.mark.django_db
def test_a_page_is_a_tagged_pdf_with_its_figures_its_address_and_its_sources(client):
    make_stands()
    make_theme_page(BAR, *BODY)
    response = client.get("/pages/velo/page.pdf")
    assert response["Content-Type"] == "application/pdf"
    text = words(response.content)
    for expected in (
        "Le stationnement des vélos",
        "Où garer son vélo ?",
        f"{sum(row[3] for row in made_rows())} places",
        "Les premiers arceaux",
        "Enfin !",
        "Méthode",
        "/pages/velo/",
        "Sources",
    ):
        assert expected in text
    for mark in (b"/StructTreeRoot", b"/Lang", b"pdfuaid"):
        assert mark in response.content


@pytest.mark.django_db
def test_a_pdf_is_under_the_filters_of_its_address_and_says_so(client):
    make_stands()
    make_theme_page(BAR, *BODY)
    text = words(client.get("/pages/velo/page.pdf?commune=Grigny").content)
    limiter = sum(row[3] for row in made_rows() if row[0] == "Grigny")
    assert f"{limiter} places" in text
    assert "Filtres : Commune : Grigny" in text


@pytest.mark.django_db
def test_a_page_is_set_once_and_one_caller_has_one_set_at_a_time(client, monkeypatch):
    make_stands()
    make_theme_page(BAR, *BODY)
    own = anonymous_name("127.0.0.1", datetime.now(UTC).date(), settings.SECRET_KEY)
    assert limiter().take("pdf", own) is None
    assert client.get("/pages/velo/page.pdf?commune=Ris").status_code == 429
    limiter().give_back("pdf", own)
    first = client.get("/pages/velo/page.pdf?commune=Ris").content
    monkeypatch.setattr(views, "printed", lambda *given: pytest.fail("set again"))
    assert client.get("/pages/velo/page.pdf?commune=Ris").content == first


@pytest.mark.django_db
def test_a_pdf_tells_nothing_of_data_that_was_closed(client):
    dataset = make_stands(title="Plan secret")
    make_theme_page(block("figure", {"dataset": "arceaux", "label": "vélos"}), block("chart", {"dataset": "arceaux"}))
    dataset.access = Access.INTERNAL
    dataset.save()
    text = words(client.get("/pages/velo/page.pdf").content)
    assert "Ces données ne sont pas disponibles" in text
    assert "Plan secret" not in text


def test_words_are_never_read_as_the_language_of_the_typesetter(tmp_path):
    wild = '#panic("x") $ a^2 $ *gras* _ita_ @ref <label> #{ } \\ " `code` // /* https://x.example \u202e\x00'
    nodes = [
        {"kind": "paragraph", "runs": [{"text": wild}]},
        {"kind": "heading", "level": 2, "text": wild},
        {"kind": "table", "heads": [wild], "numbers": [False], "rows": [[wild]]},
        {"kind": "quote", "text": wild, "by": wild},
        {"kind": "list", "ordered": True, "items": [[{"text": wild, "href": 'https://x.example/")#panic()'}]]},
    ]
    text = words(printed(Sheet(wild, wild, wild, nodes=nodes), tmp_path))
    assert text.count('#panic("x")') >= 7
    assert "*gras*" in text


def test_a_typesetter_that_is_late_is_told_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(printer, "SECONDS", 0.01)
    with pytest.raises(PrintingFailed):
        printed(Sheet("Titre"), tmp_path)
    assert list(tmp_path.iterdir()) == []


@given(st.text(alphabet="<>/pbiulah123 \"'&;x\n", max_size=120))
def test_any_html_becomes_nodes_that_keep_its_words(html):
    for node in nodes_of(f"<p>avant</p>{html}<p>après", "https://x.example"):
        assert node["kind"] in {"paragraph", "heading", "list"}
        for run in [*node.get("runs", ()), *(run for item in node.get("items", ()) for run in item)]:
            assert run["text"]
            assert run["href"].startswith(("http", "mailto")) or run["href"] == ""


def test_rich_text_keeps_its_headings_its_lists_and_its_links():
    nodes = nodes_of(
        '<h2>A</h2><ul><li>b <b>c</b></li><li>d</li></ul><p><a href="/explore/">e</a></p>', "https://x.example"
    )
    assert [node["kind"] for node in nodes] == ["heading", "list", "paragraph"]
    assert [run["bold"] for run in nodes[1]["items"][0]] == [False, True]
    assert nodes[2]["runs"][0]["href"] == "https://x.example/explore/"


def test_a_kind_of_block_that_paper_does_not_know_is_refused_at_start():
    require_every_kind(["text", "chart"])
    with pytest.raises(ImproperlyConfigured, match="agenda"):
        require_every_kind(["text", "agenda"])


@pytest.mark.django_db
def test_a_map_keeps_its_title_and_its_legend_on_the_sheet_of_its_picture(client):
    make_trees([(2.4 + rank / 100, 48.6) for rank in range(20)], dataset_id="arbres")
    fill = block("text", "<p>" + "Un paragraphe. " * 300 + "</p>")  # its title alone would be at the foot of a sheet
    layer = {"dataset": "arbres", "title": "Où ils sont", "layer": "points", "colour": "espece"}
    make_theme_page(fill, block("map", layer))
    document = pypdfium2.PdfDocument(client.get("/pages/velo/page.pdf").content)
    sheets = [re.sub(r"\s+", " ", page.get_textpage().get_text_bounded()) for page in document]
    document.close()
    (sheet,) = (text for text in sheets if "Où ils sont" in text)
    for species in SPECIES:
        assert species in sheet
