"""The team of a site writes that site and touches nothing else: the back office walked as people of Lieusaint."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Page
from wagtail.search.index import insert_or_update_object

from parvis.core.text import slugify
from parvis.domains.indicators.models import Indicator
from parvis.hub.accounts.factories import make_organisation, make_person
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.pages.factories import block
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.services import folder_of, make_page
from parvis.hub.sites.models import SiteFace
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.teams.models import Team
from parvis.hub.teams.rules import Duty
from parvis.hub.teams.services import join, team_of
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db

SECRET = "Secret de polichinelle"


def commune(code: str, name: str):
    territory = Territory.objects.create(kind="commune", code=code, name=name, folded=name.lower())
    organisation = make_organisation(name, territory=territory, kind=Organisation.Kind.COMMUNE)
    site = make_site(OPERATOR, territory, f"{slugify(name)}.localhost", parent=main_site(), prefix=slugify(name))
    team_of(site)
    words = [block("text", f"<p>{SECRET} de {name}</p>", "un")]
    return SimpleNamespace(
        site=site,
        organisation=organisation,
        live=make_page(OPERATOR, site, "en-ligne", f"Page de {name}", words),
        draft=make_page(OPERATOR, site, "brouillon", f"{SECRET} de {name}", words, publish=False),
    )


@pytest.fixture
def sites(db):
    """The main site and two communes, each with a page and a draft; people of Lieusaint who write and who publish."""
    main_team = team_of(main_site())
    namespace = SimpleNamespace(lieusaint=commune("77251", "Lieusaint"), evry=commune("91228", "Évry"))
    words = [block("text", "<p>Du site d’ensemble</p>", "un")]
    namespace.main = SimpleNamespace(
        site=main_site(),
        live=make_page(OPERATOR, main_site(), "en-ligne", "Page d’ensemble", words),
        draft=make_page(OPERATOR, main_site(), "brouillon", f"{SECRET} d’ensemble", words, publish=False),
        team=main_team,
    )
    for duty in Duty:
        person = make_person(f"{duty}@lieusaint.example", None)
        join(OPERATOR, person, namespace.lieusaint.site, duty)
        setattr(namespace, str(duty), person)
    return namespace


def of_page(name: str, page: Page):
    return reverse(f"wagtailadmin_pages:{name}", args=[page.pk])


def a_file(kind, collection: Collection, title: str):
    if kind is get_image_model():
        return kind.objects.create(title=title, file=get_test_image_file(), collection=collection)
    return kind.objects.create(title=title, file=ContentFile(b"a", f"{title[:6]}.txt"), collection=collection)


READING = ("edit", "view_draft", "history", "usage", "workflow_history", "delete", "unpublish", "move", "copy")


@pytest.mark.parametrize("who", list(Duty))
def test_pages_of_other_sites_cannot_be_read_changed_or_taken_away(sites, who):
    browser = client_of(getattr(sites, who))
    for other in (sites.evry, sites.main):
        for page in (other.live, other.draft, folder_of(other.site), other.site.root_page):
            for name in READING:
                answer = browser.get(of_page(name, page))
                assert answer.status_code in (302, 403), (name, page.title)
                assert SECRET not in answer.content.decode()
            for name in ("edit", "delete", "unpublish"):
                browser.post(of_page(name, page), {"title": "Volé", "slug": "vole", "action-publish": "1"})
        revision = other.draft.latest_revision_id
        for address in (
            reverse("wagtailadmin_pages:revisions_revert", args=[other.draft.pk, revision]),
            reverse("wagtailadmin_pages:revisions_view", args=[other.draft.pk, revision]),
            reverse("wagtailadmin_pages:revisions_compare", args=[other.draft.pk, "earliest", "latest"]),
            reverse("wagtailadmin_pages:add", args=["parvis_pages", "themepage", folder_of(other.site).pk]),
            reverse("wagtailadmin_pages:preview_on_edit", args=[other.draft.pk]),
        ):
            answer = browser.get(address)
            assert answer.status_code in (302, 403, 404), address
            assert SECRET not in answer.content.decode()
        assert ThemePage.objects.filter(pk__in=[other.live.pk, other.draft.pk]).count() == 2
        assert not ThemePage.objects.filter(title="Volé").exists()
        other.live.refresh_from_db()
        assert other.live.live


def test_no_list_search_chooser_or_report_names_the_drafts_of_other_sites(sites):
    for page in ThemePage.objects.all():
        insert_or_update_object(page)  # as the background work does
    browser = client_of(sites.publish)
    folders = [folder_of(other.site).pk for other in (sites.evry, sites.main)]
    for address in (
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_explore_root"),
        *(reverse("wagtailadmin_explore", args=[key]) for key in folders),
        f"{reverse('wagtailadmin_pages:search')}?q=secret",
        f"{reverse('wagtailadmin_choose_page_search')}?q=secret",
        *(reverse("wagtailadmin_choose_page_child", args=[key]) for key in folders),
        reverse("wagtailadmin_choose_page_child", args=[sites.evry.draft.pk]),
        reverse("wagtailadmin_choose_page_child", args=[sites.main.draft.pk]),
        reverse("wagtailadmin_reports:aging_pages"),
        reverse("wagtailadmin_reports:locked_pages"),
        reverse("wagtailadmin_reports:page_types_usage"),
        reverse("wagtailadmin_reports:site_history"),
        reverse("wagtailadmin_pages:type_use", args=["parvis_pages", "themepage"]),
        "/admin/api/main/pages/?fields=*&limit=100",
        f"/admin/api/main/pages/{sites.evry.draft.pk}/",
        "/admin/journal/",
        "/admin/usages/",
    ):
        body = browser.get(address, follow=True).content.decode()
        assert f"{SECRET} de Évry" not in body, address
        assert f"{SECRET} d’ensemble" not in body, address
    assert browser.get(reverse("wagtailadmin_reports:page_types_usage")).status_code in (302, 403)
    results_page = browser.get(f"{reverse('wagtailadmin_pages:search')}?q=secret").content.decode()
    assert f"{SECRET} de Lieusaint" in results_page


def test_who_writes_proposes_and_who_publishes_publishes(sites):
    own = sites.lieusaint
    posted = {"title": "Changée", "slug": "en-ligne", "introduction": "", "theme": "", "body-count": "0"}
    posted |= {"picture": "", "picture_alt": "", "seo_title": "", "search_description": "", "action-publish": "1"}
    posted |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    client_of(sites.write).post(of_page("edit", own.live), posted)
    own.live.refresh_from_db()
    assert own.live.title == "Page de Lieusaint"
    assert own.live.get_latest_revision_as_object().title == "Changée"
    client_of(sites.publish).post(of_page("edit", own.live), posted)
    own.live.refresh_from_db()
    assert own.live.title == "Changée"


@pytest.mark.filterwarnings("ignore:get_connection:django.utils.deprecation.RemovedInDjango2028Warning")  # by Wagtail
def test_a_page_goes_to_and_fro_until_who_publishes_approves_it(sites):
    page = sites.lieusaint.live
    posted = {"title": "Changée", "slug": "en-ligne", "introduction": "", "theme": "", "body-count": "0"}
    posted |= {"picture": "", "picture_alt": "", "seo_title": "", "search_description": "", "action-submit": "1"}
    posted |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    writer, publisher = client_of(sites.write), client_of(sites.publish)

    def decide(act: str, comment: str = "") -> None:
        task_state = page.current_workflow_state.current_task_state
        address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, act, task_state.pk])
        publisher.post(address, {"comment": comment})
        page.refresh_from_db()

    assert "Soumettre à la relecture" in writer.get(of_page("edit", page)).content.decode()
    writer.post(of_page("edit", page), posted)
    home = publisher.get(reverse("wagtailadmin_home")).content.decode()
    assert home.index("En attente de votre relecture") < home.index("Imports")
    decide("reject", "Ajoutez un thème.")
    sent_back = writer.get(of_page("edit", page)).content.decode()
    assert "demande des changements : «\N{NO-BREAK SPACE}Ajoutez un thème.\N{NO-BREAK SPACE}»" in sent_back.replace("« ", "«\N{NO-BREAK SPACE}").replace(" »", "\N{NO-BREAK SPACE}»")  # fmt: skip
    assert "Soumettre de nouveau" in sent_back
    writer.post(of_page("edit", page), posted)
    decide("approve")
    assert (page.title, page.live) == ("Changée", True)


def test_the_frame_of_a_site_stays_whatever_its_team_does(sites):
    browser = client_of(sites.publish)
    frame = (sites.lieusaint.site.root_page, folder_of(sites.lieusaint.site))
    for page in frame:
        for name in ("delete", "unpublish"):
            assert browser.post(of_page(name, page)).status_code == 302
        bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
        browser.post(f"{bulk}?id={page.pk}")
    assert Page.objects.filter(pk__in=[page.pk for page in frame], live=True).count() == 2
    browser.post(of_page("delete", sites.lieusaint.draft))
    assert not ThemePage.objects.filter(pk=sites.lieusaint.draft.pk).exists()


@pytest.mark.parametrize("kind", ["image", "document"])
def test_images_and_documents_are_those_of_the_sites_own_collection(sites, kind):
    model, app = {"image": (get_image_model(), "wagtailimages"), "document": (get_document_model(), "wagtaildocs")}[
        kind
    ]
    own_team, other_team = Team.objects.get(site=sites.lieusaint.site), Team.objects.get(site=sites.evry.site)
    mine = a_file(model, own_team.collection, "Notre plan")
    others = [
        a_file(model, other_team.collection, f"{SECRET} un"),
        a_file(model, sites.main.team.collection, f"{SECRET} deux"),
        a_file(model, Collection.get_first_root_node(), f"{SECRET} trois"),
    ]
    browser = client_of(sites.write)
    choosing = f"{app}_chooser"
    for address in (reverse(f"{app}:index"), reverse(f"{choosing}:choose"), reverse(f"{choosing}:choose_results")):
        body = browser.get(address).content.decode()
        assert "Notre plan" in body, address
        assert SECRET not in body, address
    assert browser.get(reverse(f"{app}:edit", args=[mine.pk])).status_code == 200
    for other in others:
        assert browser.get(reverse(f"{choosing}:chosen", args=[other.pk])).status_code in (302, 403, 404)
        for name in ("edit", "delete"):
            assert browser.post(reverse(f"{app}:{name}", args=[other.pk])).status_code in (302, 403, 404)
        assert model.objects.filter(pk=other.pk).exists()


def test_settings_datasets_and_indicators_of_others_are_refused(sites):
    browser = client_of(sites.publish)
    dataset = make_dataset(sites.evry.organisation, status=Status.DRAFT, title=f"{SECRET} données")
    for other in (sites.evry.site, sites.main.site):
        assert browser.get(
            reverse("wagtailsettings:edit", args=["parvis_sites", "siteface", other.pk])
        ).status_code in (302, 403)
        assert browser.get(
            reverse("wagtailsettings:edit", args=["parvis_legal", "legalnotice", other.pk])
        ).status_code in (302, 403)
    assert browser.get(reverse("backoffice:dataset", args=[dataset.dataset_id])).status_code in (403, 404)
    indicator = Indicator.objects.create(
        slug="secret", title=f"{SECRET} chiffres", organisation=sites.evry.organisation, definition={}
    )
    for address in ("/admin/jeux/", "/admin/indicateurs/", "/admin/graphiques/"):
        assert SECRET not in browser.get(address, follow=True).content.decode()
    assert browser.get(reverse("indicators_admin:maker", args=[indicator.slug])).status_code in (302, 403, 404)
    for name in (
        "wagtailusers_users:index",
        "wagtailusers_groups:index",
        "wagtailsites:index",
        "wagtailadmin_collections:index",
    ):
        assert browser.get(reverse(name)).status_code in (302, 403), name
    assert browser.get(f"/admin/pousser/{sites.main.live.pk}/").status_code == 403


def test_the_menu_shows_the_legal_pages_to_who_publishes_only(sites):
    assert "/admin/settings/parvis_legal/" in client_of(sites.publish).get("/admin/").content.decode()
    menu = client_of(sites.write).get("/admin/").content.decode()
    assert "/admin/settings/parvis_legal/" not in menu
    for word in ("siteface", "/admin/personnes/", "/admin/jeux/", "/admin/users/"):
        assert word not in menu.split("<main")[0], word


def test_a_person_is_put_in_a_team_and_taken_out_by_who_administers_the_site(sites, town):
    browser = client_of(town.superuser)
    address = reverse("persons_admin:edit", args=[town.contributor.pk])
    page = browser.get(address).content.decode()
    assert SiteFace.objects.get(site=sites.lieusaint.site).name in page
    browser.post(address, {"site": sites.lieusaint.site.pk, "charge": "publish"})
    assert client_of(town.contributor).get(of_page("edit", sites.lieusaint.live)).status_code == 200
    browser.post(address, {"site": sites.lieusaint.site.pk, "charge": ""})
    assert client_of(town.contributor).get(of_page("edit", sites.lieusaint.live)).status_code in (302, 403)
    stranger = client_of(town.administrator)
    stranger.post(address, {"site": sites.lieusaint.site.pk, "charge": "publish"})
    assert not town.contributor.groups.filter(pk=Team.objects.get(site=sites.lieusaint.site).publishers_id).exists()


def test_a_site_that_goes_takes_its_groups_along(sites):
    team = Team.objects.get(site=sites.evry.site)
    keys = [team.writers_id, team.publishers_id]
    groups = type(team.writers).objects
    sites.evry.site.delete()
    assert not groups.filter(pk__in=keys).exists()
