"""The other commands: datasets, export, user, init, doctor; and what every command does with errors."""

from __future__ import annotations

import csv as csv_module
import io
import ipaddress
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from wagtail.models import Site

from parvis.config.cli import doctor
from parvis.config.cli.arguments import COMMANDS
from parvis.config.cli.progress import Bar, amount, bar, duration
from parvis.config.cli.serve import settle_address
from parvis.config.serving.memory import Machine
from parvis.core.explore.formats import EXPORT_FORMATS, Takes
from parvis.hub.accounts.models import Membership, Organisation, Person
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.charts.factories import make_chart
from parvis.hub.conf import read_settings
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.served_address import FILE
from parvis.hub.sites.models import SiteFace
from parvis.hub.sites.services import main_site
from parvis.hub.teams.models import Team


@pytest.fixture
def imported(parvis, csv):
    assert parvis("import", csv, "--id", "parking").status == 0
    return Dataset.objects.get()


def test_datasets_are_listed_and_shown(parvis, imported):
    assert "parking" in parvis("datasets", "list").out
    (row,) = parvis("datasets", "list", "--json").facts
    assert (row["dataset_id"], row["rows"], row["status"]) == ("parking", 2, "published")
    assert parvis("datasets", "show", "parking", "--json").facts["licence"] == "lov2"
    assert "licence : lov2" in parvis("datasets", "show", "parking").out


def test_an_empty_instance_says_how_to_begin(parvis):
    assert "parvis import" in parvis("datasets", "list").out


def test_a_dataset_is_withdrawn_published_and_put_aside(parvis, imported):
    for act, status in (("unpublish", "unpublished"), ("publish", "published"), ("delete", "deleted")):
        assert parvis("datasets", act, "parking", "--json").facts["status"] == status
    imported.refresh_from_db()
    assert imported.versions.count() == 1


def test_a_dataset_goes_back_to_its_former_version(parvis, imported, csv):
    assert parvis("datasets", "revert", "parking").status == 1
    csv.write_text("code;nom;places\n01234;Évry;13\n", encoding="utf-8")
    parvis("import", csv, "--id", "parking")
    first, second = parvis("datasets", "versions", "parking", "--json").facts
    assert (first["current"], first["rows"], second["rows"]) == (True, 1, 2)
    assert parvis("datasets", "revert", "parking", "--json").facts["version"] == second["version"]
    assert "*" in parvis("datasets", "versions", "parking").out
    again = parvis("datasets", "revert", "parking", "--version", first["version"], "--json")
    assert again.facts["version"] == first["version"]


def test_an_unknown_dataset_is_not_found(parvis):
    for words in (("datasets", "show", "absent"), ("export", "absent", "--format", "csv")):
        run = parvis(*words)
        assert (run.status, "n’existe pas" in run.err) == (1, True)


def test_a_draft_has_nothing_to_export_and_says_so(parvis, csv):
    assert parvis("import", csv, "--id", "brouillon", "--draft").status == 0
    run = parvis("export", "brouillon", "--format", "csv")
    assert (run.status, "n’a pas encore de données publiées" in run.err) == (1, True)


def test_a_dataset_is_exported_whole_or_filtered(parvis, imported, tmp_path):
    target = tmp_path / "sortie.csv"
    assert parvis("export", "parking", "--format", "csv", "-o", target).status == 0
    rows = list(csv_module.DictReader(io.StringIO(target.read_text("utf-8-sig")), delimiter=";"))
    assert [row["code"] for row in rows] == ["01234", "02345"]
    assert parvis("export", "parking", "--format", "json", "-o", target, "--where", "places > 10").status == 0
    assert [row["nom"] for row in json.loads(target.read_text("utf-8"))] == ["Évry"]
    assert [path.name for path in tmp_path.glob(".sortie*")] == []


def test_an_export_takes_the_parameters_of_the_api(parvis, imported, tmp_path):
    target = tmp_path / "sortie.csv"
    words = (
        "-p",
        "select=nom as ville",
        "-p",
        "delimiter=|",
        "--parameter",
        "with_bom=false",
        "-p",
        "order_by=nom desc",
    )
    assert parvis("export", "parking", "--format", "csv", "-o", target, *words).status == 0
    assert target.read_text("utf-8").splitlines() == ["ville", "Grigny", "Évry"]
    assert parvis("export", "parking", "--format", "csv", "-o", target, "-p", "sans-valeur").status == 1


def test_every_format_is_named_by_the_help(parvis, capsys):
    with pytest.raises(SystemExit):
        parvis("export", "--help")
    written = " ".join(capsys.readouterr().out.split())
    assert f"{', '.join(row.name for row in EXPORT_FORMATS)} ; original" in written


@pytest.mark.parametrize("name", [row.name for row in EXPORT_FORMATS if row.takes is Takes.ANYTHING])
def test_every_format_can_be_written(parvis, imported, tmp_path, name):
    target = tmp_path / f"sortie.{name}"
    assert parvis("export", "parking", "--format", name, "-o", target).status == 0
    assert target.stat().st_size > 10


def test_the_original_comes_back_byte_for_byte(parvis, imported, csv, tmp_path):
    target = tmp_path / "original"
    assert parvis("export", "parking", "--format", "original", "-o", target).status == 0
    assert target.read_bytes() == csv.read_bytes()


def test_a_wrong_format_or_filter_writes_no_file(parvis, imported, tmp_path):
    target = tmp_path / "sortie"
    for words in (("--format", "docx"), ("--format", "csv", "--where", "inconnue = 1")):
        assert parvis("export", "parking", *words, "-o", target).status == 1
        assert list(tmp_path.glob("*sortie*")) == []


def test_a_superuser_is_made_with_a_password_printed_once(parvis):
    facts = parvis("user", "add", "Chef@Ville.example", "--name", "Ana Martin", "--superuser", "--json").facts
    person = Person.objects.get(email="chef@ville.example")
    assert person.is_superuser
    assert person.check_password(facts["password"])
    assert person.get_full_name() == "Ana Martin"


def test_a_member_is_made_with_a_role_and_a_given_password(parvis, monkeypatch):
    Organisation.objects.create(slug="ville", name="Ville")
    monkeypatch.setattr(sys, "stdin", io.StringIO("un mot de passe assez long\n"))
    run = parvis(
        "user", "add", "agent@ville.example", "--organisation", "Ville", "--role", "steward", "--password-stdin"
    )
    assert run.status == 0, run.err
    assert "un mot de passe" not in run.out
    assert Person.objects.get().check_password("un mot de passe assez long")
    assert Membership.objects.get().role == "steward"


def test_an_account_without_right_a_weak_password_a_taken_address_are_refused(parvis, monkeypatch):
    assert parvis("user", "add", "a@b.example").status == 1
    monkeypatch.setattr(sys, "stdin", io.StringIO("court\n"))
    assert parvis("user", "add", "a@b.example", "--superuser", "--password-stdin").status == 1
    assert not Person.objects.exists()
    assert parvis("user", "add", "a@b.example", "--superuser", "--json").status == 0
    assert parvis("user", "add", "A@b.example", "--superuser", "--json").facts["error"]["code"] == "person-exists"


def test_init_makes_the_organisations_of_a_territory_and_its_face_and_can_be_run_again(parvis):
    run = parvis("init", "--territory", "247700644")
    assert run.status == 0, run.err
    assert "Orée de la Brie" in run.out
    names = set(Organisation.objects.values_list("name", flat=True))
    assert names >= {"L'Orée de la Brie", "Brie-Comte-Robert", "Varennes-Jarcy"}
    face = SiteFace.for_site(main_site())
    assert face.territory.contour
    assert "Sites de communes créés : 4" in run.out
    assert Organisation.objects.get(name="Servon").siren == "217704501"
    number, sites = len(names), Site.objects.count()
    assert parvis("init", "--territory", "247700644").status == 0
    assert (Organisation.objects.count(), Site.objects.count()) == (number, sites)
    unknown = parvis("init", "--territory", "99999")
    assert unknown.status == 1
    assert "99999" in unknown.err
    _a_person_writes_servon(parvis)


def _a_person_writes_servon(parvis):
    """On the sites that were just made: making them takes seconds."""
    added = parvis("user", "add", "claire@servon.example", "--site", "servon", "--json")
    assert added.status == 0, added.err
    claire = Person.objects.get(email="claire@servon.example")
    assert Membership.objects.get(person=claire).organisation.name == "Servon"
    team = Team.objects.get(site__hostname="servon.localhost")
    assert set(claire.groups.values_list("pk", flat=True)) > {team.writers_id}
    again = parvis("user", "add", "claire@servon.example", "--site", "77450", "--duty", "publish")
    assert "Compte déjà là" in again.out
    assert team.publishers_id in claire.groups.values_list("pk", flat=True)
    assert team.writers_id not in claire.groups.values_list("pk", flat=True)
    lost = parvis("user", "add", "b@servon.example", "--site", "servo", "--json").facts["error"]
    assert lost["code"] == "site-unknown"
    assert "servon" in lost["hint"]
    assert not Person.objects.filter(email="b@servon.example").exists()


def test_doctor_finds_a_whole_instance_well_and_a_lost_folder_not(parvis, imported):
    run = parvis("doctor", "--json")
    well = {finding["name"]: finding["well"] for finding in run.facts}
    assert len(well) == len(doctor.CHECKS)
    assert well["dossiers des versions"]
    assert well["moteur de requêtes"]
    assert well["base de données"]
    assert "styles et scripts : construits" in parvis("doctor").out
    folder = versions_folder(imported.uid)
    folder.rename(folder.with_name("ailleurs"))
    run = parvis("doctor")
    assert run.status == 1
    assert "✗ dossiers des versions" in run.out
    assert Version.objects.get().name in run.out
    folder.with_name("ailleurs").rename(folder)


def test_doctor_tells_what_acts_cannot_be_read_for_want_of(parvis, imported, monkeypatch):
    monkeypatch.setattr(doctor, "recogniser", lambda: Path("/usr/share/tessdata"))
    monkeypatch.setattr(doctor, "find_office", lambda: Path("/usr/bin/soffice"))
    assert (
        "✓ lecture des actes : scans par /usr/share/tessdata ; DOC et RTF par /usr/bin/soffice" in parvis("doctor").out
    )
    monkeypatch.setattr(doctor, "recogniser", lambda: None)
    monkeypatch.setattr(doctor, "find_office", lambda: None)
    run = parvis("doctor")
    assert "! lecture des actes : les scans ne sont pas lus" in run.out
    assert "apt install tesseract-ocr-fra" in run.out
    assert "apt install libreoffice-writer-nogui" in run.out
    assert run.status == 0


def test_doctor_tells_the_memory_of_the_portal_and_of_the_machine(parvis, imported, monkeypatch):
    monkeypatch.setattr(doctor, "portal_of", lambda _processes: 7)
    monkeypatch.setattr(doctor, "shares", lambda _portal: {"parent": 80_000_000, "web": 240_000_000})
    monkeypatch.setattr(doctor, "machine", lambda: Machine(4_000_000_000, 2_500_000_000))
    line = "mémoire : portail 320 Mo (parent 80, web 240) ; machine : 2500 Mo libres sur 4000"
    assert f"✓ {line}" in parvis("doctor").out
    monkeypatch.setattr(doctor, "portal_of", lambda _processes: None)
    monkeypatch.setattr(doctor, "machine", lambda: Machine(1_000_000_000, 120_000_000))
    run = parvis("doctor")
    assert "! mémoire : aucun portail ouvert ; machine : 120 Mo libres sur 1000" in run.out
    assert "parvis serve --workers 1" in run.out
    assert run.status == 0
    monkeypatch.setattr(doctor, "machine", lambda: None)
    assert "✓ mémoire : ce système ne la dit pas" in parvis("doctor").out


def test_doctor_names_what_charts_read_in_vain(parvis, imported):
    make_chart(imported, title="Des places par rue")
    assert "✓ jeux de données lus" in parvis("doctor").out
    parvis("datasets", "unpublish", "parking")
    run = parvis("doctor")
    assert run.status == 0
    assert "! jeux de données lus : manquent : parking (lu par « Des places par rue »)" in run.out


def test_doctor_warns_when_a_proxy_is_in_front_and_not_told(parvis, imported, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_SECURE": True, "PARVIS_TRUSTED_PROXIES": ()}
    run = parvis("doctor")
    assert "! serveur mandataire" in run.out and "PARVIS_TRUSTED_PROXIES" in run.out
    proxies = (ipaddress.ip_network("127.0.0.1/32"),)
    settings.PARVIS = {**settings.PARVIS, "PARVIS_TRUSTED_PROXIES": proxies}
    assert "✓ serveur mandataire : 127.0.0.1/32" in parvis("doctor").out


def test_help_names_every_command_and_needs_no_django():
    code = (
        "import sys\nfrom parvis.config.cli.arguments import build_parser\n"
        "print(build_parser().format_help())\nassert not {'django', 'duckdb', 'pyarrow'} & set(sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(f"    {command.name} " in run.stdout for command in COMMANDS)


def test_no_instance_is_an_error_of_the_machine(tmp_path):
    environment = {"PARVIS_HOME": str(tmp_path / "absent"), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "parvis.config.cli.main", "datasets", "list", "--json"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert json.loads(run.stdout)["error"]["code"] == "no-instance"
    assert not (tmp_path / "absent").exists()


def test_a_wrong_word_is_refused_by_the_parser(parvis, capsys):
    with pytest.raises(SystemExit) as caught:
        parvis("inconnue")
    assert caught.value.code == 2


def test_the_bar_tells_rows_rate_and_time_left(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    shown = Bar("arbres.csv")
    shown("read", 0, 1_000_000)
    shown._start -= 2
    shown._last = 0
    shown("read", 500_000, 1_000_000)
    line = capsys.readouterr().err
    assert "Lecture" in line
    assert "500\u202f000 / 1\u202f000\u202f000" in line
    assert "reste 2 s" in line
    assert bar(5, 10) == "█" * 12 + "░" * 12
    assert amount(5, None) == "5"
    assert duration(130) == "2 min 10 s"


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_already_taken_is_said_in_a_sentence_before_anything_starts(parvis, command):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        run = parvis(command, "--host", "127.0.0.1", "--port", port)
    assert run.status == 2
    assert f"L’adresse 127.0.0.1:{port} est déjà prise" in run.err
    assert f"--port {port + 1}" in run.err
    assert "Traceback" not in run.err


def test_datasets_are_listed_by_title_as_french_does(parvis):
    for title in ("Zones", "École", "eau potable", "Écluses"):
        make_dataset(title=title)
    titles = [row["title"] for row in parvis("datasets", "list", "--json").facts]
    assert titles == ["eau potable", "Écluses", "École", "Zones"]


@pytest.mark.parametrize(
    ("base", "host", "port", "address"),
    [
        ("", "127.0.0.1", 8151, "http://127.0.0.1:8151"),
        ("", "::1", 8000, "http://[::1]:8000"),
        ("", "0.0.0.0", 8151, "http://127.0.0.1:8000"),
        ("https://donnees.exemple.fr", "127.0.0.1", 8151, "https://donnees.exemple.fr"),
    ],
)
def test_links_lead_where_the_portal_listens_unless_an_address_was_set(home, settings, base, host, port, address):
    environment = {"PARVIS_BASE_URL": base}
    settings.PARVIS = {**settings.PARVIS, **read_settings(settings.PARVIS_HOME, environment)}
    settle_address(host, port)
    assert settings.PARVIS["PARVIS_BASE_URL"] == address
    assert read_settings(settings.PARVIS_HOME, environment)["PARVIS_BASE_URL"] == address, "commands that come know it"
    settings.PARVIS = {**settings.PARVIS, **read_settings(settings.PARVIS_HOME, environment)}
    settle_address("127.0.0.1", 8152)
    assert settings.PARVIS["PARVIS_BASE_URL"] == (base or "http://127.0.0.1:8152"), "nor does it stay at a former port"


@pytest.mark.parametrize(
    "words", ["", "http://127.0.0.1:80 80", "https://ailleurs.example", "http://127.0.0.1:8151/x", "\udcff"]
)
def test_an_address_that_was_not_noted_by_a_portal_counts_for_nothing(tmp_path, words):
    (tmp_path / FILE).write_bytes(words.encode("utf-8", "surrogateescape"))
    assert read_settings(tmp_path, {})["PARVIS_BASE_URL"] == "http://127.0.0.1:8000"
