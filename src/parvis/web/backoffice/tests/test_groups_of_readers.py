"""A restricted dataset is read by the persons of a group, which who runs the instance makes and fills in the back office."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.urls import reverse

from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.selectors import datasets_visible_to

pytestmark = pytest.mark.django_db


def sent(client, url, **changes):
    """The form of a page sent as it is, but for these fields."""
    form = BeautifulSoup(client.get(url).content, "html.parser").select_one(
        "main form[method=POST], main form[method=post]"
    )
    fields = {
        field["name"]: field.get("value", "")
        for field in form.select("input[name]")
        if field.get("type") not in ("checkbox", "radio", "submit") or field.has_attr("checked")
    }
    return client.post(url, fields | changes)


def test_a_group_is_made_filled_and_reads_what_is_restricted_to_it(town):
    make_dataset(town.organisation, dataset_id="arceaux")
    operator = client_of(town.superuser)
    assert sent(operator, reverse("wagtailusers_groups:add"), name="Élus du bureau").status_code == 302
    group = Group.objects.get(name="Élus du bureau")
    names = {"first_name": "Ada", "last_name": "Martin", "groups": [group.pk]}
    assert sent(operator, reverse("wagtailusers_users:edit", args=[town.other.pk]), **names).status_code == 302
    access = reverse("backoffice:dataset_access", args=["arceaux"])
    assert client_of(town.steward).post(access, {"access": "restricted", "groups": [group.pk]}).status_code == 302
    assert [row.dataset_id for row in datasets_visible_to(actor_of(town.other))] == ["arceaux"]
    assert not datasets_visible_to(ANONYMOUS)
