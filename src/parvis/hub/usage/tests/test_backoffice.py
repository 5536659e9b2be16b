"""Usage in the back office: whose figures one reads, and their file."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from wagtail.models import GroupPagePermission

from parvis.hub.accounts.factories import make_person
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.territories.models import Territory
from parvis.hub.usage.rules import Nature, Seen, Subject
from parvis.hub.usage.services import add_counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def counts(town):
    make_dataset(town.organisation, dataset_id="arbres", title="Arbres d’alignement")
    make_dataset(town.other_organisation, dataset_id="bancs", title="=Bancs")
    today, site = timezone.localdate(), main_site().pk
    seen = {
        Seen(Nature.VIEW, Subject.DATASET, "arbres"): 1234,
        Seen(Nature.DOWNLOAD, Subject.DATASET, "arbres", "csv"): 7,
        Seen(Nature.VIEW, Subject.DATASET, "bancs"): 55,
        Seen(Nature.VIEW, Subject.PORTAL, "accueil"): 901,
        Seen(Nature.UNANSWERED, Subject.PORTAL): 3,
    }
    add_counts({(today, site, one, False): count for one, count in seen.items()}, {(today, site, "compostage"): 3})


def test_who_runs_the_instance_reads_everything(town, counts):
    page = client_of(town.superuser).get("/admin/usages/").content.decode()
    for words in ("Arbres d’alignement", "=Bancs", "accueil", "compostage", "2\u202f190", "Recherches sans résultat"):
        assert words in page.replace("&nbsp;", " "), words


def test_an_organisation_reads_the_figures_of_its_datasets_alone(town, counts):
    page = client_of(town.contributor).get("/admin/usages/?periode=mois").content.decode()
    assert "Arbres d’alignement" in page
    for words in ("Bancs", "accueil", "compostage"):
        assert words not in page
    page = client_of(town.other).get(f"/admin/usages/?organisation={town.organisation.slug}").content.decode()
    assert "Arbres" not in page


def test_who_writes_a_site_reads_the_figures_of_that_site_alone(town, counts):
    commune = Territory.objects.create(kind="commune", code="77251", name="Lieusaint", folded="lieusaint")
    site, today = make_site(OPERATOR, commune, "lieusaint.localhost", parent=main_site()), timezone.localdate()
    make_dataset(town.organisation, dataset_id="secret", title="Jeu secret", access=Access.RESTRICTED)
    views = {Seen(Nature.VIEW, Subject.PORTAL, "territoires"): 8, Seen(Nature.CALL, Subject.DATASET, "secret"): 9}
    add_counts({(today, site.pk, one, False): count for one, count in views.items()}, {(today, site.pk, "cantine"): 3})
    writer = make_person("plume@lieusaint.example", None)
    group = Group.objects.create(name="plumes")
    change = Permission.objects.get(codename="change_page", content_type__app_label="wagtailcore")
    GroupPagePermission.objects.create(group=group, page=site.root_page, permission=change)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    writer.groups.add(group)
    page = client_of(writer).get("/admin/usages/").content.decode()
    assert "territoires" in page
    assert "cantine" in page
    for words in ("accueil", "Arbres", "Bancs", "compostage", "secret"):
        assert words not in page


def test_nobody_reads_them_without_signing_in(counts):
    assert client_of(None).get("/admin/usages/").status_code == 302


def test_the_file_has_every_line_and_no_formula(town, counts):
    answer = client_of(town.superuser).get("/admin/usages/usages.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[1] == "jeu de données;arbres;Arbres d’alignement;1234;7;0;0"
    assert "jeu de données;bancs;'=Bancs;55;0;0;0" in lines


@pytest.mark.parametrize(
    "query", ["site=zz", "site=99999999999999999999", "periode=rien", "organisation=%00", "robots=oui", "site=²"]
)
def test_an_address_that_makes_no_sense_is_answered(town, counts, query):
    assert client_of(town.superuser).get(f"/admin/usages/?{query}").status_code == 200
