"""A page begun from a dataset."""

from __future__ import annotations

import pytest
from django.urls import reverse

from parvis.core.errors import Forbidden, NotFound
from parvis.hub.accounts.factories import make_member, make_organisation, make_person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.rules import Access
from parvis.hub.charts.factories import COMMUNES, made_rows, make_stands
from parvis.hub.pages.block_values import Reader
from parvis.hub.pages.blocks.body import data_blocks
from parvis.hub.pages.blocks.filters import word_of
from parvis.hub.pages.factories import site_of_tests
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.page_drafts import sites_written_by, start_page
from parvis.hub.pages.rendering import shown_blocks
from parvis.hub.pages.rules import is_filter_word

pytestmark = pytest.mark.django_db


def test_its_blocks_are_filled_with_what_the_dataset_tells():
    make_stands(themes=["transports"])
    page = start_page(OPERATOR, site_of_tests(), "arceaux")
    assert (page.title, page.slug, page.live) == ("Arceaux à vélos", "arceaux-a-velos", False)
    page = page.get_latest_revision_as_object()
    kinds = [child.block_type for child in page.body]
    assert kinds == ["filters", "figures", "chart", "datasets"]  # no place, no map
    shown = dict(
        zip(kinds, (one for _child, one in shown_blocks(data_blocks(page.body), Reader(OPERATOR))), strict=True)
    )
    assert all(one.error is None for one in shown.values())
    rows = made_rows()
    places = sum(row[3] for row in rows)
    assert [one.value for one in shown["figures"].facts["figures"]] == [len(rows), places]
    texts = [text for _value, text, _chosen in shown["filters"].facts["fields"][0]["options"]]
    assert texts == sorted(COMMUNES, key=lambda name: name.replace("É", "E"))


@pytest.mark.parametrize(
    ("label", "word"),
    [
        ("Commune", "commune"),
        ("Thème", "filtre_theme"),
        ("2021 : usages", "filtre_2021_usages"),
        ("Informations relatives au bénéficiaire de la subvention", "informations_relatives_au_beneficiaire_d"),
    ],
)
def test_a_filter_has_a_word_whatever_its_column_is_called(label, word):
    assert word_of({"label": label}) == word
    assert is_filter_word(word)


def test_a_second_page_on_the_same_dataset_takes_another_address():
    make_stands()
    site = site_of_tests()
    assert [start_page(OPERATOR, site, "arceaux").slug for _ in range(2)] == ["arceaux-a-velos", "arceaux-a-velos-2"]


def test_who_may_not_write_the_site_or_read_the_dataset_begins_nothing():
    closed = make_stands(access=Access.RESTRICTED)
    with pytest.raises(Forbidden):
        start_page(actor_of(make_member(closed.organisation, Role.STEWARD)), site_of_tests(), "arceaux")
    with pytest.raises(NotFound):
        start_page(actor_of(make_member(make_organisation(), Role.STEWARD)), site_of_tests(), "arceaux")
    assert not ThemePage.objects.exists()


def test_the_card_of_a_dataset_leads_who_writes_to_a_page_begun_and_offers_nobody_else(client):
    dataset = make_stands()
    person = make_member(dataset.organisation, Role.STEWARD)
    address = reverse("backoffice:dataset_start_page", args=["arceaux"])
    client.force_login(person)
    assert address not in client.get(reverse("backoffice:dataset", args=["arceaux"])).content.decode()
    assert client.post(address).status_code == 403
    assert not sites_written_by(person).exists()
    site = site_of_tests()
    client.force_login(make_person(is_superuser=True))
    assert address in client.get(reverse("backoffice:dataset", args=["arceaux"])).content.decode()
    answer = client.post(address)
    page = ThemePage.objects.get()
    assert answer["Location"] == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert page.get_parent().get_parent() == site.root_page.specific
    assert client.get(answer["Location"]).status_code == 200
