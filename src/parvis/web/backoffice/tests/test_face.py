"""How a site looks, in Wagtail's settings: its face, its home, its menus."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from wagtail.models import Site

from parvis.hub.audit.models import Entry
from parvis.hub.home.models import SiteHome
from parvis.hub.sites.models import SiteFace, SiteMenus
from parvis.hub.territories.models import Territory

from .conftest import client_of

pytestmark = pytest.mark.django_db


def face_url(model=SiteFace, name="edit") -> str:
    site = Site.objects.get()
    return reverse(f"wagtailsettings:{name}", args=[model._meta.app_label, model._meta.model_name, site.pk])


def values(**changes):
    colours = {"accent": "#0b5a60", "accent_strong": "#084247", "stone": "#f6f3ed", "ink": "#1d2433"}
    return {"name": "Grand Paris Sud", "tagline": "Nos données", **colours, "logo": "", "contact_email": "", **changes}


def home_values(**changes):
    return {
        "layout": "une",
        "title": "",
        "welcome": "",
        "picture": "",
        "picture_alt": "",
        "forward-count": "0",
        **changes,
    }


@pytest.fixture
def kept(town):
    """The town with a site that its organisation keeps."""
    SiteFace.objects.create(site=Site.objects.get(), name="La ville", organisation=town.organisation)
    return town


def test_the_face_is_changed_with_a_territory_by_its_code(town):
    Territory.objects.create(kind="epci", code="200059228", name="Grand Paris Sud", folded="grand paris sud")
    client = client_of(town.superuser)
    assert client.post(face_url(), values(territory="200059228")).status_code == 302
    face = SiteFace.objects.get()
    assert (face.name, face.territory.code) == ("Grand Paris Sud", "200059228")
    assert 'value="epci:200059228"' in client.get(face_url()).content.decode()
    assert Entry.objects.filter(action="site.face").count() == 1


def test_colours_that_cannot_be_read_are_refused_with_the_nearest_that_can_and_their_contrast(town):
    page = client_of(town.superuser).post(face_url(), values(accent="#ffd700")).content.decode()
    assert "il en faut 4,5" in page
    assert "1,4 ✗ illisible" in re.sub(r"\s+", " ", page)
    assert "15,5 ✓" in page
    assert not SiteFace.objects.filter(accent="#ffd700").exists()


@pytest.mark.parametrize("who", ["reader", "contributor", "steward", "other", "anonymous"])
@pytest.mark.parametrize("model", [SiteFace, SiteHome, SiteMenus])
def test_only_those_who_administer_the_site_change_how_it_looks(kept, who, model):
    client = client_of(getattr(kept, who))
    assert client.get(face_url(model)).status_code in (302, 403)
    assert client.post(face_url(model), {**values(name="Autre"), **home_values()}).status_code in (302, 403)
    if model is not SiteMenus:
        assert client.post(face_url(model, "preview_on_edit"), {**values(), **home_values()}).status_code in (302, 403)
    assert SiteFace.objects.get().name == "La ville"
    assert not SiteHome.objects.filter(layout="une").exists()


def test_who_administers_the_organisation_of_a_site_changes_its_words_but_not_whose_data_it_shows(kept):
    Territory.objects.create(kind="epci", code="200059228", name="Grand Paris Sud", folded="grand paris sud")
    client = client_of(kept.administrator)
    assert "Visage du site" in client.get("/admin/").content.decode()
    sent = values(name="Nos données", territory="200059228", organisation=str(kept.other_organisation.pk))
    assert client.post(face_url(), sent).status_code == 302
    face = SiteFace.objects.get()
    assert (face.name, face.territory, face.organisation) == ("Nos données", None, kept.organisation)
    assert client.post(face_url(SiteHome), home_values(welcome="Bienvenue chez vous")).status_code == 302
    assert "Bienvenue chez vous" in client.get("/").content.decode()


def test_two_people_who_save_at_once_lose_nothing(kept):
    first, second = client_of(kept.administrator), client_of(kept.superuser)
    seen = re.search(r'name="seen" value="(\d+)"', second.get(face_url()).content.decode())[1]
    assert first.post(face_url(), values(name="De la première", seen=seen)).status_code == 302
    own = {"name": "De la seconde", "organisation": str(kept.organisation.pk)}
    page = second.post(face_url(), values(**own, seen=seen))
    assert page.status_code == 200
    said = page.content.decode()
    assert "pendant que vous la modifiiez" in said
    assert "Ce qui n’est pas comme chez vous : nom du portail." in said
    assert 'value="De la seconde"' in said
    assert SiteFace.objects.get().name == "De la première"
    again = re.search(r'name="seen" value="(\d+)"', said)[1]
    assert second.post(face_url(), values(**own, seen=again)).status_code == 302
    assert SiteFace.objects.get().name == "De la seconde"


def test_what_is_refused_for_another_reason_takes_no_revision(kept):
    client = client_of(kept.administrator)
    assert client.post(face_url(), values(accent="#ffd700", seen="0")).status_code == 200
    assert client.post(face_url(), values(name="Enfin", seen="0")).status_code == 302


def test_a_face_and_a_home_are_seen_before_they_are_saved(kept):
    client = client_of(kept.administrator)
    assert client.post(face_url(name="preview_on_edit"), values(accent="#7a1f5c")).json() == {
        "is_valid": True,
        "is_available": True,
    }
    shown = client.get(face_url(name="preview_on_edit")).content.decode()
    assert "accent=%237a1f5c" in shown
    assert "--accent:#7a1f5c" in client.get("/theme.css?accent=%237a1f5c").content.decode()
    assert client.post(face_url(SiteHome, "preview_on_edit"), home_values(welcome="Un essai")).json()["is_valid"]
    shown = client.get(face_url(SiteHome, "preview_on_edit")).content.decode()
    assert 'class="masthead"' in shown
    assert "Un essai" in shown
    assert "Un essai" not in client.get("/").content.decode()
    assert SiteFace.objects.get().revision == SiteHome.objects.get().revision == 0


def test_a_menu_entry_that_leads_nowhere_is_told_and_nothing_is_lost(kept):
    entry = {
        "header-count": "1",
        "header-0-deleted": "",
        "header-0-order": "0",
        "header-0-type": "link",
        "header-0-id": "",
        "header-0-value-label": "La culture",
        "header-0-value-address": "/nulle-part",
        "footer-count": "0",
    }
    client = client_of(kept.administrator)
    page = client.post(face_url(SiteMenus), entry)
    assert page.status_code == 200
    assert "La culture" in page.content.decode()
    assert client.post(face_url(SiteMenus), {**entry, "header-0-value-address": "/explore/"}).status_code == 302
    assert "La culture" in client.get("/").content.decode()
