"""The names by which a portal knows what left it: those that it answers to, and no other."""

from __future__ import annotations

import pytest

from parvis.hub.harvesting.selectors import own_servers
from parvis.hub.served_address import note_address

pytestmark = pytest.mark.django_db


def test_a_portal_knows_itself_by_every_name_that_readers_may_ask_it_by(home, settings):
    settings.PARVIS = {
        **settings.PARVIS,
        "PARVIS_BASE_URL": "https://www.donnees.ville.fr",
        "PARVIS_ALLOWED_HOSTS": (
            "127.0.0.1",
            "localhost",
            "[::1]",
            "Ancien.ville.fr",
            "tunnel.fr:9000",
            ".ville.fr",
            "*",
        ),
    }
    note_address(settings.PARVIS_HOME, "0.0.0.0", 8151)  # noqa: S104
    ours = own_servers()
    assert {"donnees.ville.fr", "ancien.ville.fr", "ancien.ville.fr:8151", "tunnel.fr:9000"} <= ours
    assert {"127.0.0.1:8151", "localhost:8151", "[::1]:8151"} <= ours, "by its machine, past the proxy"
    others = {
        "127.0.0.1",
        "localhost",
        "127.0.0.1:8000",
        "tunnel.fr",
        "opendata.ville.fr",
        "ville.fr",
        ".ville.fr",
        "*",
    }
    assert not others & ours, "another portal may be there"
