"""Zones that a person draws on a page are black in what is published, and what they cover is said nowhere."""

from __future__ import annotations

import io
from dataclasses import asdict

import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from pdfminer.high_level import extract_text

from parvis.core.errors import Forbidden, NotFound
from parvis.core.redaction import Box
from parvis.domains.deliberations.deposit.boxes import (
    MOST_BOXES,
    BoxBeyondPages,
    BoxNotOnPage,
    NoPagesToCover,
    TooManyBoxes,
    add_box,
    remove_box,
)
from parvis.domains.deliberations.deposit.confirming import confirm
from parvis.domains.deliberations.deposit.hiding import hide, places_to_hide
from parvis.domains.deliberations.deposit.reading import read_again
from parvis.domains.deliberations.deposit.receiving import add_annex, deposit_act
from parvis.domains.deliberations.factories import make_act, make_assembly
from parvis.domains.deliberations.models import ActFile
from parvis.domains.deliberations.online.publishing import publish_act
from parvis.domains.deliberations.rules import ActIsSealed
from parvis.domains.deliberations.selectors import boxes_of, published_pages
from parvis.domains.deliberations.tests.papers import act_pdf, run_queued
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune(home):
    organisation = make_organisation("Grigny", siren="219102860")
    make_assembly(organisation)
    return organisation


def dropped(commune, reason="Madame Zoé Martineau demande une aide"):
    act = deposit_act(OPERATOR, commune, "acte.pdf", ContentFile(act_pdf(reason=reason), name="acte.pdf"))
    run_queued()
    act.refresh_from_db()
    return act


def confirmed(act, hidden=()):
    act = confirm(OPERATOR, act, {"title": act.title, "session": None}, list(hidden), revision=act.revision)
    run_queued()
    act.refresh_from_db()
    return act


def around(file, words):
    """The zone of the first page that covers some words, as somebody would draw it."""
    with file.original.open("rb") as stream:
        page = pypdfium2.PdfDocument(stream.read())[0]
    wide, tall = page.get_size()
    text = page.get_textpage()
    place = text.search(words).get_next()
    assert place is not None, words
    sides = [text.get_charbox(rank) for rank in range(place[0], place[0] + place[1])]
    return Box(
        1,
        (min(side[0] for side in sides) - 2) / wide,
        1 - (max(side[3] for side in sides) + 3) / tall,
        (max(side[2] for side in sides) + 2) / wide,
        1 - (min(side[1] for side in sides) - 3) / tall,
    )


def body_of(file):
    with file.published.open("rb") as stream:
        return stream.read()


def test_a_zone_is_black_in_what_is_published_and_no_reader_reads_under_it(commune):
    act = dropped(commune)
    file = act.act_files.get()
    box = around(file, "Zoé Martineau")
    add_box(OPERATOR, act, file, box)
    act = publish_act(OPERATOR, confirmed(act))
    file.refresh_from_db()
    body = body_of(file)
    document = pypdfium2.PdfDocument(body)
    picture = document[0].render(scale=2).to_pil().convert("L")
    wide, tall = picture.size
    inside = picture.crop(
        (
            round(box.left * wide) + 2,
            round(box.top * tall) + 2,
            round(box.right * wide) - 2,
            round(box.bottom * tall) - 2,
        )
    )
    assert inside.getextrema()[1] < 64
    assert picture.getextrema() == (0, 255), "the rest of the page is not"
    for text in (document[0].get_textpage().get_text_bounded(), extract_text(io.BytesIO(body))):
        assert "Martineau" not in text
        assert "approuve" in text
    assert b"Martineau" not in body
    shown = published_pages(file)[0].text
    assert "Martineau" not in shown
    assert "[occulté] demande une aide" in shown
    assert file.verification["is_publishable"]
    assert set(file.verification["sources"]) == {"pixels", "pdfminer"}


def test_what_is_under_a_zone_is_on_no_page_nor_found_by_its_words(commune, client, django_capture_on_commit_callbacks):
    act = dropped(commune)
    file = act.act_files.get()
    add_box(OPERATOR, act, file, around(file, "Zoé Martineau"))
    with django_capture_on_commit_callbacks(execute=True):
        act = publish_act(OPERATOR, confirmed(act))
    run_queued()
    for address in (
        act.get_absolute_url(),
        f"{act.get_absolute_url()}texte/1/",
        "/deliberations/recherche/?q=Martineau",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "Zoé Martineau" not in answer.content.decode(), address


def test_a_word_as_common_as_le_under_a_zone_refuses_nothing(commune):
    act = dropped(commune)
    file = act.act_files.get()
    add_box(OPERATOR, act, file, around(file, "Le Maire, Camille Durand"))
    act = publish_act(OPERATOR, confirmed(act, ["Zoé Martineau"]))
    text = published_pages(act.act_files.get())[0].text
    assert "présidence de Madame Camille Durand" in text
    assert text.count("Camille Durand") == 1


def test_zones_stay_when_words_change_and_when_the_file_is_read_again(commune):
    act = dropped(commune)
    file = act.act_files.get()
    add_box(OPERATOR, act, file, around(file, "Zoé Martineau"))
    file.refresh_from_db()
    (drawn,) = boxes_of(file)
    act = confirmed(act, ["dépense"])
    act = confirmed(act, [])
    ActFile.objects.filter(pk=file.pk).update(unreadable_pages=1)
    read_again(OPERATOR, act)
    run_queued()
    file.refresh_from_db()
    assert boxes_of(file) == [drawn]
    assert file.published
    assert "Martineau" not in published_pages(file)[0].text


def test_a_zone_drawn_while_somebody_confirms_is_not_lost(commune):
    act = dropped(commune)
    file = act.act_files.get()
    spans = places_to_hide(act, ["Camille Durand"])
    add_box(OPERATOR, act, file, Box(1, 0.1, 0.1, 0.4, 0.2))
    hide(act, spans)
    file.refresh_from_db()
    assert len(boxes_of(file)) == 1
    assert file.spans["words"] == ["Camille Durand"]


def test_what_was_made_is_made_again_when_a_zone_is_drawn_or_taken_away(commune):
    act = confirmed(dropped(commune))
    file = act.act_files.get()
    digests = [file.published_digest]
    box = around(file, "Zoé Martineau")
    for change in (add_box, remove_box):
        boxes = boxes_of(ActFile.objects.get(pk=file.pk))
        change(OPERATOR, act, file, boxes[0] if boxes else box)
        assert not ActFile.objects.get(pk=file.pk).published
        run_queued()
        digests.append(ActFile.objects.get(pk=file.pk).published_digest)
    assert digests[0] == digests[2] != digests[1]
    assert "Martineau" in published_pages(file)[0].text


def test_the_same_zone_twice_is_one_and_asks_for_nothing_more(commune):
    act = confirmed(dropped(commune))
    file = act.act_files.get()
    for _time in range(2):
        add_box(OPERATOR, act, file, Box(1, 0.1, 0.1, 0.4, 0.2))
    assert len(boxes_of(ActFile.objects.get(pk=file.pk))) == 1
    assert Job.objects.filter(state=Job.State.QUEUED).count() == 1
    remove_box(OPERATOR, act, file, Box(1, 0.3, 0.3, 0.4, 0.4))
    assert len(boxes_of(ActFile.objects.get(pk=file.pk))) == 1


@pytest.mark.parametrize(
    ("sides", "error"),
    [
        ((1, -0.1, 0.1, 0.4, 0.2), BoxNotOnPage),
        ((1, 0.1, 0.1, 1.01, 0.2), BoxNotOnPage),
        ((1, 0.4, 0.1, 0.1, 0.2), BoxNotOnPage),
        ((1, 0.1, 0.1, 0.1, 0.2), BoxNotOnPage),
        ((1, 0.1, 0.1, 0.4, 0.105), BoxNotOnPage),
        ((1, float("nan"), 0.1, 0.4, 0.2), BoxNotOnPage),
        ((1, 0.1, 0.1, float("inf"), 0.2), BoxNotOnPage),
        ((0, 0.1, 0.1, 0.4, 0.2), BoxBeyondPages),
        ((2, 0.1, 0.1, 0.4, 0.2), BoxBeyondPages),
    ],
)
def test_what_is_no_zone_of_a_page_is_refused(commune, sides, error):
    act = dropped(commune)
    file = act.act_files.get()
    with pytest.raises(error):
        add_box(OPERATOR, act, file, Box(*sides))
    assert boxes_of(ActFile.objects.get(pk=file.pk)) == []


def test_a_zone_of_one_hundredth_and_one_of_a_whole_page_are_zones(commune):
    act = dropped(commune)
    file = act.act_files.get()
    for box in (Box(1, 0.57, 0.29, 0.58, 0.30), Box(1, 0, 0, 1, 1)):
        add_box(OPERATOR, act, file, box)
    act = publish_act(OPERATOR, confirmed(act))
    assert published_pages(act.act_files.get())[0].text.strip() == "[occulté]"


def test_one_zone_too_many_is_refused(commune):
    act = dropped(commune)
    file = act.act_files.get()
    rows = [asdict(Box(1, 0.1, rank / 1_000, 0.4, rank / 1_000 + 0.1)) for rank in range(MOST_BOXES)]
    ActFile.objects.filter(pk=file.pk).update(spans={"boxes": rows})
    with pytest.raises(TooManyBoxes, match="200 zones"):
        add_box(OPERATOR, act, file, Box(1, 0.5, 0.5, 0.6, 0.6))


def test_what_is_published_from_its_text_has_no_zones(commune):
    act = dropped(commune)
    file = act.act_files.get()
    ActFile.objects.filter(pk=file.pk).update(suffix="png")
    with pytest.raises(NoPagesToCover):
        add_box(OPERATOR, act, file, Box(1, 0.1, 0.1, 0.4, 0.2))


def test_zones_of_an_annex_are_its_own(commune):
    act = dropped(commune)
    annex = add_annex(OPERATOR, act, "plan.pdf", ContentFile(act_pdf("9"), name="plan.pdf"))
    run_queued()
    annex.refresh_from_db()
    add_box(OPERATOR, act, annex, around(annex, "Paul Lefèvre"))
    act = publish_act(OPERATOR, confirmed(act))
    texts = [published_pages(file)[0].text for file in act.act_files.order_by("position")]
    assert ["Lefèvre" in text for text in texts] == [True, False]
    with pytest.raises(NotFound):
        add_box(OPERATOR, make_act(commune, online=False), annex, Box(1, 0.1, 0.1, 0.4, 0.2))


def test_an_act_online_takes_no_zone_and_loses_none(commune):
    act = dropped(commune)
    file = act.act_files.get()
    add_box(OPERATOR, act, file, Box(1, 0.1, 0.1, 0.4, 0.2))
    act = publish_act(OPERATOR, confirmed(act))
    file.refresh_from_db()
    for change, box in ((add_box, Box(1, 0.5, 0.5, 0.6, 0.6)), (remove_box, boxes_of(file)[0])):
        with pytest.raises(ActIsSealed):
            change(OPERATOR, act, file, box)
    file.refresh_from_db()
    assert len(boxes_of(file)) == 1
    assert file.published


def test_who_may_not_change_the_act_draws_nothing(commune):
    act = dropped(commune)
    file = act.act_files.get()
    with pytest.raises(Forbidden):
        add_box(actor_of(make_member(commune, Role.READER)), act, file, Box(1, 0.1, 0.1, 0.4, 0.2))
    stranger = Client()
    stranger.force_login(make_member(make_organisation(), Role.STEWARD))
    address = reverse("acts:boxes", args=[act.pk, file.pk, 1])
    sides = {"left": 10, "top": 10, "right": 40, "bottom": 20}
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, sides).status_code == 404
    assert Client().post(address, sides).status_code == 302
    assert boxes_of(ActFile.objects.get(pk=file.pk)) == []


def test_the_screen_takes_zones_and_gives_them_back_without_a_script(commune):
    act = dropped(commune)
    file = act.act_files.get()
    client = Client()
    client.force_login(make_member(commune, Role.CONTRIBUTOR))
    address = reverse("acts:boxes", args=[act.pk, file.pk, 1])
    assert address in client.get(reverse("acts:confirm", args=[act.pk])).content.decode()
    shown = client.post(address, {"left": "10", "top": "20.5", "right": "40.25", "bottom": "30"}, follow=True)
    page = shown.content.decode()
    assert '<rect x="10%" y="20.5%" width="30.25%" height="9.5%" />' in page
    assert "de 10 à 40,25 % en largeur" in page
    beside = client.get(reverse("acts:confirm", args=[act.pk])).content.decode()
    assert "1 zone occultée" in beside
    assert '<rect x="10%" y="20.5%" width="30.25%" height="9.5%" />' in beside
    refused = client.post(address, {"left": "40", "top": "20", "right": "10", "bottom": "30"})
    assert refused.status_code == 422
    assert "Cette zone n’est pas dans la page" in refused.content.decode()
    assert client.post(address, {"left": "-4", "top": "20", "right": "10", "bottom": "300"}).status_code == 422
    for _time in range(2):
        client.post(address, {"retirer": "10 20.5 40.25 30"})
    assert boxes_of(ActFile.objects.get(pk=file.pk)) == []
    for number in (0, 2):
        assert client.get(reverse("acts:boxes", args=[act.pk, file.pk, number])).status_code == 404
    assert client.get(reverse("acts:boxes", args=[act.pk, file.pk + 1, 1])).status_code == 404


def test_the_screen_of_an_act_online_shows_its_zones_and_takes_none(commune):
    act = dropped(commune)
    file = act.act_files.get()
    add_box(OPERATOR, act, file, Box(1, 0.1, 0.1, 0.4, 0.2))
    act = publish_act(OPERATOR, confirmed(act))
    client = Client()
    client.force_login(make_member(commune, Role.STEWARD))
    address = reverse("acts:boxes", args=[act.pk, file.pk, 1])
    page = client.get(address).content.decode()
    assert "<rect " in page
    assert 'name="retirer"' not in page
    answer = client.post(address, {"left": 50, "top": 50, "right": 60, "bottom": 60})
    assert answer.status_code == 422
    assert "est en ligne : ce qu’il dit ne change plus" in answer.content.decode()
    assert "est en ligne" in client.post(address, {"retirer": "10 10 40 20"}, follow=True).content.decode()
    assert len(boxes_of(ActFile.objects.get(pk=file.pk))) == 1
