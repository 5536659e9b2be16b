"""Child portals made into sites: once, by who runs the instance, with what each would show told before."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Site

from parvis.core.errors import Forbidden
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.catalogue.services import update_card
from parvis.hub.harvesting.models import Source
from parvis.hub.moving.models import Part
from parvis.hub.moving.portal_sites import host_fault, make_portal_site, proposal_for
from parvis.hub.sites.lens import looking_through
from parvis.hub.sites.models import SiteFace
from parvis.hub.sites.selectors import lens_on
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db

HOST = "lieusaint.exemple.fr"


def make_commune(code: str, name: str) -> Territory:
    """A commune of the agglomeration."""
    return Territory.objects.create(kind="commune", code=code, name=name, folded=name.lower(), epci="200059228")


@pytest.fixture
def lieusaint(db) -> Territory:
    return make_commune("77251", "Lieusaint")


@pytest.fixture
def evry(db) -> Territory:
    return make_commune("91228", "Évry-Courcouronnes")


@pytest.fixture
def epci(db) -> Territory:
    return Territory.objects.create(kind="epci", code="200059228", name="Grand Paris Sud", folded="grand paris sud")


@pytest.fixture
def part(town, lieusaint, evry, epci) -> Part:
    """A child portal of six datasets: of the commune, of its surroundings, of another, closed, of elsewhere, that did not come."""
    organisation = town.organisation
    other = make_organisation("Ville d’Évry", kind=Organisation.Kind.COMMUNE, territory=evry)
    agglomeration = make_organisation("Agglomération", kind=Organisation.Kind.EPCI, territory=epci)
    make_dataset(organisation, dataset_id="velos", title="Vélos", territories=["commune:77251"])
    make_dataset(agglomeration, dataset_id="bus", title="Bus")
    make_dataset(other, dataset_id="piscines", title="Piscines")
    make_dataset(organisation, dataset_id="reserve", title="Réservé", access=Access.RESTRICTED)
    make_dataset(organisation, dataset_id="arbres", title="Arbres", territories=["commune:91228"])
    source = Source.objects.create(
        slug="portail", title="Le portail", dialect="explore", url="https://data.exemple.fr", organisation=organisation
    )
    facts = {"datasets": ["velos", "bus", "piscines", "reserve", "arbres", "perdu"], "address": ""}
    return Part.objects.create(source=source, kind="portals", identifier=HOST, title="Le petit portail", facts=facts)


@pytest.fixture
def address(part) -> str:
    return f"/admin/emmenagement/portail/portail/{part.pk}/"


FORM = {
    "name": "Les données de Lieusaint",
    "territory": "77251",
    "hostname": HOST,
    "prefix": "lieusaint",
    "organisation": "",
}


def test_who_runs_the_instance_makes_the_site_having_read_what_it_shows(address, part, town, client):
    browser = client_of(town.superuser)
    listed = browser.get("/admin/emmenagement/portail/?partie=portals").content.decode()
    assert address in listed
    assert "En faire un site" in listed
    before = browser.get(address).content.decode()
    assert 'value="lieusaint"' in before, "the prefix is proposed from the domain"
    seen = browser.post(address, {**FORM, "voir": "1"}).content.decode()
    assert not SiteFace.objects.filter(prefix="lieusaint").exists(), "to look makes nothing"
    for reason in (
        "publié par une autre commune, Évry-Courcouronnes",
        "pas en ligne pour tout le monde",
        "ne dit pas concerner",
    ):
        assert reason in seen
    assert seen.count('name="jeu"') == 1, "the one of elsewhere alone can be placed"

    answer = browser.post(address, {**FORM, "jeu": ["arbres", "piscines", "reserve"]})
    assert (answer.status_code, answer["Location"]) == (302, address)
    face = SiteFace.objects.get(prefix="lieusaint")
    assert (face.name, face.site.hostname, face.territory.code, face.parent) == (
        FORM["name"],
        HOST,
        "77251",
        main_site(),
    )
    part.refresh_from_db()
    assert (part.state, part.target) == ("made", str(face.site.pk))
    with looking_through(lens_on(face.territory)):
        assert set(datasets_visible_to(ANONYMOUS).values_list("dataset_id", flat=True)) == {"velos", "bus", "arbres"}
    assert Entry.objects.filter(action="site.create").count() == 1
    assert "Les données de Lieusaint" in client.get("/lieusaint/").content.decode()
    assert "site fait ici" in browser.get("/admin/emmenagement/portail/?partie=portals").content.decode()


def test_pressed_again_by_anybody_it_makes_no_other(address, part, town):
    browsers = [client_of(town.superuser), client_of(town.superuser)]
    for browser in (*browsers, browsers[0]):
        browser.post(address, FORM)
    assert Site.objects.count() == 2
    shown = browsers[0].post(address, FORM, follow=True).content.decode()
    assert "Ce portail a déjà son site" in shown
    assert 'name="hostname"' not in shown
    actor = actor_of(town.superuser)
    stale = Part.objects.get(pk=part.pk)
    stale.target = ""  # as a request read it before another made the site
    territory = Territory.objects.get(code="77251")
    again = make_portal_site(actor, stale, territory, name="Autre", hostname="autre.exemple.fr")
    assert (again.target, Site.objects.count()) == (Part.objects.get(pk=part.pk).target, 2)


def test_a_territory_that_has_a_site_keeps_it_and_one_taken_away_may_be_made_again(address, part, town, lieusaint):
    existing = make_site(OPERATOR, lieusaint, "autre.exemple.fr", parent=main_site())
    browser = client_of(town.superuser)
    assert "avait déjà un site" in browser.post(address, FORM, follow=True).content.decode()
    part.refresh_from_db()
    assert (part.state, part.target) == ("here", str(existing.pk))
    assert SiteFace.objects.get(site=existing).prefix == "", "it is as it was"
    existing.delete()
    browser.post(address, FORM)
    assert SiteFace.objects.get(prefix="lieusaint").site.hostname == HOST


def test_what_cannot_be_is_told_beside_its_field_and_nothing_is_lost(address, town, part):
    browser = client_of(town.superuser)
    wrong = {
        "prefix": ("explore", "déjà une adresse du portail"),
        "hostname": ("exemple .fr", "s’écrit ainsi"),
        "territory": ("Nulle-Part-sur-Rien", "Aucun territoire"),
        "name": ("", "bo-field wrong"),
    }
    for name, (value, words) in wrong.items():
        answer = browser.post(address, {**FORM, name: value})
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert words in shown, name
        assert name == "name" or FORM["name"] in shown, "what was written is there still"
    assert Site.objects.count() == 1
    Site.objects.create(hostname="pris.exemple.fr", root_page=main_site().root_page)
    assert (
        "déjà le nom d’un autre site" in browser.post(address, {**FORM, "hostname": "PRIS.exemple.fr"}).content.decode()
    )
    with pytest.raises(ValidationError):
        make_portal_site(OPERATOR, part, Territory.objects.get(code="77251"), name="x", hostname="pris.exemple.fr")


def test_a_portal_cannot_take_the_name_of_this_one(settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_BASE_URL": "https://data.ici.fr"}
    assert host_fault("data.ici.fr")
    for wild in ("localhost", "a b.fr", "<b>.fr", "-x.fr", "x." + "a" * 300, ""):
        assert host_fault(wild), wild
    assert host_fault("donnees.lieusaint.fr") == ""


def test_others_make_no_site_and_are_not_offered_to(address, part, town, lieusaint):
    for person in (town.administrator, town.steward):
        browser = client_of(person)
        assert address not in browser.get("/admin/emmenagement/portail/?partie=portals").content.decode()
        assert browser.get(address).status_code == 403
        assert browser.post(address, FORM).status_code == 403
    assert client_of(town.other).post(address, FORM).status_code in (403, 404)
    with pytest.raises(Forbidden):
        make_portal_site(actor_of(town.administrator), part, lieusaint, name="x", hostname=HOST)
    assert Site.objects.count() == 1


def test_a_territory_is_proposed_when_all_its_datasets_agree(part, town):
    assert proposal_for(OPERATOR, part).territory is None, "two communes are told"
    for name in ("arbres", "velos"):
        dataset = datasets_visible_to(OPERATOR).get(dataset_id=name)
        update_card(OPERATOR, dataset, {"territories": ["commune:77251"]})
    proposal = proposal_for(OPERATOR, part)
    assert (proposal.territory.code, proposal.hostname, proposal.prefix) == ("77251", HOST, "lieusaint")
    part.identifier = "api.<b>"
    assert (proposal_for(OPERATOR, part).hostname, proposal_for(OPERATOR, part).prefix) == ("", "")
