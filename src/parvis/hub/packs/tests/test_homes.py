"""The homes of the demonstration: sound, given once, left as people change them."""

from __future__ import annotations

import pytest

from parvis.core.errors import Forbidden
from parvis.core.pictures import measure
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.home.layouts import LAYOUT_NAMES
from parvis.hub.home.models import SiteHome
from parvis.hub.packs.homes import load_homes
from parvis.hub.pages.services import make_page
from parvis.hub.sites.services import main_site, make_site, set_face
from parvis.hub.territories.models import Territory
from parvis.packs.bundled_files import DEMO, demo_homes, demo_pages, demo_rows, territory_rows

HOMES = demo_homes()


def test_homes_of_the_pack_name_known_territories_layouts_pages_and_indicators():
    assert set(HOMES) <= {row.code for row in territory_rows()}
    assert {row["layout"] for row in HOMES.values()} == set(LAYOUT_NAMES)
    assert {slug for row in HOMES.values() for slug in row.get("pages", ())} <= set(demo_pages())
    figures = {name for row in HOMES.values() for name in row.get("figures", ())}
    assert figures <= {f"indicateur:{row['slug']}" for row in demo_rows("indicators")}


def test_pictures_of_the_pack_are_light_described_and_credited():
    rows = [row["picture"] for row in (*HOMES.values(), *demo_pages().values()) if "picture" in row]
    files = {path.name: path for path in (DEMO / "pictures").iterdir()}
    assert {row["file"] for row in rows} == set(files), "each is shown, and each that is shown is there"
    assert len(files) >= 6
    for path in files.values():
        assert path.stat().st_size <= 100_000
        header = measure(path.read_bytes())
        assert header.kind == "webp" and header.bare and header.width >= 1_600
    for row in rows:
        assert 20 <= len(row["alt"]) <= 200
        assert row["credit"].startswith("Parvis, d’après ")


@pytest.mark.django_db
def test_homes_are_laid_out_once_and_left_as_people_change_them(client):
    epci = Territory.objects.create(kind="epci", code="200059228", name="Grand Paris Sud", folded="grand paris sud")
    set_face(OPERATOR, main_site(), territory=epci)
    grigny = Territory.objects.create(kind="commune", code="91286", name="Grigny", folded="grigny")
    make_site(OPERATOR, grigny, "grigny.exemple.fr", parent=main_site(), prefix="grigny")
    page = make_page(OPERATOR, main_site(), "fibre", "La fibre", [])
    assert load_homes(OPERATOR, HOMES) == 2
    assert [one.pk for one in SiteHome.objects.get(site=main_site()).chosen("page")] == [page.pk]
    html = client.get("/grigny/").content.decode()
    assert 'class="doors"' in html
    assert 'alt="La commune de Grigny en relief' in html and "Image : Parvis, d’après IGN" in html
    SiteHome.objects.update(layout="une")
    assert load_homes(OPERATOR, HOMES) == 0
    assert 'class="doors"' not in client.get("/grigny/").content.decode()
    with pytest.raises(Forbidden):
        load_homes(ANONYMOUS, HOMES)
