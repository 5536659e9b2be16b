"""How a site looks, in Wagtail's settings: its face, its home, its menus."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import Site

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.audit.models import Entry
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Version
from parvis.hub.datastore.kinds import COUNT
from parvis.hub.home.models import SiteHome
from parvis.hub.jobs.models import Job
from parvis.hub.sites.models import SiteFace, SiteMenus
from parvis.hub.sites.services import set_face
from parvis.hub.territories.models import Territory
from parvis.hub.ui.tests.markup import tight

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
def town_with_site(town):
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
    page = tight(client_of(town.superuser).post(face_url(), values(accent="#ffd700")).content.decode())
    assert "il en faut 4,5" in page
    assert "1,4 ✗ illisible" in re.sub(r"\s+", " ", page)
    assert "15,5 ✓" in page
    assert not SiteFace.objects.filter(accent="#ffd700").exists()


@pytest.mark.parametrize("who", ["reader", "contributor", "steward", "other", "anonymous"])
@pytest.mark.parametrize("model", [SiteFace, SiteHome, SiteMenus])
def test_only_those_who_administer_the_site_change_how_it_looks(town_with_site, who, model):
    client = client_of(getattr(town_with_site, who))
    assert client.get(face_url(model)).status_code in (302, 403)
    assert client.post(face_url(model), {**values(name="Autre"), **home_values()}).status_code in (302, 403)
    if model is not SiteMenus:
        assert client.post(face_url(model, "preview_on_edit"), {**values(), **home_values()}).status_code in (302, 403)
    assert SiteFace.objects.get().name == "La ville"
    assert not SiteHome.objects.filter(layout="une").exists()


def test_a_home_asks_for_its_layout_alone(town):
    client = client_of(town.superuser)
    assert client.post(face_url(SiteHome), home_values()).status_code == 302
    assert SiteHome.objects.get().layout == "une"
    assert client.post(face_url(SiteHome), home_values(layout="")).status_code == 200


def test_who_administers_the_organisation_of_a_site_changes_its_words_but_not_whose_data_it_shows(town_with_site):
    Territory.objects.create(kind="epci", code="200059228", name="Grand Paris Sud", folded="grand paris sud")
    client = client_of(town_with_site.administrator)
    assert "Identité visuelle" in client.get("/admin/").content.decode()
    sent = values(name="Nos données", territory="200059228", organisation=str(town_with_site.other_organisation.pk))
    assert client.post(face_url(), sent).status_code == 302
    face = SiteFace.objects.get()
    assert (face.name, face.territory, face.organisation) == ("Nos données", None, town_with_site.organisation)
    assert client.post(face_url(SiteHome), home_values(welcome="Bienvenue chez vous")).status_code == 302
    assert "Bienvenue chez vous" in client.get("/").content.decode()


@pytest.fixture
def commune(town_with_site):
    """A second site, which depends on none yet."""
    site = Site.objects.create(hostname="grigny.localhost", port=80, root_page=Site.objects.get().root_page)
    SiteFace.objects.create(site=site, name="Grigny", organisation=town_with_site.organisation)
    return site


def place_url(site, name="edit") -> str:
    return reverse(f"wagtailsettings:{name}", args=["parvis_sites", "siteface", site.pk])


def test_who_runs_the_instance_places_a_site_behind_a_prefix_of_another(town_with_site, commune):
    main, client = Site.objects.get(is_default_site=True), client_of(town_with_site.superuser)
    place = values(
        name="Grigny", parent=str(main.pk), prefix="grigny", organisation=str(town_with_site.organisation.pk)
    )
    assert client.post(place_url(commune), place).status_code == 302
    assert "Grigny" in client.get("/grigny/").content.decode()
    page = tight(client.get(place_url(commune)).content.decode())
    assert re.search(rf'<option value="{main.pk}" selected>La ville</option>', page)
    assert 'name="prefix" value="grigny"' in page


def test_what_a_newly_placed_site_will_show_is_counted_in_the_background_once(town_with_site, commune):
    main, client = Site.objects.get(is_default_site=True), client_of(town_with_site.superuser)
    Territory.objects.create(kind="commune", code="91286", name="Grigny", folded="grigny")
    version = make_dataset().current
    place = values(name="Grigny", parent=str(main.pk), prefix="grigny", territory="commune:91286")
    client.post(place_url(commune), {**place, "seen": "0"})
    assert list(Job.objects.values_list("kind", flat=True)) == [COUNT]
    Job.objects.all().delete()
    Version.objects.filter(pk=version.pk).update(rows_by_commune={"commune:91286": 3})
    client.post(place_url(commune), {**place, "tagline": "Autre chose", "seen": "1"})
    assert SiteFace.objects.get(site=commune).tagline == "Autre chose"
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("explore", "« /explore/ » est déjà une adresse du portail"),
        ("admin", "« /admin/ » est déjà une adresse du portail"),
        ("api", "« /api/ » est déjà une adresse du portail"),
        ("static", "« /static/ » est déjà une adresse du portail"),
        ("Grigny", "Un préfixe s’écrit en minuscules : grigny."),
        ("pris", "« /pris/ » est déjà l’adresse de « Tigery »."),
    ],
)
def test_a_prefix_that_leads_elsewhere_is_refused_at_its_field(town_with_site, commune, word, message):
    main = Site.objects.get(is_default_site=True)
    tigery = Site.objects.create(hostname="tigery.localhost", port=80, root_page=main.root_page)
    SiteFace.objects.create(site=tigery, name="Tigery", parent=main, prefix="pris")
    page = client_of(town_with_site.superuser).post(place_url(commune), values(parent=str(main.pk), prefix=word))
    assert page.status_code == 200
    assert message in page.content.decode()
    assert SiteFace.objects.get(site=commune).prefix == ""


def test_a_site_depends_neither_on_itself_nor_on_what_depends_on_it(town_with_site, commune):
    main, client = Site.objects.get(is_default_site=True), client_of(town_with_site.superuser)
    SiteFace.objects.filter(site=commune).update(parent=main)
    page = tight(client.get(place_url(main)).content.decode())
    offered = re.search(r'<select name="parent".*?</select>', page, re.S)[0]
    assert re.findall(r'value="(\d*)"', offered) == [""]
    for parent in (main, commune):
        page = client.post(place_url(main), values(parent=str(parent.pk), prefix=""))
        assert "ni d’un site qui dépend de lui" in page.content.decode()
        with pytest.raises(ValidationError, match="ni d’un site qui dépend de lui"):
            set_face(OPERATOR, main, parent=parent)
    assert SiteFace.objects.get(site=main).parent is None


def test_who_keeps_a_site_neither_moves_it_nor_is_stopped_by_where_it_stands(town_with_site, commune):
    main, client = Site.objects.get(is_default_site=True), client_of(town_with_site.administrator)
    SiteFace.objects.filter(site=commune).update(prefix="explore")
    assert 'name="prefix"' not in client.get(place_url(commune)).content.decode()
    sent = values(name="Grigny et vous", parent=str(main.pk), prefix="grigny")
    assert client.post(place_url(commune), sent).status_code == 302
    face = SiteFace.objects.get(site=commune)
    assert (face.name, face.parent, face.prefix) == ("Grigny et vous", None, "explore")


def test_two_people_who_save_at_once_lose_nothing(town_with_site):
    first, second = client_of(town_with_site.administrator), client_of(town_with_site.superuser)
    seen = re.search(r'name="seen" value="(\d+)"', tight(second.get(face_url()).content.decode()))[1]
    assert first.post(face_url(), values(name="De la première", seen=seen)).status_code == 302
    own = {"name": "De la seconde", "organisation": str(town_with_site.organisation.pk)}
    page = second.post(face_url(), values(**own, seen=seen))
    assert page.status_code == 200
    html = tight(page.content.decode())
    assert "pendant que vous la modifiiez" in html
    assert "Ce qui n’est pas comme chez vous : nom du portail." in html
    assert 'value="De la seconde"' in html
    assert SiteFace.objects.get().name == "De la première"
    again = re.search(r'name="seen" value="(\d+)"', html)[1]
    assert second.post(face_url(), values(**own, seen=again)).status_code == 302
    assert SiteFace.objects.get().name == "De la seconde"


def test_what_is_refused_for_another_reason_takes_no_revision(town_with_site):
    client = client_of(town_with_site.administrator)
    assert client.post(face_url(), values(accent="#ffd700", seen="0")).status_code == 200
    assert client.post(face_url(), values(name="Enfin", seen="0")).status_code == 302


def test_a_face_and_a_home_are_seen_before_they_are_saved(town_with_site):
    client = client_of(town_with_site.administrator)
    assert client.post(face_url(name="preview_on_edit"), values(accent="#7a1f5c")).json() == {
        "is_valid": True,
        "is_available": True,
    }
    shown = tight(client.get(face_url(name="preview_on_edit")).content.decode())
    assert "accent=%237a1f5c" in shown
    assert "--accent:#7a1f5c" in client.get("/theme.css?accent=%237a1f5c").content.decode()
    assert client.post(face_url(SiteHome, "preview_on_edit"), home_values(welcome="Un essai")).json()["is_valid"]
    shown = tight(client.get(face_url(SiteHome, "preview_on_edit")).content.decode())
    assert 'class="masthead"' in shown
    assert "Un essai" in shown
    assert "Un essai" not in client.get("/").content.decode()
    assert SiteFace.objects.get().revision == SiteHome.objects.get().revision == 0


def test_a_menu_entry_that_leads_nowhere_is_told_and_nothing_is_lost(town_with_site):
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
    client = client_of(town_with_site.administrator)
    page = client.post(face_url(SiteMenus), entry)
    assert page.status_code == 200
    assert "La culture" in page.content.decode()
    assert client.post(face_url(SiteMenus), {**entry, "header-0-value-address": "/explore/"}).status_code == 302
    assert "La culture" in client.get("/").content.decode()
