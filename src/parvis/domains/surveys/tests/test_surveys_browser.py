"""Collection forms in a real browser: cut from the network, closed in the middle, in two tabs, without scripts, by keyboard."""

from __future__ import annotations

import os
import shutil
import signal
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Error, expect

from parvis.core.surveys.model import Choice, Field, Form, Kind, Section
from parvis.core.text import fold
from parvis.domains.surveys.models import Answer, Survey
from parvis.domains.surveys.services import publish_survey
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.records.services import create, update
from parvis.hub.territories.models import Territory

SLOW = """
const make = createImageBitmap, locks = navigator.locks, ask = locks.request.bind(locks);
const later = (work, milliseconds) => new Promise((end) => setTimeout(() => end(work()), milliseconds));
window.createImageBitmap = (...all) => later(() => make(...all), 1500);
locks.request = (...all) => later(() => ask(...all), 1000);
"""
"""A telephone that is busy: pictures and locks take their time, so that what is written beside has its own."""
UNTIL_KEPT = """
async (typed) => {
  const base = await new Promise((open) => {
    indexedDB.open("parvis-collectes").onsuccess = ({ target }) => open(target.result);
  });
  const isKept = () => new Promise((answer) => {
    base.transaction("entries").objectStore("entries").getAll().onsuccess = ({ target }) =>
      answer(target.result.some(({ fields }) => fields.some(([, value]) => value === typed)));
  });
  while (!(await isKept())) await new Promise((pause) => setTimeout(pause, 50));
  base.close();
}
"""
"""Ends once what was typed is in the browser's store: the form says that a draft is kept from its first field on."""
SENDING = 45_000
"""Milliseconds that two answers and their photos may take to leave, on a machine where other tests run."""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FORM = Form(
    (
        Section(
            "L’arbre",
            fields=(
                Field("espece", "Quelle espèce ?", required=True, hint="Même à peu près."),
                Field("hauteur", "Hauteur (m)", Kind.DECIMAL, maximum="60"),
                Field("etat", "État", Kind.ONE, choices=(Choice("bon", "Bon"), Choice("malade", "Malade"))),
                Field("signes", "Quels signes ?", Kind.LONG_TEXT, condition="${etat} = 'malade'", required=True),
                Field("vus", "Vus", Kind.SEVERAL, choices=(Choice("nids", "Nids"), Choice("trous", "Trous"))),
            ),
        ),
        Section(
            "Le lieu",
            fields=(
                Field("ou", "Où ?", Kind.POINT),
                Field("contour", "Contour", Kind.AREA),
                Field("photo", "Photo", Kind.PHOTO),
                Field(
                    "oiseaux",
                    "Oiseaux",
                    Kind.REPEAT,
                    fields=(Field("nom", "Nom"), Field("chante", "Chante ?", Kind.YES_NO)),
                ),
            ),
        ),
    )
)


def published():
    """The form, online, moderated by nobody."""
    facts = {
        "title": "Arbres de nos rues",
        "questions": FORM.as_json(),
        "consent": "J’accepte que ma réponse soit gardée.",
    }
    return publish_survey(
        OPERATOR, create(OPERATOR, Survey(organisation=make_organisation(), is_moderated=False, **facts))
    )


@pytest.fixture
def survey(home):
    return published()


def context_of(chromium, width=1280, scheme="light", **more):
    return chromium.new_context(
        locale="fr-FR", viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", **more
    )


def opened(context, live_server, survey):
    page = context.new_page()
    page.goto(live_server.url + survey.get_absolute_url())
    page.wait_for_selector("form[data-pret]")
    page.wait_for_selector("html[data-hors-ligne]")
    return page


def fill(page, species="Chêne"):
    page.get_by_label("Quelle espèce ?").fill(species)
    page.get_by_label("J’accepte que ma réponse soit gardée.").check()


def send(page):
    page.get_by_role("button", name="Envoyer ma réponse").click()


def chromium_command(chromium):
    """How the browser of the tests is started, to start another with a profile of its own."""
    path = shutil.which("chromium-headless-shell") or chromium.browser_type.executable_path
    return path, ["--no-sandbox"]


def kill_processes_of(profile):
    """As when the battery is empty: no goodbye, no last writing."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                if str(profile).encode() in (entry / "cmdline").read_bytes():
                    os.kill(int(entry.name), signal.SIGKILL)


def jpeg() -> dict[str, object]:
    """A photo as telephones make them: larger than is kept."""
    buffer = BytesIO()
    Image.effect_noise((3_000, 2_000), 60).convert("RGB").save(buffer, "JPEG", quality=70)
    return {"name": "arbre.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def test_what_is_filled_with_the_network_cut_waits_and_leaves_when_it_is_back(live_server, chromium, survey):
    context = context_of(chromium)
    page = opened(context, live_server, survey)
    context.set_offline(True)
    page.reload()  # the page itself opens without a network
    page.wait_for_selector("form[data-pret]")
    photo = jpeg()
    for species in ("Chêne", "Hêtre"):
        fill(page, species)
        page.get_by_label("Photo").set_input_files(photo)
        send(page)
        expect(page.locator("[data-etat=waiting]", has_text=species)).to_contain_text("En attente d’envoi")
    expect(page.locator("[data-etat=waiting]").first).to_contain_text("fichiers joints : 1")
    assert Answer.objects.count() == 0
    page.close()
    page = context.new_page()
    page.goto(live_server.url + survey.get_absolute_url())
    expect(page.locator("[data-etat=waiting]")).to_have_count(2)
    context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-etat=received]")).to_have_count(2, timeout=SENDING)
    answers = {answer.values["espece"]: answer for answer in Answer.objects.all()}
    assert set(answers) == {"Chêne", "Hêtre"}
    assert [answer.photos.count() for answer in answers.values()] == [1, 1]
    assert Image.open(answers["Chêne"].photos.get().file).size == (2_560, 1_707)
    for answer in answers.values():
        expect(page.locator("[data-etat=received]", has_text=f"Reçue n° {answer.receipt}")).to_have_count(1)
    context.close()


def test_an_answer_sent_while_its_photo_is_made_smaller_waits_with_it_and_is_no_draft_again(
    live_server, chromium, survey
):
    context = context_of(chromium)
    context.add_init_script(SLOW)
    page = opened(context, live_server, survey)
    context.set_offline(True)
    fill(page, "Chêne")
    page.get_by_label("Photo").set_input_files(jpeg())
    send(page)
    waiting = page.locator("[data-etat=waiting]", has_text="Chêne")
    expect(waiting).to_contain_text("fichiers joints : 1", timeout=SENDING)
    page.wait_for_timeout(2_500)  # a draft is written a while after each change
    expect(page.locator("[data-etat=waiting]")).to_have_count(1)
    expect(page.locator("[data-etat=draft]")).to_have_count(0)
    context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-etat=received]")).to_have_count(1, timeout=SENDING)
    assert max(Image.open(Answer.objects.get().photos.get().file).size) == 2_560
    context.close()


def test_a_browser_killed_while_one_types_gives_back_what_was_typed(live_server, chromium, survey, tmp_path):
    start = chromium.browser_type.launch_persistent_context
    path, flags = chromium_command(chromium)
    context = start(tmp_path / "profile", executable_path=path, args=flags, locale="fr-FR")
    page = opened(context, live_server, survey)
    fill(page, "Orme")
    page.get_by_label("Photo").set_input_files(jpeg())
    page.get_by_role("button", name="Ajouter : Oiseaux").click()
    page.locator("[name=q-oiseaux-0-nom]").fill("Pie")
    page.locator("[name=q-oiseaux-1-nom]").fill("Merle")
    page.evaluate(UNTIL_KEPT, "Merle")
    kill_processes_of(tmp_path / "profile")
    with suppress(Error):
        context.close()
    context = start(tmp_path / "profile", executable_path=path, args=flags, locale="fr-FR")
    page = opened(context, live_server, survey)
    draft = page.locator("[data-etat=draft]")
    expect(draft).to_contain_text("Orme")
    draft.get_by_role("button", name="Reprendre").click()
    expect(page.get_by_label("Quelle espèce ?")).to_have_value("Orme")
    expect(page.locator("[name=q-oiseaux-1-nom]")).to_have_value("Merle")
    assert page.get_by_label("Photo").evaluate("one => one.files[0].name") == "arbre.jpg"
    send(page)
    page.wait_for_url("**/merci/**")
    answer = Answer.objects.get()
    assert (answer.values["espece"], answer.photos.count()) == ("Orme", 1)
    assert answer.values["oiseaux"] == [{"nom": "Pie"}, {"nom": "Merle"}]
    page.goto(live_server.url + survey.get_absolute_url())
    expect(page.locator("[data-etat=draft]")).to_have_count(0)
    context.close()


def test_an_answer_that_is_lost_on_its_way_back_is_not_made_twice(live_server, chromium, survey):
    context = context_of(chromium)
    page = opened(context, live_server, survey)
    fill(page)
    lost = []

    def lose(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())  # the server has it, the browser never knows
        return route.abort()

    context.route("**/envoyer/", lose)
    send(page)
    waiting = page.locator("[data-etat=waiting]")
    expect(waiting).to_contain_text("En attente d’envoi")
    assert Answer.objects.count() == 1
    waiting.get_by_role("button", name="Envoyer maintenant").click()
    expect(page.locator("[data-etat=received]")).to_contain_text(Answer.objects.get().receipt)
    assert Answer.objects.count() == 1
    context.close()


def test_two_tabs_that_send_what_waits_make_one_answer_and_do_not_write_over_each_other(live_server, chromium, survey):
    context = context_of(chromium)
    first, second = opened(context, live_server, survey), opened(context, live_server, survey)
    context.set_offline(True)
    fill(first, "Frêne")
    send(first)
    expect(second.locator("[data-etat=waiting]")).to_have_count(1)
    fill(second, "Saule")
    expect(first.locator("[data-etat=draft]")).to_contain_text("Ouverte dans un autre onglet")
    context.set_offline(False)
    for page in (first, second):
        page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(first.locator("[data-etat=received]")).to_have_count(1, timeout=SENDING)
    expect(second.locator("[data-etat=received]")).to_have_count(1, timeout=SENDING)
    assert [answer.values["espece"] for answer in Answer.objects.all()] == ["Frêne"]
    send(second)
    second.wait_for_url("**/merci/**")
    assert Answer.objects.count() == 2
    context.close()


def test_what_the_server_refuses_stays_is_explained_and_is_corrected(live_server, chromium, survey):
    context = context_of(chromium)
    page = opened(context, live_server, survey)
    context.set_offline(True)
    fill(page)
    page.get_by_label("Latitude").fill("95")
    page.get_by_label("Longitude").fill("2")
    send(page)
    expect(page.locator("[data-etat=waiting]")).to_have_count(1)
    context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    refused = page.locator("[data-etat=refused]")
    expect(refused).to_contain_text("à corriger")
    refused.get_by_role("button", name="Corriger").click()
    expect(page.locator("[data-erreur=q-ou]")).to_contain_text("la latitude vient en premier")
    page.get_by_label("Latitude").fill("48,6")
    send(page)
    page.wait_for_url("**/merci/**")
    assert Answer.objects.get().values["ou"] == {"latitude": 48.6, "longitude": 2.0}
    context.close()


def test_who_comes_back_after_a_receipt_fills_another_entry(live_server, chromium, survey):
    context = context_of(chromium)
    page = opened(context, live_server, survey)
    for species in ("Un", "Deux"):
        fill(page, species)
        send(page)
        page.wait_for_url("**/merci/**")
        page.go_back()
        page.wait_for_selector("form[data-pret]")
    expect(page.locator("[data-etat=received]")).to_have_count(2, timeout=SENDING)
    assert sorted(answer.values["espece"] for answer in Answer.objects.all()) == ["Deux", "Un"]
    context.close()


def test_drafts_are_deleted_one_by_one_in_two_presses(live_server, chromium, survey):
    context = context_of(chromium)
    for species in ("Un", "Deux"):
        page = opened(context, live_server, survey)
        fill(page, species)
        page.get_by_text("Brouillon gardé dans ce navigateur").wait_for()
        page.close()
    page = opened(context, live_server, survey)
    expect(page.locator("[data-etat=draft]")).to_have_count(2)
    draft = page.locator("[data-etat=draft]", has_text="Deux")
    draft.get_by_role("button", name="Supprimer").click()
    draft.get_by_role("button", name="Supprimer pour toujours ?").click()
    expect(page.locator("[data-etat=draft]")).to_have_count(1)
    expect(page.locator("[data-etat=draft]")).to_contain_text("Un")
    context.close()


def test_a_browser_that_keeps_nothing_says_so_and_the_answer_leaves_all_the_same(live_server, chromium, survey):
    context = context_of(chromium)
    context.add_init_script(
        "IDBObjectStore.prototype.put = () => { throw new DOMException('plein', 'QuotaExceededError') }"
    )
    page = opened(context, live_server, survey)
    fill(page)
    page.get_by_role("alert").filter(has_text="n’a plus de place").wait_for()
    send(page)
    page.wait_for_url("**/merci/**")
    assert Answer.objects.count() == 1
    context.close()


def test_questions_follow_what_is_answered_and_the_position_is_written(live_server, chromium, survey):
    place = {"latitude": 48.63, "longitude": 2.55, "accuracy": 12}
    context = context_of(chromium, geolocation=place, permissions=["geolocation"])
    page = opened(context, live_server, survey)
    expect(page.get_by_label("Quels signes ?")).to_be_hidden()
    page.get_by_label("Malade").check()
    expect(page.get_by_label("Quels signes ?")).to_be_visible()
    fill(page)
    send(page)
    assert page.get_by_label("Quels signes ?").evaluate("one => one.validity.valueMissing")
    page.get_by_label("Bon").check()
    page.get_by_role("button", name="Me localiser").click()
    expect(page.get_by_label("Latitude")).to_have_value("48.630000")
    send(page)
    page.wait_for_url("**/merci/**")
    assert Answer.objects.get().values["ou"] == {"latitude": 48.63, "longitude": 2.55}
    context.close()


def test_an_address_is_looked_for_and_its_place_is_written_and_without_network_it_stays_as_typed(
    live_server, chromium, axe, survey
):
    contour = {"type": "Polygon", "coordinates": [[[2.4, 48.6], [2.5, 48.6], [2.5, 48.7], [2.4, 48.6]]]}
    facts = {"name": "Évry-Courcouronnes", "folded": fold("Évry-Courcouronnes"), "contour": contour}
    Territory.objects.create(kind="commune", code="91228", **facts)
    context = context_of(chromium, width=320)
    page = opened(context, live_server, survey)
    fill(page)
    address, button = page.get_by_label("Ou une adresse"), page.get_by_role("button", name="Placer cette adresse")
    address.fill("Nulle-part-les-Bains")
    button.press("Enter")
    page.get_by_text("Aucun lieu de ce nom").wait_for()
    context.set_offline(True)
    button.click()
    page.get_by_text("La recherche a besoin du réseau").wait_for()
    context.set_offline(False)
    address.fill("évry")
    button.click()
    page.get_by_role("button", name="Évry-Courcouronnes").press("Enter")
    page.get_by_text("Lieu retenu").wait_for()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    send(page)
    page.wait_for_url("**/merci/**")
    place = {"latitude": 48.65, "longitude": 2.45, "address": "Évry-Courcouronnes"}
    assert Answer.objects.get().values["ou"] == place
    context.close()


@pytest.mark.parametrize(
    "status, kind, words",
    [
        (500, "text/html", "a répondu par une erreur (500)"),
        (429, "text/html", "a répondu par une erreur (429)"),
        (200, "text/html", "Ce n’est pas le service qui a répondu"),
        (413, "text/html", "trop lourde pour être envoyée"),
        (0, "", "Le service ne répond pas"),
    ],
)
def test_why_an_answer_waits_is_said_and_it_leaves_once(live_server, chromium, survey, status, kind, words):
    context = context_of(chromium)
    page = opened(context, live_server, survey)
    fill(page)

    def answer(route):
        if status:
            route.fulfill(status=status, content_type=kind, body="<h1>Proxy</h1>")
        else:
            route.abort()

    context.route("**/envoyer/", answer)
    send(page)
    page.get_by_text(words).first.wait_for()
    assert not Answer.objects.exists()
    context.unroute("**/envoyer/")
    again = "Envoyer ma réponse" if status == 413 else "Envoyer maintenant"
    page.get_by_role("button", name=again).click()
    if status == 413:
        page.wait_for_url("**/merci/**")
    else:
        page.get_by_text("Reçue n°").wait_for()
    assert Answer.objects.count() == 1
    context.close()


def test_two_devices_far_from_the_network_lose_nothing_when_the_form_changes_meanwhile(live_server, chromium, survey):
    contexts = [context_of(chromium), context_of(chromium, 320)]
    pages = [opened(context, live_server, survey) for context in contexts]
    for rank, (context, page) in enumerate(zip(contexts, pages, strict=True)):
        context.set_offline(True)
        for number in range(2):
            fill(page, f"Appareil {rank}, arbre {number}")
            page.get_by_label("Hauteur (m)").fill("12,5")
            send(page)
            expect(page.locator("[data-etat=waiting]")).to_have_count(number + 1)
    questions = survey.form.as_json()
    del questions["sections"][0]["fields"][1]  # nobody is asked the height any more
    update(OPERATOR, survey, {"questions": questions}, revision=survey.revision)
    for context, page in zip(contexts, pages, strict=True):
        context.set_offline(False)
        page.evaluate("window.dispatchEvent(new Event('online'))")
    for page in pages:
        expect(page.locator("[data-etat=received]")).to_have_count(2, timeout=SENDING)
    species = {answer.values["espece"] for answer in Answer.objects.all()}
    assert species == {f"Appareil {rank}, arbre {number}" for rank in range(2) for number in range(2)}
    assert {str(answer.values["anciennes_questions"]) for answer in Answer.objects.all()} == {"{'hauteur': '12,5'}"}
    for context in contexts:
        context.close()
