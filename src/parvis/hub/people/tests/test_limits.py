"""Limits of an organisation in the back office: shown to those who work there, set by who runs the instance."""

from __future__ import annotations

import pytest

from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.quotas.models import OrganisationLimits

pytestmark = pytest.mark.django_db


def address(town) -> str:
    return f"/admin/organisations/{town.organisation.slug}/limites/"


def test_who_runs_the_instance_sets_them_and_bars_show_them(town):
    make_dataset(town.organisation)
    browser = client_of(town.superuser)
    browser.post(address(town), {"datasets": "1", "storage": "2 500", "rows": "", "imports": "0"})
    limits = OrganisationLimits.objects.get(organisation=town.organisation)
    assert (limits.datasets, limits.storage, limits.rows, limits.imports, limits.seconds) == (
        1,
        2_500_000_000,
        None,
        0,
        None,
    )
    page = client_of(town.contributor).get(address(town)).content.decode()
    for words in ("limite atteinte", "sans limite", "2,5"):
        assert words in page
    assert "Enregistrer les limites" not in page
    assert "Enregistrer les limites" in browser.get(address(town)).content.decode()


@pytest.mark.parametrize("typed", ["-1", "beaucoup", "1e9", "9" * 40, "٣", "<b>"])
def test_what_is_no_number_is_refused_and_changes_nothing(town, typed):
    answer = client_of(town.superuser).post(address(town), {"datasets": typed})
    assert answer.status_code == 422
    assert not OrganisationLimits.objects.exists()


def test_nobody_else_sets_or_reads_them(town):
    for person in (town.contributor, town.administrator):
        assert client_of(person).post(address(town), {"datasets": "5"}).status_code == 403
    assert client_of(town.other).get(address(town)).status_code == 403
    assert not OrganisationLimits.objects.exists()
