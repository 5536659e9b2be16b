"""The editor's dialog of embeds, which no page here offers, has the server ask nothing of anybody."""

from __future__ import annotations

import pytest
import requests
from django.test import Client

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["https://www.youtube.com/watch?v=1", "http://127.0.0.1/interne"])
def test_an_address_typed_in_the_dialog_is_asked_by_nobody(monkeypatch, address):
    requested_urls = []

    def ask(url: str, *_given: object, **_named: object) -> None:
        requested_urls.append(url)
        raise requests.ConnectionError

    monkeypatch.setattr(requests, "get", ask)
    contributor = Client()
    contributor.force_login(make_member(make_organisation(), Role.CONTRIBUTOR))
    answer = contributor.post("/admin/embeds/chooser/upload/", {"embed-chooser-url": address})
    assert answer.status_code == 200
    assert requested_urls == []
