"""A kind of block that a module gives pages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from wagtail import blocks

from parvis.hub import registry
from parvis.hub.pages.block_values import Cells, Plan, Shown
from parvis.hub.pages.blocks.body import BodyBlock
from parvis.hub.pages.blocks.data import DataBlock
from parvis.hub.pages.factories import block, make_theme_page
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.module_blocks import PageBlock
from parvis.hub.pages.paper.sheets import table_nodes
from parvis.hub.pages.tests.test_paper import words
from parvis.hub.registry import Module

pytestmark = pytest.mark.django_db


class StallsBlock(DataBlock):
    """The stalls of a market, as a subject would show them."""

    kind = "stalls"

    title = blocks.CharBlock(required=False)
    stalls = blocks.IntegerBlock()

    class Meta:
        label = "Étals"

    def plan(self, value, reader):
        return Plan()

    def shown(self, value, plan, answers, reader):
        rows = [(f"Étal {rank}", rank * 10) for rank in range(1, value["stalls"] + 1)]
        return Shown(value["title"] or "Marché", {"rows": rows}, Cells(("étal", "mètres"), rows))


MARKET = Module(slug="market", blocks=(PageBlock(StallsBlock, table_nodes),))


@pytest.fixture
def market(monkeypatch, tmp_path, settings):
    """A module installed for the time of a test, with the template of its block."""
    template = tmp_path / "parvis" / "pages" / "blocks" / "stalls.html"
    template.parent.mkdir(parents=True)
    template.write_text(
        "<h2>{{ shown.title }}</h2>{% for stall, metres in rows %}<p>{{ stall }} : {{ metres }} m</p>{% endfor %}"
    )
    settings.TEMPLATES = [django_settings.TEMPLATES[0] | {"DIRS": [str(tmp_path)]}]
    monkeypatch.setitem(registry.MODULES, MARKET.slug, MARKET)
    return body_as_declared(monkeypatch)


def body_as_declared(monkeypatch):
    """The body of pages, made again from the modules of the moment; the former comes back at the end."""
    field = ThemePage._meta.get_field("body")
    monkeypatch.setitem(field.__dict__, "stream_block", None)
    del field.__dict__["stream_block"]
    return field.stream_block


def test_a_block_of_a_module_is_offered_shown_nested_and_printed(market, client):
    assert ThemePage._meta.get_field("body").formfield().block.child_blocks["stalls"].label == "Étals"
    page = make_theme_page(
        block("stalls", {"title": "Marché du samedi", "stalls": 2}),
        block("tabs", {"sections": [{"title": "Dimanche", "body": [block("stalls", {"title": "", "stalls": 3})]}]}),
    )
    shown = client.get(page.get_url()).content.decode()
    assert "Marché du samedi" in shown
    assert "Étal 2 : 20 m" in shown
    assert "Étal 3 : 30 m" in shown
    paper = words(client.get(f"{page.get_url()}page.pdf").content)
    assert "Marché du samedi" in paper
    assert "Étal 3" in paper


def test_a_page_stays_without_the_block_once_its_module_is_gone(market, client, monkeypatch):
    page = make_theme_page(block("text", "<p>Chaque samedi.</p>"), block("stalls", {"title": "Marché", "stalls": 1}))
    monkeypatch.delitem(registry.MODULES, MARKET.slug)
    body_as_declared(monkeypatch)
    shown = client.get(page.get_url()).content.decode()
    assert "Chaque samedi." in shown
    assert "Étal 1" not in shown


def test_two_kinds_of_one_name_are_refused(monkeypatch):
    twin = type("TextAgain", (StallsBlock,), {"kind": "text"})
    monkeypatch.setitem(registry.MODULES, MARKET.slug, replace(MARKET, blocks=(PageBlock(twin, table_nodes),)))
    with pytest.raises(ImproperlyConfigured, match="text"):
        BodyBlock()
