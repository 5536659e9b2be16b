"""The menu: five groups, and each entry in one of them."""

from __future__ import annotations

import re

import pytest
from wagtail.admin.menu import admin_menu

from parvis.hub.backoffice.menu import GROUPS
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.pages.factories import site_of_tests
from parvis.hub.sites.models import SiteFace

pytestmark = pytest.mark.django_db


def groups_of(person, rf) -> dict[str, list[str]]:
    request = rf.get("/admin/")
    request.user = person
    return {group.name: [entry.name for entry in group.entries] for group in admin_menu.menu_items_for_request(request)}


def test_each_entry_is_in_one_of_five_groups(town, rf):
    site_of_tests()
    groups = groups_of(town.superuser, rf)
    assert list(groups) == [name for _order, name, _label, _icon in GROUPS]
    entries = [name for names in groups.values() for name in names]
    assert len(entries) == len(set(entries)) > 20
    assert {"datasets", "deposit", "imports"} <= set(groups["data"])
    assert {"explorer", "images"} <= set(groups["stories"])
    assert "siteface" in groups["site"]
    assert {"journal"} <= set(groups["follow-up"])
    assert "my-account" in groups["administration"]


def test_a_contributor_sees_what_they_have_a_use_for(town, rf):
    groups = groups_of(town.contributor, rf)
    assert "deposit" in groups["data"]
    assert "site" not in groups
    assert "siteface" not in str(groups)


def test_no_name_of_a_machine_nor_of_the_root_is_shown_where_a_site_is_chosen(town):
    site = site_of_tests()
    SiteFace.objects.create(site=site, name="Les données d’Évry")
    client = client_of(town.superuser)
    for address in ("/admin/", f"/admin/settings/parvis_sites/siteface/{site.pk}/", "/admin/usages/"):
        page = re.sub(
            r"<(?:script|style|link|meta)[^>]*>.*?(?:</script>|</style>)?", "", client.get(address).content.decode()
        )
        assert "localhost" not in page, address
