"""A page of the main site reaches communes, keeps in step, and never goes over what a commune wrote."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test import Client

from parvis.core.errors import Forbidden
from parvis.hub.accounts.factories import make_person
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.worker import drain
from parvis.hub.pages.factories import block, site_of_tests
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.selectors import pages_of
from parvis.hub.pages.services import make_page
from parvis.hub.pushed.models import PushedCopy, PushedPage
from parvis.hub.pushed.rules import AddressTaken, NotOfTheMainSite, State, UnknownPlaceholders
from parvis.hub.pushed.selectors import difference_texts, state_of
from parvis.hub.pushed.services import bring_together, push, set_linked, settle
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db

NAMES = {"77251": "Lieusaint", "91179": "Le Coudray-Montceaux", "91228": "Évry-Courcouronnes"}


def commune(code: str) -> Territory:
    name = NAMES[code]
    return Territory.objects.create(
        kind="commune", code=code, name=name, folded=name.lower(), population=14_000, department=code[:2]
    )


@pytest.fixture
def sites(db):
    return [make_site(OPERATOR, commune(code), f"c{code}.localhost", parent=main_site()) for code in ("77251", "91179")]


def write(*texts: str, title: str = "Les vélos {de_commune}", **facts):
    """The page of the main site, a block for each text, each with its own id."""
    body = [block("text", f"<p>{text}</p>", f"bloc-{rank}") for rank, text in enumerate(texts)]
    return make_page(OPERATOR, main_site(), "velo", title, body, introduction="{population} habitants", **facts)


def local_text(site, *texts: str) -> ThemePage:
    """What a commune's editor does: other texts in the same blocks."""
    page = pages_of(site).get(slug="velo")
    body = [block("text", f"<p>{text}</p>", f"bloc-{rank}") for rank, text in enumerate(texts)]
    return make_page(OPERATOR, site, "velo", page.title, body, introduction=page.introduction)


def texts(site) -> list[str]:
    return [
        str(child.value.source).removeprefix("<p>").removesuffix("</p>")
        for child in pages_of(site).get(slug="velo").body
    ]


def copy_at(site) -> PushedCopy:
    return PushedCopy.objects.get(site=site)


def test_each_commune_receives_its_own_words(sites):
    push(OPERATOR, write("Bienvenue {a_commune}."), sites)
    drain()
    assert [pages_of(site).get().title for site in sites] == [
        "Les vélos de Lieusaint",
        "Les vélos du Coudray-Montceaux",
    ]
    assert [texts(site) for site in sites] == [["Bienvenue à Lieusaint."], ["Bienvenue au Coudray-Montceaux."]]
    assert pages_of(sites[0]).get().introduction == "14\u202f000 habitants"
    assert {state_of(copy) for copy in PushedCopy.objects.all()} == {State.SAME}


def test_a_model_is_seen_at_communes_and_not_at_the_main_site(sites):
    page = write("Bienvenue {a_commune}.")
    push(OPERATOR, page, sites, hidden=True)
    drain()
    main, lieusaint = Client(), Client(headers={"host": sites[0].hostname})
    assert main.get("/pages/velo/").status_code in (302, 404)
    assert main.get("/pages/velo/blocs/bloc-0/").status_code == 404
    assert "{" not in str([one.title for one in pages_of(main_site())])
    assert "Bienvenue à Lieusaint." in lieusaint.get("/pages/velo/").content.decode()
    push(OPERATOR, page, sites, hidden=False)
    assert main.get("/pages/velo/").status_code == 200


def test_a_correction_flows_down_when_it_is_published(sites):
    push(OPERATOR, write("Un", "Deux"), sites)
    drain()
    write("Un", "Deux, corrigé {a_commune}", "Trois")
    drain()
    assert texts(sites[0]) == ["Un", "Deux, corrigé à Lieusaint", "Trois"]


def test_a_draft_of_the_source_goes_nowhere(sites):
    push(OPERATOR, write("Un"), sites)
    drain()
    write("Un, brouillon", publish=False)
    drain()
    assert texts(sites[0]) == ["Un"]


def test_a_local_change_stays_and_the_rest_is_corrected(sites):
    push(OPERATOR, write("Un", "Deux"), sites)
    drain()
    local_text(sites[0], "Un, à nous", "Deux")
    assert state_of(copy_at(sites[0])) is State.CHANGED
    write("Un", "Deux, corrigé")
    drain()
    assert texts(sites[0]) == ["Un, à nous", "Deux, corrigé"]
    assert texts(sites[1]) == ["Un", "Deux, corrigé"]
    assert [state_of(copy_at(site)) for site in sites] == [State.CHANGED, State.SAME]


def test_a_conflict_keeps_the_local_text_and_shows_both(sites):
    push(OPERATOR, write("Un"), sites)
    drain()
    local_text(sites[0], "Un, à nous")
    write("Un, corrigé")
    drain()
    copy = copy_at(sites[0])
    assert texts(sites[0]) == ["Un, à nous"]
    assert state_of(copy) is State.CONFLICT
    (difference,) = difference_texts(copy)
    assert (difference.ours, difference.theirs, difference.is_conflict) == ("Un, à nous", "Un, corrigé", True)


@pytest.mark.parametrize(
    ("take", "text", "state"), [(True, "Un, corrigé", State.SAME), (False, "Un, à nous", State.CHANGED)]
)
def test_one_choice_ends_a_conflict(sites, take, text, state):
    push(OPERATOR, write("Un"), sites)
    drain()
    local_text(sites[0], "Un, à nous")
    write("Un, corrigé")
    drain()
    settle(OPERATOR, copy_at(sites[0]), "bloc-0", take=take)
    assert texts(sites[0]) == [text]
    assert state_of(copy_at(sites[0])) is state


def test_an_editor_s_draft_stays_a_draft_and_is_corrected_too(sites):
    push(OPERATOR, write("Un", "Deux"), sites)
    drain()
    page = pages_of(sites[0]).get()
    draft = [block("text", "<p>Un, à nous</p>", "bloc-0"), block("text", "<p>Deux</p>", "bloc-1")]
    make_page(OPERATOR, sites[0], "velo", page.title, draft, publish=False, introduction=page.introduction)
    write("Un", "Deux, corrigé")
    drain()
    page = pages_of(sites[0]).get()
    assert texts(sites[0]) == ["Un", "Deux, corrigé"]
    assert page.has_unpublished_changes
    assert [str(child.value.source) for child in page.get_latest_revision_as_object().body] == [
        "<p>Un, à nous</p>", "<p>Deux, corrigé</p>"]  # fmt: skip


def test_pushed_twice_nothing_is_written_again(sites):
    page = write("Un")
    push(OPERATOR, page, sites)
    drain()
    before = [copy.page.latest_revision_id for copy in PushedCopy.objects.all()]
    push(OPERATOR, page, sites)
    drain()
    assert [copy.page.latest_revision_id for copy in PushedCopy.objects.all()] == before
    assert [bring_together(OPERATOR, copy.pk) for copy in PushedCopy.objects.all()] == [False, False]
    assert ThemePage.objects.count() == 3


def test_asked_twice_while_it_waits_it_is_one_job(sites):
    page = write("Un")
    assert push(OPERATOR, page, sites).pk == push(OPERATOR, page, sites).pk
    assert Job.objects.filter(kind="pushed.push", state="queued").count() == 1


def test_a_page_of_the_commune_at_that_address_is_left_alone(sites):
    make_page(OPERATOR, sites[0], "velo", "La nôtre", [block("text", "<p>À nous</p>")])
    push(OPERATOR, write("Un"), sites)
    drain()
    assert pages_of(sites[0]).get().title == "La nôtre"
    assert state_of(copy_at(sites[0])) is State.REFUSED
    assert copy_at(sites[0]).fault["code"] == AddressTaken.code
    assert texts(sites[1]) == ["Un"]


def test_a_copy_deleted_by_its_site_comes_back_only_when_asked(sites):
    page = write("Un")
    push(OPERATOR, page, sites)
    drain()
    pages_of(sites[0]).get().delete()
    write("Un, corrigé")
    drain()
    assert not pages_of(sites[0]).exists()
    assert state_of(copy_at(sites[0])) is State.REMOVED
    push(OPERATOR, page, sites[1:])
    drain()
    assert not pages_of(sites[0]).exists()
    push(OPERATOR, page, sites[:1])
    drain()
    assert texts(sites[0]) == ["Un, corrigé"]


def test_a_detached_copy_is_left_alone_until_it_is_attached_again(sites):
    push(OPERATOR, write("Un"), sites)
    drain()
    set_linked(OPERATOR, copy_at(sites[0]), linked=False)
    write("Un, corrigé")
    drain()
    assert texts(sites[0]) == ["Un"]
    assert state_of(copy_at(sites[0])) is State.DETACHED
    set_linked(OPERATOR, copy_at(sites[0]), linked=True)
    drain()
    assert texts(sites[0]) == ["Un, corrigé"]


def test_a_site_made_later_receives_what_is_pushed_everywhere(sites):
    push(OPERATOR, write("Un"), sites, everywhere=True)
    drain()
    late = make_site(OPERATOR, commune("91228"), "evry.localhost", parent=main_site())
    drain()
    assert pages_of(late).get().title == "Les vélos d’Évry-Courcouronnes"


def test_only_who_runs_the_instance_pushes(sites):
    page = write("Un")
    for actor in (ANONYMOUS, actor_of(make_person("redac@evry.example"))):
        with pytest.raises(Forbidden):
            push(actor, page, sites)
    push(OPERATOR, page, sites)
    drain()
    for act in (
        lambda copy: settle(ANONYMOUS, copy, "bloc-0", take=True),
        lambda copy: set_linked(ANONYMOUS, copy, linked=False),
    ):
        with pytest.raises(Forbidden):
            act(copy_at(sites[0]))


def test_misspelt_words_in_braces_are_told_before_anything_is_pushed(sites):
    with pytest.raises(UnknownPlaceholders, match="{comune}"):
        push(OPERATOR, write("Bienvenue {a_commune} et {comune}."), sites)
    assert not PushedPage.objects.exists()


def test_a_page_of_a_commune_is_not_pushed(sites):
    own = make_page(OPERATOR, sites[0], "autre", "Une page", [])
    with pytest.raises(NotOfTheMainSite):
        push(OPERATOR, own, sites)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_page():
    site = make_site(OPERATOR, commune("77251"), "c77251.localhost", parent=site_of_tests())
    pushed = PushedPage.objects.create(source=write("Un"))
    copy = PushedCopy.objects.create(pushed=pushed, site=site)
    done: list[bool] = []

    def work() -> None:
        try:
            done.append(bring_together(OPERATOR, copy.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(done) == [False, False, False, True]
    assert texts(site) == ["Un"]
    assert state_of(copy_at(site)) is State.SAME
