"""Blocks where an editor chooses one."""

from __future__ import annotations

import pytest
from django.urls import reverse

from parvis.hub.accounts.factories import make_person
from parvis.hub.charts.factories import make_stands
from parvis.hub.pages.blocks.body import BodyBlock
from parvis.hub.pages.models import ThemePage

pytestmark = pytest.mark.django_db

WITHOUT = {"image"}
"""An image is chosen among those of the library: there is none to show."""
PLACED = {"map"}
"""A map needs places, which the stands of these tests have not."""


@pytest.mark.parametrize("name", [name for name in BodyBlock().child_blocks if name not in WITHOUT | PLACED])
def test_each_block_shows_itself_on_data_of_the_portal_and_nothing_closed(client, name):
    make_stands()
    client.force_login(make_person(is_superuser=True))
    block = ThemePage._meta.get_field("body").stream_block.child_blocks[name]
    assert block.is_previewable
    html = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix}).content.decode()
    shown = html.partition("<main")[2].partition("</main>")[0]
    assert 'class="block block-' in shown
    assert "ne sont pas disponibles" not in shown
    assert "arceaux" in shown.lower() or name in {
        "html",
        "faq",
        "quote",
        "timeline",
        "video",
        "filters",
        "records",
        "decisions",
    }


def test_a_portal_without_data_shows_empty_examples_and_breaks_nothing(client):
    client.force_login(make_person(is_superuser=True))
    for name, block in ThemePage._meta.get_field("body").stream_block.child_blocks.items():
        if name not in WITHOUT:
            assert client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix}).status_code == 200
