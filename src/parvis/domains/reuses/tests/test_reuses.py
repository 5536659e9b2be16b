"""The gallery: proposed without an account, moderated, its pictures harmless, its links followed, erased without a trace."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from attacks.hostile_pictures import PDF, REFUSED, SCRIPT, png, saved
from parvis.core.errors import ParvisError
from parvis.core.fetching import FetchTooLarge, HttpStatus, UnknownHost, fetch
from parvis.core.pictures import measure
from parvis.domains.reuses import services
from parvis.domains.reuses.links import lives
from parvis.domains.reuses.models import Reuse
from parvis.domains.reuses.publication import rows
from parvis.domains.reuses.rules import DEAD_AFTER, MOST_DATASETS, named_datasets
from parvis.domains.reuses.tasks import morning
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.charts.factories import make_stands
from parvis.hub.jobs.models import Job
from parvis.hub.media import StoredMedia
from parvis.hub.notifications.models import Webhook
from parvis.hub.notifications.outbox import post_due
from parvis.hub.records.rules import Status
from parvis.hub.ui.tests.queries import queries_of
from parvis.hub.visitors.models import Receipt
from parvis.hub.visitors.receipt_rules import DecidedMeanwhile

pytestmark = pytest.mark.django_db
FORM = "/reutilisations/proposer/"
QUEUE = "/admin/reutilisations-a-relire/"


@pytest.fixture(autouse=True)
def _browser_worked(monkeypatch, settings):
    monkeypatch.setattr("parvis.hub.visitors.forms.is_proof", lambda text: text == "faite")
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25"}


@pytest.fixture
def dataset(home):
    return make_stands()


@pytest.fixture
def steward(dataset):
    return signed_in(make_member(dataset.organisation, Role.STEWARD))


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def proposed(dataset, **fields):
    usual = {
        "title": "Trouver un arceau",
        "link": "https://arceaux.example.org/",
        "kind": "application",
        "text": "Une page qui dit l’arceau le plus proche.",
        "datasets": f"http://testserver/explore/dataset/{dataset.dataset_id}/information/",
        "preuve": "faite",
    }
    return Client().post(FORM, {**usual, **fields})


def decided(steward, acte: str, **more):
    reuse = Reuse.objects.get()
    answer = steward.post(QUEUE, {"choix": f"{reuse.pk}-{reuse.revision}", "acte": acte, **more}, follow=True)
    reuse.refresh_from_db()
    return reuse, answer


def test_a_reuse_is_proposed_read_published_and_shown_with_its_dataset(dataset, steward):
    page = Client().get(f"{FORM}?jeu={dataset.dataset_id}").content.decode()
    assert f"/explore/dataset/{dataset.dataset_id}/" in page
    answer = proposed(dataset, signature="Les Roues libres")
    assert answer.status_code == 302
    assert "reçue, à relire" in Client().get(answer["Location"]).content.decode()
    reuse = Reuse.objects.get()
    assert Client().get(reuse.get_absolute_url()).status_code == 404
    assert "Trouver un arceau" in steward.get(QUEUE).content.decode()
    reuse, _page = decided(steward, "publier")
    assert reuse.live
    for address in (
        "/reutilisations/",
        reuse.get_absolute_url(),
        f"/explore/dataset/{dataset.dataset_id}/information/",
        "/reutilisations/flux.atom",
    ):
        assert "Trouver un arceau" in Client().get(address).content.decode(), address
    body = Client().get(f"/api/parvis/v1/reutilisations/{reuse.slug}").json()
    assert (body["link"], body["datasets"]) == ("https://arceaux.example.org/", [dataset.dataset_id])


def test_a_refusal_is_told_with_its_reason(dataset, steward):
    answer = proposed(dataset)
    reuse, _page = decided(steward, "refuser", raison="c’est une publicité")
    assert reuse.status == Status.RETIRED
    assert "c’est une publicité" in Client().get(answer["Location"]).content.decode()
    assert Client().get(reuse.get_absolute_url()).status_code == 404


def test_persons_are_masked_before_publication_and_no_revision_keeps_them(dataset, steward):
    proposed(dataset, text="Faite pour Madame Claire Fontaine, claire.fontaine@example.org.")
    assert "Semble nommer une personne" in steward.get(QUEUE).content.decode()
    reuse, _page = decided(steward, "masquer")
    assert "Claire" not in Client().get(reuse.get_absolute_url()).content.decode()
    assert all("Claire" not in str(revision.content) for revision in reuse.revisions.all())


def test_the_second_of_two_moderators_is_told_and_changes_nothing(dataset, steward):
    proposed(dataset)
    reuse = Reuse.objects.get()
    sent = {"choix": f"{reuse.pk}-{reuse.revision}"}
    steward.post(QUEUE, {**sent, "acte": "refuser", "raison": "publicité"})
    page = steward.post(QUEUE, {**sent, "acte": "publier"}, follow=True).content.decode()
    assert "pendant que vous le lisiez" in page
    reuse.refresh_from_db()
    assert (reuse.status, reuse.reason) == (Status.RETIRED, "publicité")


def test_a_moderator_changes_a_reuse_and_its_datasets_before_publishing_it(dataset, steward):
    other = make_stands(dataset_id="bancs", title="Bancs", organisation=dataset.organisation)
    proposed(dataset)
    reuse = Reuse.objects.get()
    address = f"/admin/reutilisations/edit/{reuse.pk}/"
    sent = {name: getattr(reuse, name) for name in ("kind", "link", "text", "signature", "picture_words")}
    sent |= {"title": "Autre nom", "opened_revision": reuse.revision, "action-publish": "1"}
    refused = steward.post(address, {**sent, "used": "rien-de-tel"})
    assert refused.status_code == 200 and "rien-de-tel" in refused.content.decode()
    assert steward.post(address, {**sent, "used": "bancs"}).status_code == 302
    reuse.refresh_from_db()
    assert (reuse.title, reuse.datasets, reuse.live) == ("Autre nom", ["bancs"], True)
    assert other.title in Client().get(reuse.get_absolute_url()).content.decode()


def test_strangers_decide_nothing(dataset):
    proposed(dataset)
    reuse = Reuse.objects.get()
    stranger = signed_in(make_member(make_organisation("Lieusaint"), Role.ADMINISTRATOR))
    assert "Trouver" not in stranger.get(QUEUE).content.decode()
    assert stranger.post(QUEUE, {"choix": f"{reuse.pk}-{reuse.revision}", "acte": "publier"}).status_code == 404
    contributor = signed_in(make_member(dataset.organisation, Role.CONTRIBUTOR))
    assert contributor.post(QUEUE, {"choix": f"{reuse.pk}-{reuse.revision}", "acte": "publier"}).status_code == 403
    reuse.refresh_from_db()
    assert not reuse.live


HOSTILE = {
    **{
        name: REFUSED[name]
        for name in ("png of 50,000 × 50,000", "jpeg cut in its middle", "head of a gif, then a script")
    },
    "a page under the name of a picture": ("photo.jpg", lambda: SCRIPT),
    "a drawing with a script": ("dessin.svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
}


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_a_hostile_picture_is_refused_and_what_was_typed_comes_back(dataset, case):
    name, make = HOSTILE[case]
    answer = proposed(dataset, picture=SimpleUploadedFile(name, make()))
    assert answer.status_code == 422
    assert "Une page qui dit" in answer.content.decode()
    assert not Reuse.objects.exists() and not Receipt.objects.exists()


def test_pictures_of_forty_megapixels_and_of_two_natures_become_small_pixels_alone(dataset, steward):
    large = png(8_000, 5_000, rows=(b"\0" + b"\x7f" * 8_000) * 5_000)
    for body in (large, saved("JPEG") + PDF + SCRIPT):
        Reuse.objects.all().delete()
        assert proposed(dataset, picture=SimpleUploadedFile("capture.png", body)).status_code == 302
        reuse = Reuse.objects.get()
        assert Client().get(reuse.picture_address).status_code == 404
        answer = steward.get(reuse.picture_address)

        content = b"".join(answer.streaming_content)
        header = measure(content)
        assert header.kind == "webp" and header.bare and max(header.width, header.height) <= services.WIDEST
        assert SCRIPT not in content and b"%PDF" not in content
        assert "sandbox" in answer["Content-Security-Policy"]


def test_a_picture_that_is_too_heavy_is_refused_before_it_is_read(dataset, monkeypatch):
    monkeypatch.setattr("parvis.domains.reuses.forms.MOST_PICTURE_BYTES", 1_000)
    assert proposed(dataset, picture=SimpleUploadedFile("capture.png", b"x" * 2_000)).status_code == 422


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://x.example/",
        "//",
        "https://" + "a" * 600,
        "mailto:x@y.fr",
        "http://127.0.0.1/",
        "http://10.0.0.4/",
        "http://[::1]/",
        "http://[::ffff:192.168.0.1]/",
        "http://localhost:8000/",
        "https://intranet.local./",
    ],
)
def test_links_that_are_no_page_are_refused(dataset, link):
    assert proposed(dataset, link=link).status_code == 422


def test_hostile_words_are_words_everywhere(dataset, steward):
    hostile = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)>'
    proposed(dataset, title=hostile, text=hostile, signature=hostile[:60], picture_words=hostile)
    reuse, _page = decided(steward, "publier")
    for address in ("/reutilisations/", reuse.get_absolute_url(), f"{reuse.get_absolute_url()}integrer/"):
        page = Client().get(address).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page, address
    assert "<script>alert" not in steward.get("/admin/reutilisations/").content.decode()


def test_unknown_datasets_are_named(dataset):
    answer = proposed(dataset, datasets="rien-de-tel")
    assert answer.status_code == 422 and "rien-de-tel" in answer.content.decode()


def test_a_title_names_a_dataset_too(dataset):
    assert proposed(dataset, datasets=f"  {dataset.title}\n{dataset.dataset_id}").status_code == 302
    assert Reuse.objects.get().datasets == [dataset.dataset_id]


@given(st.text(max_size=400))
def test_whatever_names_datasets_gives_short_names_each_once(text):
    names = named_datasets(text)
    assert len(names) == len(set(names)) and all(0 < len(name) <= 200 for name in names)


def test_addresses_and_identifiers_name_datasets():
    text = "https://x.example/explore/dataset/arbres/table/?a=b\narbres\n\n /ville/explore/dataset/bancs_2/ "
    assert named_datasets(text) == ["arbres", "bancs_2"]
    assert MOST_DATASETS < 100


def test_erasing_leaves_no_word_in_any_table_nor_any_file(dataset, steward, settings, tmp_path):
    settings.PARVIS = settings.PARVIS | {"PARVIS_STORAGE_URL": f"file://{tmp_path}"}
    Webhook.objects.create(
        name="veille",
        organisation=dataset.organisation,
        url="https://x.example/",
        events=["record.published"],
        active=True,
    )
    words = {name: f"Motrare {name}" for name in ("title", "text", "signature", "picture_words")}
    proposed(dataset, picture=SimpleUploadedFile("capture.png", saved("PNG")), link="https://motrare.example/", **words)
    reuse, _page = decided(steward, "publier")
    name = reuse.picture.name
    assert StoredMedia().exists(name)
    Client().post(Receipt.objects.get().get_absolute_url(), {"acte": "tout"})
    assert not Reuse.objects.exists()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "motrare" not in repr(cursor.fetchall()).lower(), table


def test_signing_off_leaves_the_reuse_without_its_author(dataset, steward):
    proposed(dataset, signature="Motrare")
    reuse, _page = decided(steward, "publier")
    Client().post(Receipt.objects.get().get_absolute_url(), {"acte": "signature"})
    reuse.refresh_from_db()
    assert "Motrare" not in Client().get(reuse.get_absolute_url()).content.decode()
    assert all("Motrare" not in str(revision.content) for revision in reuse.revisions.all())
    assert "motrare" not in reuse.search_text


def test_what_is_not_confirmed_is_read_by_nobody(dataset, steward):
    assert proposed(dataset, preuve="", email="camille@example.org").status_code == 302
    assert "Trouver" not in steward.get(QUEUE).content.decode()
    assert "Trouver" not in steward.get("/admin/reutilisations/").content.decode()


@pytest.fixture
def site(monkeypatch):
    """A site on the loopback, which the guard lets through here because the test says so."""
    state = {"status": 200, "length": 10}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(state["status"])
            self.end_headers()
            self.wfile.write(b"x" * state["length"])

        def log_message(self, *_: object) -> None:
            """Keep the test quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(services, "fetch", partial(fetch, allowed=lambda _address, _port: True))
    state["address"] = f"http://127.0.0.1:{server.server_port}/"
    yield state
    server.shutdown()
    server.server_close()


def test_a_link_is_said_dead_after_several_failures_and_alive_again_at_once(dataset, steward, site):
    proposed(dataset)
    reuse, _page = decided(steward, "publier")
    Reuse.objects.update(link=site["address"])
    site["status"] = 404
    for times in range(1, DEAD_AFTER + 1):
        reuse.refresh_from_db()
        assert not services.follow_link(reuse)
        reuse.refresh_from_db()
        assert reuse.is_dead == (times == DEAD_AFTER)
    assert "ne répond plus" in Client().get(reuse.get_absolute_url()).content.decode()
    mail.outbox.clear()
    for _twice in range(2):
        morning(type("Context", (), {"actor": OPERATOR})(), "2026-11-29")
    post_due()
    dead = [letter for letter in mail.outbox if "ne répondent plus" in letter.subject]
    assert len(dead) == 1
    site["status"] = 200
    assert services.follow_link(reuse)
    assert "ne répond plus" not in Client().get(reuse.get_absolute_url()).content.decode()


def test_a_large_page_is_not_read_whole_and_lives(dataset, steward, site):
    site["length"] = 3_000_000
    proposed(dataset)
    reuse, _page = decided(steward, "publier")
    reuse.link = site["address"]
    reuse.save()
    assert services.follow_link(reuse)


def test_links_are_asked_for_each_week_and_each_day_once_they_fail(dataset, steward):
    proposed(dataset)
    _reuse, _page = decided(steward, "publier")
    now = timezone.now()
    context = type("Context", (), {"actor": OPERATOR})()

    def jobs(day: str, **columns) -> int:
        Job.objects.filter(kind="reuses.check").delete()
        Reuse.objects.update(**columns)
        morning(context, day)
        return Job.objects.filter(kind="reuses.check").count()

    assert jobs("2026-01-01") == 1
    assert jobs("2026-01-02", checked=now - timedelta(days=1)) == 0
    assert jobs("2026-01-03", failures=1) == 1
    assert jobs("2026-01-04", failures=0, checked=now - timedelta(days=8)) == 1


@pytest.mark.parametrize(
    ("error", "alive"),
    [
        (None, True),
        (HttpStatus(host="x", status=403), True),
        (HttpStatus(host="x", status=404), False),
        (HttpStatus(host="x", status=500), False),
        (FetchTooLarge(url="x", limit_mb=1), True),
        (UnknownHost(host="x"), False),
    ],
)
def test_sites_that_refuse_robots_live(error: ParvisError | None, alive: bool):
    assert lives(error) is alive


def test_private_addresses_are_never_reached(dataset, steward):
    proposed(dataset)
    Reuse.objects.update(link="http://127.0.0.1:9/")  # by another way in: the form refuses it
    reuse, _page = decided(steward, "publier")
    assert not services.follow_link(reuse)


def test_the_published_dataset_has_none_of_the_words_of_authors(dataset, steward):
    proposed(dataset, title="Motrare", signature="Motrare", text="Motrare")
    decided(steward, "publier")
    lines = list(rows(timezone.localdate()))
    assert len(lines) == 1 and "Motrare" not in repr(lines) and dataset.dataset_id in lines[0]


def test_data_that_were_closed_since_are_named_nowhere(dataset, steward):
    proposed(dataset)
    reuse, _page = decided(steward, "publier")
    dataset.access = "internal"
    dataset.save()
    assert dataset.dataset_id not in repr(list(rows(timezone.localdate())))
    for address in (reuse.get_absolute_url(), "/reutilisations/", f"/api/parvis/v1/reutilisations/{reuse.slug}"):
        assert dataset.title not in Client().get(address).content.decode(), address
        assert f'"{dataset.dataset_id}"' not in Client().get(address).content.decode(), address


def test_the_gallery_costs_the_same_questions_whatever_its_length(dataset, steward):
    def count(times: int) -> int:
        for rank in range(times):
            fields = {"title": f"R {rank}", "text": "x", "kind": "map", "link": "https://x.example/", "signature": ""}
            reuse = services.propose({**fields, "picture_words": ""}, [dataset.dataset_id])
            services.receive(reuse)
            reuse.refresh_from_db()
            services.accept(OPERATOR, reuse, revision=reuse.revision)
        return queries_of(Client(), "/reutilisations/")

    assert count(1) == count(8) <= 120


def test_many_are_decided_at_once(dataset, steward):
    for rank in range(4):
        proposed(dataset, title=f"Réutilisation {rank}")
    marks = [f"{reuse.pk}-{reuse.revision}" for reuse in Reuse.objects.all()]
    page = steward.post(QUEUE, {"choix": marks, "acte": "publier"}, follow=True).content.decode()
    assert "4 envois : c’est fait" in page and Reuse.objects.filter(live=True).count() == 4


@pytest.mark.parametrize("mark", ["", "x", "1", "-", "1-", "-1", "1-1-1", "9" * 30 + "-1", "１-１", "1-\u0000", "²-²"])
def test_no_box_ticked_breaks_the_queue(dataset, steward, mark):
    assert steward.post(QUEUE, {"choix": mark, "acte": "publier"}).status_code in (302, 404)


@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_at_once_one_decides_and_the_other_is_told(home):
    dataset = make_stands()
    proposed(dataset)
    reuse, barrier, outcomes = Reuse.objects.get(), Barrier(2), []

    def decide(act) -> None:
        row = Reuse.objects.get()
        barrier.wait()
        try:
            act(row)
            outcomes.append("done")
        except DecidedMeanwhile:
            outcomes.append("told")
        finally:
            connection.close()

    acts = (
        lambda row: services.accept(OPERATOR, row, revision=reuse.revision),
        lambda row: services.refuse(OPERATOR, row, revision=reuse.revision, reason="publicité"),
    )
    threads = [Thread(target=decide, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "told"]
    reuse.refresh_from_db()
    assert reuse.status in (Status.PUBLISHED, Status.RETIRED)
    assert (reuse.reason == "publicité") == (reuse.status == Status.RETIRED)
