"""Pushing pages in the back office: who sees what, and each button does what it says."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.jobs.worker import drain
from parvis.hub.pages.factories import block, make_theme_page
from parvis.hub.pages.selectors import pages_of
from parvis.hub.pages.services import make_page
from parvis.hub.pushed.models import PushedCopy
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.territories.models import Territory
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(town):
    commune = Territory.objects.create(kind="commune", code="77251", name="Lieusaint", folded="lieusaint")
    return make_site(OPERATOR, commune, "lieusaint.localhost", parent=main_site())


@pytest.fixture
def page(site):
    return make_theme_page(block("text", "<p>Bienvenue {a_commune}</p>", "un"))


@pytest.fixture
def editor(town, site):
    """Somebody who writes the pages of Lieusaint alone."""
    group = Group.objects.create(name="rédaction de Lieusaint")
    for action in ("change_page", "publish_page"):
        GroupPagePermission.objects.create(
            group=group,
            page=site.root_page,
            permission=Permission.objects.get(codename=action, content_type__app_label="wagtailcore"),
        )
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    town.other.groups.add(group)
    return town.other


def pushed(town, site, page):
    answer = client_of(town.superuser).post(f"/admin/pousser/{page.pk}/", {"site": [str(site.pk)], "partout": "on"})
    assert answer.status_code == 302
    drain()
    return PushedCopy.objects.get(site=site)


def test_who_runs_the_instance_pushes_a_page_and_sees_where_it_stands(town, site, page):
    browser = client_of(town.superuser)
    assert "pas encore poussée" in browser.get(f"/admin/pousser/{page.pk}/").content.decode()
    pushed(town, site, page)
    shown = tight(browser.get(f"/admin/pousser/{page.pk}/").content.decode())
    assert "à jour" in shown
    assert 'name="modele">' in shown  # it was not ticked
    assert "{de_commune}" in shown
    assert "Pousser vers les communes" in browser.get(f"/admin/pages/{page.pk}/edit/").content.decode()


def test_nobody_else_pushes(town, site, page):
    for person in (town.steward, town.administrator):
        assert client_of(person).get(f"/admin/pousser/{page.pk}/").status_code == 403
        assert client_of(person).post(f"/admin/pousser/{page.pk}/", {"site": [str(site.pk)]}).status_code == 403
    assert not PushedCopy.objects.exists()


def test_the_commune_s_editor_settles_conflicts_of_its_copy_alone(town, site, page, editor):
    copy = pushed(town, site, page)
    own = pages_of(site).get()
    make_page(
        OPERATOR, site, own.slug, own.title, [block("text", "<p>Chez nous</p>", "un")], introduction=own.introduction
    )
    make_theme_page(block("text", "<p>Bonjour {a_commune}</p>", "un"))
    drain()
    browser = client_of(editor)
    address = f"/admin/pousser/copies/{copy.pk}/"
    shown = browser.get(address).content.decode()
    for words in ("en conflit", "Chez nous", "Bonjour à Lieusaint", "changé des deux côtés"):
        assert words in shown
    assert "Cette page vient du site d’ensemble" in browser.get(f"/admin/pages/{own.pk}/edit/").content.decode()
    browser.post(address, {"prendre": "un"})
    assert "Bonjour à Lieusaint" in str(pages_of(site).get().body)
    browser.post(address, {"lien": "detacher"})
    assert not PushedCopy.objects.get(pk=copy.pk).linked
    assert client_of(town.steward).get(address).status_code == 403
    assert client_of(town.steward).post(address, {"lien": "rattacher"}).status_code == 403


def test_a_strange_part_or_copy_is_answered(town, site, page):
    copy = pushed(town, site, page)
    browser = client_of(town.superuser)
    assert browser.post(f"/admin/pousser/copies/{copy.pk}/", {"prendre": "rien\x00"}).status_code == 302
    assert browser.get("/admin/pousser/copies/999999/").status_code == 404
    assert browser.get("/admin/pousser/999999/").status_code == 404
