"""Secrets, as seen by another account of the machine, by anyone who holds a backup, or by anyone who reads the refusals."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest


def parvis(home: Path, *words: object, **settings: str) -> subprocess.CompletedProcess[str]:
    """A real command, started with the umask that most machines have."""
    environment = {**os.environ, "PARVIS_HOME": str(home), "PARVIS_DATABASE_URL": "", **settings}
    command = [sys.executable, "-m", "parvis.config.cli.main", *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, umask=0o022)


def open_things(folder: Path) -> list[str]:
    """What other accounts could read or write if they reached it."""
    paths = [folder, *folder.rglob("*")]
    return [str(path) for path in paths if not path.is_symlink() and path.stat().st_mode & 0o077]


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("secrets")
    source = folder / "places.csv"
    source.write_text("code;places\n01234;12\n02345;7\n", encoding="utf-8")
    run = parvis(folder / "home", "import", source)
    assert run.returncode == 0, run.stderr
    return folder / "home"


@pytest.mark.slow
def test_no_other_account_reads_anything_of_the_home(home):
    assert open_things(home) == []


@pytest.mark.slow
def test_a_home_opened_to_all_is_closed_at_the_next_start_and_doctor_tells_what_cannot_be(home):
    home.chmod(0o755)
    (home / "parvis.sqlite3").chmod(0o644)
    (home / "datasets").chmod(0o755)
    report = json.loads(parvis(home, "doctor", "--json").stdout)
    assert {line["name"]: line["well"] for line in report}["droits du dossier"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in (home, home / "parvis.sqlite3", home / "datasets")] == [
        0o700,
        0o600,
        0o700,
    ]


@pytest.mark.slow
def test_a_backup_is_read_by_its_owner_alone_even_in_place_of_an_open_file(home, tmp_path):
    archive = tmp_path / "tout.tar.gz"
    archive.touch(0o644)
    assert parvis(home, "backup", archive).returncode == 0
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert parvis(tmp_path / "back", "restore", archive).returncode == 0
    assert open_things(tmp_path / "back") == []


@pytest.mark.slow
def test_an_export_keeps_the_usual_mode_of_whoever_asks_for_it(home, tmp_path):
    table = tmp_path / "places.csv"
    assert parvis(home, "export", "places", "--format", "csv", "-o", table).returncode == 0
    assert stat.S_IMODE(table.stat().st_mode) == 0o644


@pytest.mark.slow
def test_a_backup_from_an_older_release_is_closed_when_it_is_restored(home, tmp_path):
    archive, opened = tmp_path / "tout.tar.gz", tmp_path / "opened"
    assert parvis(home, "backup", archive).returncode == 0
    with tarfile.open(archive) as tar:
        tar.extractall(opened, filter="data")
    for path in sorted(opened.rglob("*"), reverse=True):
        path.chmod(0o777 if path.is_dir() else 0o666)
    with tarfile.open(archive, "w:gz") as tar:
        for path in sorted(opened.iterdir()):
            tar.add(path, path.name)
    assert parvis(tmp_path / "back", "restore", archive).returncode == 0
    assert open_things(tmp_path / "back") == []


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> dict[str, tuple[Path, str]]:
    """Two pairs of keys: that of the backups, and another."""
    folder, key_pairs = tmp_path_factory.mktemp("keys"), {}
    (folder / "home").mkdir()
    parvis(folder / "home", "init")
    for name in ("ours", "other"):
        run = parvis(folder / "home", "backup", "--make-identity", folder / name, "--json")
        assert run.returncode == 0, run.stderr
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
        key_pairs[name] = (folder / name, json.loads(run.stdout)["recipient"])
    return key_pairs


@pytest.mark.slow
def test_an_encrypted_backup_tells_nothing_and_comes_back_with_its_key_alone(home, keys, tmp_path):
    secret, public = keys["ours"]
    run = parvis(home, "backup", tmp_path / "tout.tar.gz", PARVIS_BACKUP_RECIPIENTS=public)
    assert run.returncode == 0, run.stderr
    archive = tmp_path / "tout.tar.gz.age"
    assert [path.name for path in tmp_path.iterdir()] == [archive.name]
    body = archive.read_bytes()
    assert body.startswith(b"age-encryption.org/v1")
    assert b"parvis.sqlite3" not in body
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    back = tmp_path / "back"
    for words, code in (
        ((), "backup-encrypted"),
        (("--identity", keys["other"][0]), "backup-wrong-identity"),
        (("--identity", archive), "backup-identity"),
    ):
        run = parvis(back, "restore", archive, *words)
        assert (run.returncode, code in run.stderr) == (1, True), run.stderr
        assert [path.name for path in tmp_path.iterdir()] == [archive.name], "nothing is left of a refusal"
    assert parvis(back, "restore", archive, "--identity", secret).returncode == 0
    assert "01234" in parvis(back, "export", "places", "--format", "csv").stdout
    assert open_things(back) == []


@pytest.mark.slow
def test_an_encrypted_backup_that_was_cut_or_changed_is_refused_whole(home, keys, tmp_path):
    secret, public = keys["ours"]
    archive = tmp_path / "tout.tar.gz.age"
    assert parvis(home, "backup", archive, PARVIS_BACKUP_RECIPIENTS=public).returncode == 0
    body = archive.read_bytes()
    changed = bytearray(body)
    changed[len(body) // 2] ^= 1
    for content in (body[:-1], body[: len(body) // 2], bytes(changed), body[:40]):
        archive.write_bytes(content)
        run = parvis(tmp_path / "back", "restore", archive, "--identity", secret)
        assert (run.returncode, "backup-wrong-identity" in run.stderr) == (1, True), run.stderr
        assert [path.name for path in tmp_path.iterdir()] == [archive.name]


@pytest.mark.slow
def test_a_recipient_that_is_none_stops_the_backup_before_anything_is_written(home, tmp_path):
    run = parvis(home, "backup", tmp_path / "tout.tar.gz", PARVIS_BACKUP_RECIPIENTS="age1faux")
    assert (run.returncode, "backup-recipient" in run.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_backup_holds_nobodys_session_not_even_in_its_free_pages(home, tmp_path):
    database = home / "parvis.sqlite3"
    with closing(sqlite3.connect(database)) as live, live:
        live.execute("INSERT INTO django_session VALUES ('voleedesessionabc', 'donnees', '2999-01-01')")
        live.execute("INSERT INTO django_session VALUES ('ancienneeffaceexyz', 'donnees', '2999-01-01')")
        live.execute("DELETE FROM django_session WHERE session_key = 'ancienneeffaceexyz'")
    assert parvis(home, "backup", tmp_path / "tout.tar.gz").returncode == 0
    with tarfile.open(tmp_path / "tout.tar.gz") as tar:
        saved = tar.extractfile("parvis.sqlite3").read()
    assert b"voleedesessionabc" not in saved
    assert b"ancienneeffaceexyz" not in saved
    assert (
        b"voleedesessionabc" in database.read_bytes() + (home / "parvis.sqlite3-wal").read_bytes()
        if (home / "parvis.sqlite3-wal").exists()
        else b"voleedesessionabc" in database.read_bytes()
    )


@pytest.mark.slow
def test_a_new_secret_key_reads_what_the_former_encrypted_and_ends_every_session(home):
    assert parvis(home, "user", "add", "agent@evry.example", "--superuser", "--json").returncode == 0
    former = (home / "secret-key").read_text()
    script = (
        "from allauth.mfa.totp.internal.auth import TOTP;"
        "from parvis.hub.accounts.models import Person;"
        "TOTP.activate(Person.objects.get(), 'JBSWY3DPEHPK3PXP')"
    )
    assert shell(home, script) == ""
    run = parvis(home, "secret-key", "renew", "--json")
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["factors"] == 1
    key = (home / "secret-key").read_text()
    assert key != former
    assert former not in key, "the former key is forgotten once nothing needs it"
    assert stat.S_IMODE((home / "secret-key").stat().st_mode) == 0o600
    read = (
        "from allauth.mfa.models import Authenticator; from allauth.mfa.adapter import get_adapter;"
        "print(get_adapter().decrypt(Authenticator.objects.get().data['secret']))"
    )
    assert shell(home, read).strip() == "JBSWY3DPEHPK3PXP"
    assert "JBSWY3DPEHPK3PXP" not in shell(home, read, PARVIS_SECRET_KEY=former), "a lost key ends closed"
    count = "from django.contrib.sessions.models import Session; print(Session.objects.count())"
    assert shell(home, count).strip() == "0"


@pytest.mark.slow
def test_a_key_of_the_settings_is_renewed_beside_its_former_one(home):
    run = parvis(home, "secret-key", "renew", PARVIS_SECRET_KEY="nouvelle" * 8)
    assert (run.returncode, "PARVIS_SECRET_KEY_FALLBACKS" in run.stderr) == (1, True)
    former = (home / "secret-key").read_text()
    settings = {"PARVIS_SECRET_KEY": "nouvelle" * 8, "PARVIS_SECRET_KEY_FALLBACKS": former}
    assert parvis(home, "secret-key", "renew", **settings).returncode == 0
    back = {"PARVIS_SECRET_KEY": former, "PARVIS_SECRET_KEY_FALLBACKS": "nouvelle" * 8}
    assert parvis(home, "secret-key", "renew", **back).returncode == 0, "and the other way, for the tests that follow"


@pytest.mark.slow
def test_passwords_and_second_factors_are_renewed_for_all_at_the_command_line(home):
    run = parvis(home, "user", "add", "second@evry.example", "--superuser", "--json")
    assert run.returncode == 0, run.stderr
    run = parvis(home, "user", "reset", "--all", "--second-factor", "--json")
    assert run.returncode == 0, run.stderr
    rows = json.loads(run.stdout)
    assert all("/compte/password/reset/key/" in row["link"] for row in rows), "no mail server: the operator sees them"
    left = (
        "from parvis.hub.accounts.models import Person; from allauth.mfa.models import Authenticator;"
        "print(sum(person.has_usable_password() for person in Person.objects.all()), Authenticator.objects.count())"
    )
    assert shell(home, left).strip() == "0 0"
    assert "/compte/password/reset/key/" in parvis(home, "user", "link", "second@evry.example").stdout
    assert parvis(home, "user", "end-sessions").returncode == 1
    assert parvis(home, "user", "end-sessions", "--all", "--json").stdout.strip() == '{"ended": 0}'


def shell(home: Path, script: str, **settings: str) -> str:
    """What a script says, run in the instance."""
    opened = f"from parvis.config.cli.instance import open_instance; open_instance(may_create=False)\n{script}"
    environment = {**os.environ, "PARVIS_HOME": str(home), "PARVIS_DATABASE_URL": "", **settings}
    run = subprocess.run([sys.executable, "-c", opened], env=environment, capture_output=True, text=True, check=True)
    return run.stdout


@pytest.mark.slow
def test_over_https_cookies_are_bound_to_the_host_and_https_is_asked_of_all_names_below(home):
    script = (
        "from django.test import Client\n"
        "answer = Client().get('/compte/login/', headers={'host': 'localhost', 'x-forwarded-proto': 'https'})\n"
        "row = answer.cookies['__Host-csrftoken']\n"
        "print(answer['Strict-Transport-Security'], bool(row['secure']), row['path'], repr(row['domain']))\n"
        "from django.conf import settings; print(settings.SESSION_COOKIE_NAME)"
    )
    output_lines = shell(home, script, PARVIS_SECURE="true").splitlines()
    assert output_lines == ["max-age=31536000; includeSubDomains True / ''", "__Host-sessionid"]
    relaxed = shell(home, script, PARVIS_SECURE="true", PARVIS_HSTS_SUBDOMAINS="false")
    assert relaxed.startswith("max-age=31536000 True")
