"""An address tells what it is, and strangers' addresses count for nothing or for what they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.hub.usage.addresses import seen_at
from parvis.hub.usage.rules import LONGEST_DETAIL, LONGEST_NAME, Nature, Seen, Subject, is_robot

V, D, C, E = Nature.VIEW, Nature.DOWNLOAD, Nature.CALL, Nature.EMBED


@pytest.mark.parametrize(
    ("path", "query", "seen"),
    [
        ("/", "", Seen(V, Subject.PORTAL, "accueil")),
        ("/explore/dataset/arbres/", "", Seen(V, Subject.DATASET, "arbres")),
        ("/explore/dataset/arbres/table/", "tri=nom", Seen(V, Subject.DATASET, "arbres")),
        ("/explore/dataset/arbres/versions/v1/original/", "", Seen(D, Subject.DATASET, "arbres", "original")),
        ("/explore/embed/dataset/arbres/map/", "", Seen(E, Subject.DATASET, "arbres")),
        ("/pages/velo/", "", Seen(V, Subject.PAGE, "velo")),
        ("/pages/velo/blocs/3f-4/", "", Seen(E, Subject.PAGE, "velo")),
        ("/pages/velo/blocs/3f-4.png", "", Seen(D, Subject.PAGE, "velo", "png")),
        ("/indicateurs/fibre/valeurs/3/", "", Seen(V, "indicator", "fibre")),
        ("/indicateurs/fibre/integrer/", "", Seen(E, "indicator", "fibre")),
        ("/indicateurs/alertes/cle-secrete/confirmer/", "", Seen(V, Subject.PORTAL, "indicateurs")),
        ("/indicateurs/fibre/valeurs/3.svg", "", Seen(D, "indicator", "fibre", "svg")),
        ("/graphiques/arceaux/cadre/", "", Seen(E, Subject.CHART, "arceaux")),
        ("/api/explore/v2.1/catalog/datasets/arbres/exports/csv", "", Seen(D, Subject.DATASET, "arbres", "csv")),
        ("/api/explore/v2.1/catalog/datasets/arbres/records", "", Seen(C, Subject.DATASET, "arbres", "explore-v2.1")),
        ("/api/explore/v2.1/catalog/datasets", "", Seen(C, Subject.PORTAL, "", "explore-v2.1")),
        ("/api/v2/catalog/datasets/arbres/records", "", Seen(C, Subject.DATASET, "arbres", "explore-v2.0")),
        ("/api/records/1.0/search/", "rows=1&dataset=arbres", Seen(C, Subject.DATASET, "arbres", "explore-v1")),
        ("/api/records/1.0/download/", "dataset=arbres", Seen(D, Subject.DATASET, "arbres", "v1")),
        ("/tiles/arbres/3/4/5.mvt", "", Seen(C, Subject.DATASET, "arbres", "tiles")),
        ("/ogc/collections/arbres/items", "", Seen(C, Subject.DATASET, "arbres", "ogc")),
        ("/ogc/collections/catalogue/items", "", Seen(C, Subject.PORTAL, "", "records")),
        ("/csw", "", Seen(C, Subject.PORTAL, "", "csw")),
        ("/catalog.ttl", "", Seen(D, Subject.PORTAL, "", "ttl")),
        ("/valider/", "", Seen(V, Subject.PORTAL, "valider")),
        ("/mcp", "", Seen(C, Subject.PORTAL, "", "mcp")),
    ],
)
def test_an_address_is_counted_as_what_it_gives(path, query, seen):
    assert seen_at(path, query) == seen


@pytest.mark.parametrize(
    "path", ["/admin/", "/static/x.css", "/compte/login/", "/wp-login.php", "/explore/dataset/", "/theme.css"]
)
def test_other_addresses_are_not_counted(path):
    assert seen_at(path) is None


@given(st.text(max_size=300), st.text(max_size=200))
def test_whatever_strangers_ask_fits_the_columns(path, query):
    seen = seen_at("/" + path, query)
    assert seen is None or (len(seen.name) <= LONGEST_NAME and len(seen.detail) <= LONGEST_DETAIL)


@given(
    st.sampled_from(["explore/dataset/", "pages/", "tiles/", "api/records/1.0/search/?dataset="]), st.text(max_size=200)
)
def test_a_name_is_never_more_than_letters_digits_dashes(start, name):
    path, _mark, query = f"/{start}{name}".partition("?")
    seen = seen_at(path, query)
    assert seen is None or all(character.isalnum() or character in "-_" for character in seen.name)


@pytest.mark.parametrize(
    ("agent", "robot"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("Mozilla/5.0 (compatible; bingbot/2.0)", True),
        ("facebookexternalhit/1.1", True),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", False),
        ("python-requests/2.32", False),
        ("Mozilla/5.0 (Linux; Android 9; CUBOT_X18) AppleWebKit/537.36 Mobile", False),
        ("", False),
    ],
)
def test_a_robot_is_who_says_it_is_one(agent, robot):
    assert is_robot(agent) is robot
