"""Pages made ready before anybody asks for them."""

from __future__ import annotations

import pytest

from parvis.config.serving import page_warmup
from parvis.hub.caches import byte_cache
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import bump_revision
from parvis.hub.charts.factories import make_stands
from parvis.hub.pages import block_queries
from parvis.hub.pages.factories import block, make_theme_page

pytestmark = pytest.mark.django_db

FIGURE = block("figure", {"dataset": "arceaux", "label": "arceaux"})
CHART = block("chart", {"dataset": "arceaux", "grouping": "commune"})


@pytest.fixture
def computed(monkeypatch) -> list:
    """The questions that were asked, one after another."""
    seen = []
    rows_of = block_queries.rows_of
    monkeypatch.setattr(block_queries, "rows_of", lambda actor, one: seen.append(one) or rows_of(actor, one))
    monkeypatch.setattr(page_warmup.time, "sleep", lambda _seconds: None)
    byte_cache("blocks").clear()
    return seen


@pytest.mark.parametrize(("language", "prefix"), [("fr", ""), ("en", ""), ("fr", "/en")])
def test_the_first_reader_of_a_page_waits_for_no_question(client, computed, language, prefix):
    make_stands()
    make_theme_page(FIGURE, CHART)
    page_warmup.prepare_pages()
    assert computed
    computed.clear()
    assert client.get(f"{prefix}/pages/velo/", headers={"Accept-Language": language}).status_code == 200
    assert computed == []


def test_what_is_closed_after_it_was_made_ready_is_shown_to_nobody(client, computed):
    make_stands()
    page = make_theme_page(FIGURE)
    page_warmup.prepare_pages()
    assert "arceaux" in client.get(page.get_url()).content.decode()
    mark = page_warmup.pages_mark()
    assert page_warmup.pages_mark() == mark
    dataset = Dataset.objects.get()
    dataset.access = Access.INTERNAL
    dataset.save()
    bump_revision()
    assert page_warmup.pages_mark() != mark
    assert "Ces données ne sont pas disponibles" in client.get(page.get_url()).content.decode()
    page_warmup.prepare_pages()
    assert "Ces données ne sont pas disponibles" in client.get(page.get_url()).content.decode()


def test_a_page_that_cannot_be_shown_leaves_the_others(computed, monkeypatch):
    make_stands()
    make_theme_page(FIGURE, slug="saine")
    bad = make_theme_page(FIGURE, slug="rompue")
    serve = type(bad).serve
    monkeypatch.setattr(type(bad), "serve", lambda page, request: 1 / 0 if page.pk == bad.pk else serve(page, request))
    assert page_warmup.prepare_pages() == 6
    assert computed
