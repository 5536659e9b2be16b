"""A dropped file is kept as it is, read, proposed, confirmed; then what is published of it is made, its hidden words gone."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from parvis.core.errors import Forbidden
from parvis.domains.deliberations.deposit import cutting, receiving
from parvis.domains.deliberations.deposit.confirming import confirm, session_for
from parvis.domains.deliberations.deposit.cutting import ask_for_cutting, bundle_in, cut_act
from parvis.domains.deliberations.deposit.folder import EXPLANATION, RECEIVED, REFUSED, look_in_folder
from parvis.domains.deliberations.deposit.forms import ConfirmForm, named_in
from parvis.domains.deliberations.deposit.receiving import AlreadyDeposited, add_annex, deposit_act
from parvis.domains.deliberations.deposit.sending import deposit_files
from parvis.domains.deliberations.factories import make_act, make_assembly
from parvis.domains.deliberations.models import Act, ActFile, Assembly, FileText, Official, Suggestions
from parvis.domains.deliberations.online.publishing import publish_act
from parvis.domains.deliberations.rules import ActDoubtful, ActIsSealed
from parvis.domains.deliberations.selectors import published_pages
from parvis.domains.deliberations.tests.papers import act_pdf, bundle_pdf, run_queued
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune(home):
    organisation = make_organisation("Grigny", siren="219102860")
    make_assembly(organisation)
    Official.objects.create(
        organisation=organisation, given_name="Camille", family_name="Durand", quality="Maire", signs=True
    )
    return organisation


def dropped(commune, name="DEL-2026-014.pdf", **words):
    act = deposit_act(OPERATOR, commune, name, ContentFile(act_pdf(**words), name=name))
    run_queued()
    act.refresh_from_db()
    return act


def test_a_dropped_act_is_filled_with_what_it_says(commune):
    act = dropped(commune)
    assert (act.number, act.date, act.nature) == ("2026_014", date(2026, 1, 15), "DE")
    assert act.title.lower() == "réfection de la toiture de l’école"
    assert (act.members, act.present, act.proxies) == (19, 15, 2)
    assert act.is_unanimous is True
    assert (act.signatory, act.signatory_quality) == ("Camille Durand", "Maire")
    assert (act.sent_on, act.received_on) == (date(2026, 1, 20), date(2026, 1, 20))
    assert act.confirmed_at is None
    assert not act.live


def test_every_proposal_is_a_passage_of_the_text(commune):
    act = dropped(commune)
    pages = FileText.objects.get(file__act=act).pages
    proposals = Suggestions.objects.get(act=act).proposals
    assert len(proposals) > 10
    for proposal in proposals:
        if passage := proposal["passage"]:
            assert pages[passage["page"] - 1]["text"][passage["start"] : passage["end"]] == passage["text"]


def test_the_same_file_makes_one_act_however_often_it_is_dropped(commune):
    first = dropped(commune)
    with pytest.raises(AlreadyDeposited, match="DEL-2026-014"):
        dropped(commune)
    assert list(Act.objects.all()) == [first]


def test_a_sending_tells_what_became_of_each_file(commune):
    files = [
        ContentFile(act_pdf("2026_001"), name="a.pdf"),
        ContentFile(b"MZ", name="programme.exe"),
        ContentFile(b"%PDF-1.7 nothing more", name="casse.pdf"),
    ]
    outcomes = deposit_files(OPERATOR, commune, files)
    run_queued()
    assert [outcome.error.code if outcome.error else "" for outcome in outcomes] == ["", "act-unknown", ""]
    broken = ActFile.objects.get(name="casse.pdf")
    assert broken.reading == ActFile.Reading.FAILED
    assert broken.error["code"]


def test_a_table_of_the_scdl_describes_the_files_beside_it(commune):
    table = (
        "COLL_NOM;COLL_SIRET;DELIB_ID;DELIB_DATE;DELIB_MATIERE_CODE;DELIB_MATIERE_NOM;DELIB_OBJET;DELIB_URL\n"
        "Grigny;21910286000018;2026-77;15/01/2026;8.1;Domaines de compétences par thèmes/Enseignement;Classe de neige;"
        "https://grigny.example/actes/neige.pdf\n"
        "Grigny;21910286000018;2026-99;31/02/2026;8.3;Voirie;Un acte dont le fichier manque;\n"
    )
    files = [
        ContentFile(act_pdf("2026_001"), name="neige.pdf"),
        ContentFile(table.encode("cp1252"), name="actes.csv"),
    ]
    outcomes = deposit_files(OPERATOR, commune, files)
    assert [(outcome.rows, outcome.is_described) for outcome in outcomes] == [(2, False), (0, True)]
    assert outcomes[0].without_file == ("2026-99",)
    run_queued()
    # What the table says is not written over by what is read of the file.
    act = Act.objects.get()
    assert (act.title, act.number, act.matter) == ("Classe de neige", "2026-77", "8.1")


def test_the_watched_folder_is_emptied_and_says_why_a_file_is_refused(commune, settings, tmp_path):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_ACTS_FOLDER": str(tmp_path)}
    own = tmp_path / commune.slug
    own.mkdir()
    (own / "acte.pdf").write_bytes(act_pdf())
    (own / "tableau.exe").write_bytes(b"MZ")
    (own / "ailleurs.pdf").symlink_to("/etc/hostname")
    assert look_in_folder() == 0, "files that were just written are left alone"
    for path in (own / "acte.pdf", own / "tableau.exe"):
        age(path)
    assert look_in_folder() == 2
    assert (own / RECEIVED / "acte.pdf").exists()
    assert (
        "n’est pas" in (own / REFUSED / "tableau.exe.txt").read_text()
        or "ne se lit pas" in (own / REFUSED / "tableau.exe.txt").read_text()
    )
    assert Act.objects.count() == 1


def test_a_folder_that_is_no_organisation_s_says_so_in_itself(commune, tmp_path, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_ACTS_FOLDER": str(tmp_path)}
    stray = tmp_path / "mairie-de-grigny"
    stray.mkdir()
    (tmp_path / "vide").mkdir()
    (stray / "acte.pdf").write_bytes(act_pdf())
    age(stray / "acte.pdf")
    assert look_in_folder() == 0
    assert "aucune organisation" in (stray / EXPLANATION).read_text()
    assert not (tmp_path / "vide" / EXPLANATION).exists()
    # Once the organisation is there, its acts are deposited, and the note is none of them.
    make_organisation(slug="mairie-de-grigny")
    age(stray / EXPLANATION)
    assert look_in_folder() == 1
    assert Act.objects.count() == 1


def age(path):
    os.utime(path, (1_700_000_000, 1_700_000_000))


def confirmed(act, hidden=(), **changes):
    facts = {"title": act.title, "date": act.date, "session": None, **changes}
    act = confirm(OPERATOR, act, facts, list(hidden), revision=act.revision)
    run_queued()
    act.refresh_from_db()
    return act


def test_a_confirmed_act_goes_online_with_its_file_and_its_text(commune):
    act = publish_act(OPERATOR, confirmed(dropped(commune)))
    file = act.act_files.get()
    assert act.slug == "219102860-20260115-2026-014-de"
    assert file.published_digest
    assert "toiture" in published_pages(file)[0].text


def test_hidden_words_are_in_no_published_file_nor_text(commune):
    act = dropped(commune, reason="Madame Zoé Martineau, domiciliée 3 rue des Lilas, demande une aide")
    act = publish_act(OPERATOR, confirmed(act, ["Zoé Martineau", "3 rue des Lilas"]))
    file = act.act_files.get()
    with file.published.open("rb") as stream:
        body = stream.read()
    text = pypdfium2.PdfDocument(body)[0].get_textpage().get_text_bounded()
    pages = published_pages(file)
    for words in ("Martineau", "Lilas", "Zoé"):
        assert words not in text
        assert words.encode() not in body
        assert words not in pages[0].text
    assert "[occulté]" in pages[0].text
    with file.original.open("rb") as stream:
        assert "Martineau" in pypdfium2.PdfDocument(stream.read())[0].get_textpage().get_text_bounded()


def test_what_does_not_hold_together_is_confirmed_on_purpose_alone(commune):
    act = dropped(commune)
    changes = {"votes_for": 30, "votes_against": 0, "abstentions": 0}
    with pytest.raises(ActDoubtful):
        confirm(OPERATOR, act, changes, [], revision=act.revision)
    act.refresh_from_db()
    assert act.confirmed_at is None
    assert confirm(OPERATOR, act, changes, [], revision=act.revision, despite=True).confirmed_at


def test_an_annex_joins_a_draft_and_not_an_act_online(commune):
    act = dropped(commune)
    add_annex(OPERATOR, act, "plan.pdf", ContentFile(act_pdf("9"), name="plan.pdf"))
    assert act.act_files.count() == 2
    online = make_act(commune)
    with pytest.raises(ActIsSealed):
        add_annex(OPERATOR, online, "plan.pdf", ContentFile(act_pdf("9"), name="plan.pdf"))


def test_a_reader_deposits_nothing(commune):
    reader = actor_of(make_member(commune, Role.READER))
    with pytest.raises(Forbidden):
        deposit_act(reader, commune, "acte.pdf", ContentFile(act_pdf(), name="acte.pdf"))
    assert not Act.objects.exists()


def test_the_original_is_opened_by_who_may_change_the_act_alone(commune):
    act = publish_act(OPERATOR, confirmed(dropped(commune)))
    file = act.act_files.get()
    address = reverse("acts:original", args=[act.pk, file.pk])
    picture = reverse("acts:picture", args=[act.pk, file.pk, 1])
    writer, stranger = Client(), Client()
    writer.force_login(make_member(commune, Role.CONTRIBUTOR))
    stranger.force_login(make_member(make_organisation(), Role.STEWARD))
    assert b"".join(writer.get(address).streaming_content).startswith(b"%PDF")
    assert writer.get(picture)["Content-Type"] == "image/webp"
    for closed in (address, picture):
        assert stranger.get(closed).status_code == 404
        assert Client().get(closed).status_code == 302
    assert file.original.name not in Client().get(act.get_absolute_url()).content.decode()
    assert Client().get(f"/media/{file.original.name}").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_people_who_drop_the_same_file_at_once_make_one_act(commune):
    def drop(_rank):
        try:
            return deposit_act(OPERATOR, commune, "a.pdf", ContentFile(act_pdf(), name="a.pdf"))
        except AlreadyDeposited:
            return None

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(drop, range(4)))
    assert [answer for answer in answers if answer] == [Act.objects.get()]


def test_who_drops_a_file_a_moment_after_somebody_else_is_not_told_that_their_annexes_are_there(commune, monkeypatch):
    """Both looked before either had written."""
    monkeypatch.setattr(receiving, "_require_new", lambda *_facts: None)
    dropped(commune)
    with pytest.raises(AlreadyDeposited):
        deposit_act(
            OPERATOR,
            commune,
            "a.pdf",
            ContentFile(act_pdf(), name="a.pdf"),
            annexes=[ContentFile(act_pdf("2026_015"), name="plan.pdf")],
        )
    assert ActFile.objects.count() == 1


def test_a_confirmed_act_says_who_sat(commune):
    act = dropped(commune)
    session = session_for(OPERATOR, act, commune_council(commune))
    confirmed(act, session=session)
    session.refresh_from_db()
    assert (session.president, session.members, session.convened_on) == ("Camille Durand", 19, date(2026, 1, 8))


def commune_council(commune):
    return Assembly.objects.get(organisation=commune)


def test_an_annex_that_comes_after_the_act_was_confirmed_hides_the_same_words(commune):
    act = dropped(commune, reason="Madame Zoé Martineau demande une aide")
    act = confirmed(act, ["Zoé Martineau"])
    annex = act_pdf("9", reason="lettre de Zoé Martineau")
    add_annex(OPERATOR, act, "lettre.pdf", ContentFile(annex, name="lettre.pdf"))
    run_queued()
    act = publish_act(OPERATOR, act)
    texts = [published_pages(file)[0].text for file in act.act_files.all()]
    assert len(texts) == 2
    assert not any("Martineau" in text for text in texts)


def test_words_typed_besides_are_hidden_too_and_those_ticked_before_stay_so(commune):
    act = dropped(commune, reason="Madame Zoé Martineau demande une aide")
    form = ConfirmForm(act, [], named_in(Suggestions.objects.get(act=act).persons))
    assert "Zoé Martineau" in " ".join(dict(form.fields["hidden"].choices))
    act = confirmed(act, ["dépense"])
    again = ConfirmForm(act, [], [])
    assert again["more_hidden"].value() == "dépense"


def test_two_hundred_files_are_received_at_once_and_one_more_is_refused_in_words(commune):
    client = Client()
    client.force_login(make_member(commune, Role.CONTRIBUTOR))

    def send(count):
        files = [ContentFile(b"MZ", name=f"{rank}.exe") for rank in range(count)]
        return client.post(reverse("acts:deposit"), {"organisation": commune.pk, "files": files})

    assert send(200).content.decode().count(".exe</strong>") == 200
    refused = send(201)
    assert refused.status_code == 422
    assert "200 fichiers au plus à la fois." in refused.content.decode()


def test_what_was_not_read_is_pointed_out(client, commune):
    act = deposit_act(OPERATOR, commune, "vide.txt", ContentFile(b"Rien qui se lise.", name="vide.txt"))
    run_queued()
    client.force_login(make_member(commune, Role.CONTRIBUTOR))
    form = client.get(reverse("acts:confirm", args=[act.pk])).context["form"]
    doubtful = {row.field.name for _title, rows in form.groups for row in rows if row.is_doubtful}
    assert {"number", "title", "date", "signatory", "signatory_quality"} <= doubtful
    assert form.fields["number"].widget.attrs["autofocus"]


def dropped_bundle(commune, *numbers):
    act = deposit_act(OPERATOR, commune, "lot.pdf", ContentFile(bundle_pdf(*numbers), name="lot.pdf"))
    run_queued()
    act.refresh_from_db()
    return act


def test_a_file_of_several_acts_is_cut_into_as_many_drafts_which_are_read_already(commune):
    whole = dropped_bundle(commune, "2026_001", "2026_002", "2026_003")
    assert [(act.number, act.first, act.last) for act in bundle_in(whole)] == [
        ("2026_001", 1, 1),
        ("2026_002", 2, 2),
        ("2026_003", 3, 3),
    ]
    assert ask_for_cutting(OPERATOR, whole) == 3
    ask_for_cutting(OPERATOR, whole)
    run_queued()
    acts = Act.objects.order_by("number")
    assert [act.number for act in acts] == ["2026_001", "2026_002", "2026_003"]
    assert not Act.objects.filter(pk=whole.pk).exists()
    file = acts[1].act_files.get()
    assert (file.name, file.page_count, file.reading) == ("lot - 2026_002.pdf", 1, ActFile.Reading.READ)
    assert acts[1].title == "réfection de la toiture de l’école"


def test_a_cut_that_was_stopped_goes_on_without_making_any_draft_twice(commune, monkeypatch):
    whole = dropped_bundle(commune, "2026_001", "2026_002")
    monkeypatch.setattr(cutting, "delete", lambda actor, act: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        cut_act(OPERATOR, whole)
    monkeypatch.undo()
    cut_act(OPERATOR, whole)
    run_queued()
    assert sorted(Act.objects.values_list("number", flat=True)) == ["2026_001", "2026_002"]


def test_an_act_that_somebody_confirmed_or_that_has_annexes_is_not_cut(commune):
    whole = dropped_bundle(commune, "2026_001", "2026_002")
    add_annex(OPERATOR, whole, "plan.pdf", ContentFile(act_pdf("2026_009")))
    assert bundle_in(whole) == []
    with pytest.raises(Forbidden):
        ask_for_cutting(ANONYMOUS, whole)
