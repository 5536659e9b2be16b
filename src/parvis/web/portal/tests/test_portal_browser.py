"""Every kind of public page in a real browser: accessible, narrow or wide, light or dark, with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2
import pytest
from playwright.sync_api import expect
from wagtail.models import Locale, Page, Site

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version
from parvis.core.text import fold
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.models import Organisation
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import bump_revision
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.home.layouts import LAYOUT_NAMES
from parvis.hub.home.models import SiteHome
from parvis.hub.maps.factories import make_trees
from parvis.hub.packs.filling import filling
from parvis.hub.sites.models import SiteFace
from parvis.hub.territories.models import Territory
from parvis.hub.ui.tests.console import is_of_the_driver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/",
    "/explore/",
    "/explore/?q=arbre&theme=environnement",
    "/explore/?q=xylophone",
    "/explore/dataset/arbres/information/",
    "/explore/dataset/arbres/table/",
    "/explore/dataset/arbres/table/?q=erable&colonne=hauteur&op=min&valeur=1&densite=compacte&largeur=entiere",
    "/explore/dataset/arbres/table/?colonne=hauteur&op=min&valeur=haut",
    "/explore/dataset/arbres/export/",
    "/explore/dataset/arbres/api/",
    "/explore/embed/dataset/arbres/",
    "/organisations/",
    "/organisations/ville/",
    "/territoires/",
    "/territoires/?q=lisses",
    "/territoires/91340/",
    "/territoires/200059228/",
    "/style/",
    "/accessibilite/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/nulle-part/",
)


@pytest.fixture
def portal(live_server) -> str:
    """A small portal with a territory, an organisation and two datasets; gives its address."""
    epci = _territory("epci", "200059228", "Grand Paris Sud", 2.4, 0.1)
    lisses = _territory("commune", "91340", "Lisses", 2.4, 0.05)
    _territory("commune", "91228", "Évry-Courcouronnes", 2.45, 0.05)
    face = SiteFace.for_site(_site())
    face.name, face.territory = "Données du Sud", epci
    face.save()
    ville: Organisation = make_organisation("Ville de Lisses", slug="ville", territory=lisses)
    places = [(2.4 + rank / 1000, 48.6) for rank in range(60)]
    trees: Dataset = make_trees(places, organisation=ville, dataset_id="arbres", title="Arbres remarquables")
    trees.themes, trees.keywords, trees.featured = ["environnement"], ["arbre", "nature"], 1
    trees.save()
    trees.territories.add(lisses)
    make_dataset(title="Menus des cantines", themes=["education"])
    bump_revision()
    return live_server.url


def _site() -> Site:
    """The default site; earlier tests with a live server have emptied every table."""
    Locale.objects.get_or_create(language_code="fr")
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Racine", slug="racine")
    return Site.objects.get_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": root})[0]


def _territory(kind: str, code: str, name: str, west: float, width: float) -> Territory:
    ring = [[west, 48.6], [west + width, 48.6], [west + width, 48.65], [west, 48.65], [west, 48.6]]
    contour = {"type": "Polygon", "coordinates": [ring]}
    rest = {} if kind == "epci" else {"epci": "200059228", "population": len(name) * 1000}
    return Territory.objects.create(kind=kind, code=code, name=name, folded=fold(name), contour=contour, **rest)


@dataclass
class Watched:
    """A page whose faults are written down: console errors, failed and third-party requests."""

    page: object
    faults: list[str] = field(default_factory=list)


@pytest.fixture
def open_page(chromium, portal) -> Iterator:
    """``open_page(width=…, javascript=…, scheme=…)`` gives a watched page."""
    contexts = []

    def opened(*, width: int, javascript: bool = True, scheme: str = "light", zoom: int = 1) -> Watched:
        size = {"width": width // zoom, "height": 900}
        context = chromium.new_context(
            locale="fr-FR", viewport=size, color_scheme=scheme, java_script_enabled=javascript, reduced_motion="reduce"
        )
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.page.on("console", lambda message: _note(watched, message))
        watched.page.on("pageerror", lambda error: watched.faults.append(f"error: {error}"))
        watched.page.on("request", lambda request: _note_stranger(watched, request.url, portal))
        return watched

    yield opened
    for context in contexts:
        context.close()


def _note(watched: Watched, message) -> None:
    # Chromium reports as an error the status of a page that rightly has one (a wrong filter, an unknown address).
    is_status = "the server responded with a status of 40" in message.text
    if message.type in ("error", "warning") and not is_status and not is_of_the_driver(message.text):
        watched.faults.append(f"{message.type}: {message.text}")


def _note_stranger(watched: Watched, address: str, portal: str) -> None:
    if not address.startswith((portal, "data:", "blob:")):
        watched.faults.append(f"third party: {address}")


def _is_too_wide(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_every_page_is_accessible_and_fits(open_page, portal, axe, width, scheme):
    watched = open_page(width=width, scheme=scheme)
    for path in PAGES:
        watched.page.goto(portal + path)
        watched.faults += [f"{path} {fault}" for fault in axe(watched.page)]
        if _is_too_wide(watched.page):
            watched.faults.append(f"{path} is wider than the screen")
    assert watched.faults == []


@pytest.mark.parametrize(("path", "below"), [("/organisations/?q=ville", ".tile"), ("/nulle-part/", ".search + p")])
def test_a_search_stands_apart_from_what_follows_it(open_page, portal, path, below):
    page = open_page(width=320).page
    page.goto(portal + path)
    search, following = page.locator("main .search").bounding_box(), page.locator(below).first.bounding_box()
    assert following["y"] - (search["y"] + search["height"]) >= 12


def test_the_stones_of_the_territory_say_their_figure_by_pointer_and_keyboard(open_page, portal):
    """One stop for all of them, arrows between them; Escape takes the word away."""
    page = open_page(width=1280).page
    page.goto(portal)
    card, lisses = page.locator(".paving-card"), page.locator("a.stone[data-name=Lisses]")
    expect(page.locator("a.stone[tabindex='0']")).to_have_count(1)
    lisses.hover()
    expect(card).to_contain_text("Lisses")
    expect(card).to_contain_text("6\u202f000 habitants")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.mouse.move(0, 0)
    lisses.focus()
    page.keyboard.press("ArrowRight")
    expect(card).to_contain_text("Évry-Courcouronnes")
    expect(page.locator("a.stone:focus")).to_have_css("outline-style", "none")
    expect(page.locator("a.stone:focus .ring")).not_to_have_css("stroke", "none")
    page.keyboard.press("Enter")
    page.wait_for_url("**/territoires/91228/")


def test_a_first_tap_on_a_stone_says_and_a_second_one_opens(chromium, portal):
    context = chromium.new_context(
        locale="fr-FR", viewport={"width": 360, "height": 900}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(portal)
    lisses = page.locator("a.stone[data-name=Lisses]")
    expect(page.locator("a.stone[tabindex='0']")).to_have_count(1)  # the script is there
    lisses.tap()
    expect(page.locator(".paving-card")).to_contain_text("6\u202f000 habitants")
    expect(page.locator(".paving-card a")).to_have_attribute("href", "/territoires/91340/")
    lisses.tap()
    page.wait_for_url("**/territoires/91340/")
    context.close()


def test_every_page_says_the_same_without_javascript(open_page, portal):
    watched = open_page(width=320, javascript=False)
    for path in (*PAGES, "/explore/dataset/arbres/map/"):
        watched.page.goto(portal + path)
        expect(watched.page.locator("h1"), path).to_have_count(1)
    assert watched.faults == []


def test_one_can_search_filter_and_sort_by_keyboard_without_javascript(open_page, portal):
    page = open_page(width=1280, javascript=False).page
    page.goto(f"{portal}/explore/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Aller au contenu", use_inner_text=True)
    page.get_by_label("Que cherchez-vous ?").fill("arbres")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Arbres remarquables").click()
    page.get_by_role("navigation", name="Pages du jeu de données").get_by_role("link", name="Tableau").click()
    page.get_by_role("link", name="Hauteur").click()
    page.wait_for_url("**tri=hauteur*")
    page.get_by_role("link", name="Hauteur").click()
    page.wait_for_url("**tri=-hauteur*")
    expect(page.locator("tbody tr").first.locator("th")).to_have_text("Arbre n° 60", use_inner_text=True)
    page.locator("summary", has_text="Filtrer").click()
    new = page.get_by_role("group", name="Nouveau filtre")
    new.get_by_label("Colonne").select_option(label="Espèce")
    new.get_by_label("Comparaison").select_option(label="est égal à")
    new.get_by_label("Valeur").fill("Tilleul")
    page.keyboard.press("Enter")
    page.wait_for_url("**valeur=Tilleul*")
    expect(page.locator("#lignes")).to_have_text(re.compile("^12 lignes"), use_inner_text=True)
    expect(page.locator("tbody tr").first.locator("th")).to_have_text("Arbre n° 60", use_inner_text=True)


def test_the_table_scrolls_by_keyboard_inside_its_frame(open_page, portal):
    page = open_page(width=320).page
    page.goto(f"{portal}/explore/dataset/arbres/table/")
    area = page.locator(".table-area")
    area.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.table-area').scrollLeft > 0")
    head, first = area.locator("thead th").first, area.locator("tbody th").first
    assert abs(head.bounding_box()["x"] - first.bounding_box()["x"]) < 1


def test_a_figure_tells_where_it_comes_from_by_mouse_and_keyboard(open_page, portal, axe):
    watched = open_page(width=1280)
    page = watched.page
    page.goto(f"{portal}/explore/dataset/arbres/information/")
    rows, card = page.locator(".facts a.trail"), page.locator(".trail-card")
    rows.hover()
    card.wait_for()
    expect(card).to_contain_text("Arbres remarquables", use_inner_text=True)
    expect(card.locator(".trail-value").first).to_contain_text("60", use_inner_text=True)
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    rows.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    card.wait_for()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Voir les lignes", use_inner_text=True)
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    assert rows.evaluate("link => link === document.activeElement")
    page.locator("td a.trail", has_text="%").last.hover()
    card.wait_for()
    expect(card).to_contain_text("est remplie", use_inner_text=True)
    box = card.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1280
    card.get_by_role("link", name="Voir les lignes").click()
    page.wait_for_url("**op=rempli*version=*")
    expect(page.locator("#lignes")).to_have_text(re.compile("^60 lignes"), use_inner_text=True)
    assert watched.faults == []


def test_every_figure_leads_to_its_data_without_javascript(open_page, portal):
    page = open_page(width=320, javascript=False).page
    for path in (
        "/",
        "/explore/dataset/arbres/information/",
        "/explore/dataset/arbres/table/?colonne=hauteur&op=min&valeur=1",
        "/qualite/",
        "/territoires/91340/",
    ):
        page.goto(portal + path)
        addresses = page.locator("a.trail").evaluate_all("links => links.map(link => link.href)")
        assert addresses, path
        for address in set(addresses):
            assert page.goto(address).status == 200


def test_the_choice_of_dark_holds_from_page_to_page(open_page, portal):
    page = open_page(width=1280, javascript=False).page
    page.goto(f"{portal}/explore/")
    page.get_by_role("button", name="Sombre").click()
    page.locator("html[data-theme=dark]").wait_for()
    assert page.url == f"{portal}/explore/"
    page.goto(portal)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize(
    "path", ["/", "/explore/", "/explore/dataset/arbres/information/", "/explore/dataset/arbres/table/"]
)
def test_a_page_weighs_at_most_150_kilobytes(open_page, portal, path):
    page = open_page(width=1280).page
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    weights: list[float] = []
    session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    page.goto(portal + path)
    page.wait_for_load_state("networkidle")
    assert 0 < sum(weights) <= 150_000


def test_every_layout_of_the_home_is_accessible_and_fits_wide_narrow_and_dark(open_page, portal, axe):
    screens = [open_page(width=1280), open_page(width=320, scheme="dark")]
    for layout in LAYOUT_NAMES:
        SiteHome.objects.update_or_create(site=_site(), defaults={"layout": layout, "welcome": "Bienvenue à tous."})
        for watched in screens:
            watched.page.goto(portal)
            watched.faults += [f"{layout} {fault}" for fault in axe(watched.page)]
            if _is_too_wide(watched.page):
                watched.faults.append(f"{layout} is wider than the screen")
    assert [watched.faults for watched in screens] == [[], []]


def test_the_home_of_a_portal_that_is_being_filled_is_accessible_and_fits_and_gives_way_by_itself(
    open_page, portal, axe
):
    screens = [open_page(width=1280), open_page(width=320, scheme="dark"), open_page(width=1280, javascript=False)]
    filling.tell(12, 49)
    try:
        for watched in screens:
            watched.page.goto(portal)
            expect(watched.page.get_by_text("12 jeux de données sur 49")).to_be_visible()
        for watched in screens[:2]:
            watched.faults += axe(watched.page)
            if _is_too_wide(watched.page):
                watched.faults.append("wider than the screen")
        filling.tell(20, 49)
        for watched in screens:
            expect(watched.page.get_by_text("20 jeux de données sur 49")).to_be_visible()
    finally:
        filling.end()
    for watched in screens:
        expect(watched.page.get_by_role("progressbar")).to_have_count(0)  # it has reloaded
    assert [watched.faults for watched in screens] == [[], [], []]


def test_the_menu_of_a_narrow_screen_opens_by_keyboard_without_javascript(open_page, portal):
    page = open_page(width=320, javascript=False).page
    page.goto(f"{portal}/explore/")
    menu = page.get_by_role("navigation", name="Navigation principale")
    entry = menu.get_by_role("link", name="Explorer")
    expect(entry).to_be_hidden()
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(entry).to_have_attribute("aria-current", "page")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pages/")
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(entry).to_be_visible()
    expect(menu.locator("summary")).to_be_hidden()


def test_the_tab_that_is_open_is_in_sight_on_a_narrow_screen_and_without_javascript_all_are(open_page, portal):
    page = open_page(width=320).page
    page.goto(f"{portal}/explore/dataset/arbres/api/")
    tabs = page.locator(".tabs")
    expect(tabs.locator("[aria-current]")).to_be_in_viewport(ratio=1)
    assert tabs.evaluate("tabs => tabs.scrollWidth > tabs.clientWidth")
    page = open_page(width=320, javascript=False).page
    page.goto(f"{portal}/explore/dataset/arbres/api/")
    assert page.locator(".tabs").evaluate("tabs => tabs.scrollWidth <= tabs.clientWidth")


def test_a_narrow_screen_shows_the_title_in_its_upper_third(open_page, portal):
    page = open_page(width=360).page
    page.goto(f"{portal}/explore/dataset/arbres/table/")
    box = page.locator("h1").bounding_box()
    assert box["y"] + box["height"] < 250


@pytest.mark.parametrize("columns", [4, 14])
def test_a_printed_table_has_every_row_and_column_and_nothing_to_click(open_page, portal, columns):
    dataset = make_dataset(dataset_id="mesures", title="Mesures")
    shape = [Column(f"c{rank}", f"Mesure {rank}", ColumnType.TEXT) for rank in range(columns)]
    rows = [[f"v{row}-{rank}" for rank in range(columns)] for row in range(20)]
    make_version(versions_folder(dataset.uid) / dataset.current.name, shape, rows)
    bump_revision()
    page = open_page(width=1280).page
    page.goto(f"{portal}/explore/dataset/mesures/table/")
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    text = "\n".join(sheet.get_textpage().get_text_bounded() for sheet in document)
    document.close()
    words = set(text.replace(":", " ").split())
    assert not {value for row in rows for value in row} - words
    for rank in range(columns):
        assert f"Mesure {rank}" in text
    for button in ("Chercher", "Filtrer", "Choisir les colonnes", "Télécharger", "Menu"):
        assert button not in text
