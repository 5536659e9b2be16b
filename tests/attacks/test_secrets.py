"""Secrets, as seen by another account of the machine, by anyone who holds a backup, or by anyone who reads the refusals."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from commands import Outcome, in_one_process, parvis

SESSION, ENDED_SESSION = "voleedesessionabc", "ancienneeffaceexyz"


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


@pytest.fixture(scope="module")
def written(home, tmp_path_factory) -> tuple[Path, list[Outcome]]:
    """Where one process wrote an export, two pairs of keys, and a backup in place of an open file; what became of each command.

    Somebody has a session, and had another.
    """
    folder = tmp_path_factory.mktemp("written")
    with closing(sqlite3.connect(home / "parvis.sqlite3")) as live, live:
        live.execute(f"INSERT INTO django_session VALUES ('{SESSION}', 'donnees', '2999-01-01')")
        live.execute(f"INSERT INTO django_session VALUES ('{ENDED_SESSION}', 'donnees', '2999-01-01')")
        live.execute(f"DELETE FROM django_session WHERE session_key = '{ENDED_SESSION}'")
    (folder / "tout.tar.gz").touch(0o644)
    outcomes = in_one_process(
        home,
        ("export", "places", "--format", "csv", "-o", folder / "places.csv"),
        *(("backup", "--make-identity", folder / name, "--json") for name in ("key", "other-key")),
        ("backup", folder / "tout.tar.gz"),
    )
    assert [(outcome.returncode, outcome.stderr) for outcome in outcomes if outcome.returncode] == []
    return folder, outcomes


@pytest.mark.slow
def test_a_backup_is_read_by_its_owner_alone_even_in_place_of_an_open_file(written, tmp_path):
    archive = written[0] / "tout.tar.gz"
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert parvis(tmp_path / "back", "restore", archive).returncode == 0
    assert open_things(tmp_path / "back") == []


@pytest.mark.slow
def test_an_export_keeps_the_usual_mode_of_whoever_asks_for_it(written):
    assert stat.S_IMODE((written[0] / "places.csv").stat().st_mode) == 0o644


@pytest.mark.slow
def test_a_backup_from_an_older_release_is_closed_when_it_is_restored(written, tmp_path):
    archive, opened = tmp_path / "tout.tar.gz", tmp_path / "opened"
    with tarfile.open(written[0] / "tout.tar.gz") as tar:
        tar.extractall(opened, filter="data")
    for path in sorted(opened.rglob("*"), reverse=True):
        path.chmod(0o777 if path.is_dir() else 0o666)
    with tarfile.open(archive, "w:gz") as tar:
        for path in sorted(opened.iterdir()):
            tar.add(path, path.name)
    assert parvis(tmp_path / "back", "restore", archive).returncode == 0
    assert open_things(tmp_path / "back") == []


@pytest.fixture(scope="module")
def keys(written) -> dict[str, tuple[Path, str]]:
    """Two pairs of keys: that of the backups, and another."""
    folder, outcomes = written
    names = ("key", "other-key")
    assert [stat.S_IMODE((folder / name).stat().st_mode) for name in names] == [0o600, 0o600]
    return {
        name: (folder / name, json.loads(outcome.stdout)["recipient"])
        for name, outcome in zip(names, outcomes[1:3], strict=True)
    }


@pytest.fixture(scope="module")
def encrypted(home, keys, tmp_path_factory) -> Path:
    """A backup for the first of them, alone in its folder."""
    folder = tmp_path_factory.mktemp("encrypted")
    run = parvis(home, "backup", folder / "tout.tar.gz", PARVIS_BACKUP_RECIPIENTS=keys["key"][1])
    assert run.returncode == 0, run.stderr
    return folder / "tout.tar.gz.age"


@pytest.mark.slow
def test_an_encrypted_backup_tells_nothing_and_comes_back_with_its_key_alone(encrypted, keys, tmp_path):
    assert [path.name for path in encrypted.parent.iterdir()] == [encrypted.name]
    assert stat.S_IMODE(encrypted.stat().st_mode) == 0o600
    archive = Path(shutil.copy(encrypted, tmp_path))
    body = archive.read_bytes()
    assert body.startswith(b"age-encryption.org/v1")
    assert b"parvis.sqlite3" not in body
    back = tmp_path / "back"
    for words, code in (
        ((), "backup-encrypted"),
        (("--identity", keys["other-key"][0]), "backup-wrong-identity"),
        (("--identity", archive), "backup-identity"),
    ):
        run = parvis(back, "restore", archive, *words)
        assert (run.returncode, code in run.stderr) == (1, True), run.stderr
        assert [path.name for path in tmp_path.iterdir()] == [archive.name], "nothing is left of a refusal"
    assert parvis(back, "restore", archive, "--identity", keys["key"][0]).returncode == 0
    assert "01234" in parvis(back, "export", "places", "--format", "csv").stdout
    assert open_things(back) == []


@pytest.mark.slow
def test_an_encrypted_backup_that_was_cut_or_changed_is_refused_whole(encrypted, keys, tmp_path):
    archive = tmp_path / "tout.tar.gz.age"
    body = encrypted.read_bytes()
    changed = bytearray(body)
    changed[len(body) // 2] ^= 1
    for content in (body[:-1], body[: len(body) // 2], bytes(changed), body[:40]):
        archive.write_bytes(content)
        run = parvis(tmp_path / "back", "restore", archive, "--identity", keys["key"][0])
        assert (run.returncode, "backup-wrong-identity" in run.stderr) == (1, True), run.stderr
        assert [path.name for path in tmp_path.iterdir()] == [archive.name]


@pytest.mark.slow
def test_a_recipient_that_is_none_stops_the_backup_before_anything_is_written(home, tmp_path):
    run = parvis(home, "backup", tmp_path / "tout.tar.gz", PARVIS_BACKUP_RECIPIENTS="age1faux")
    assert (run.returncode, "backup-recipient" in run.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_backup_holds_nobodys_session_not_even_in_its_free_pages(home, written):
    with tarfile.open(written[0] / "tout.tar.gz") as tar:
        saved = tar.extractfile("parvis.sqlite3").read()
    assert SESSION.encode() not in saved
    assert ENDED_SESSION.encode() not in saved
    assert any(SESSION.encode() in path.read_bytes() for path in home.glob("parvis.sqlite3*")), "which the home holds"


@pytest.mark.slow
def test_a_new_secret_key_reads_what_the_former_encrypted_and_ends_every_session(home, written):
    former = (home / "secret-key").read_text()
    added, activated, renewed = in_one_process(
        home,
        ("user", "add", "agent@evry.example", "--superuser", "--json"),
        "from allauth.mfa.totp.internal.auth import TOTP;"
        "from parvis.hub.accounts.models import Person;"
        "TOTP.activate(Person.objects.get(), 'JBSWY3DPEHPK3PXP')",
        ("secret-key", "renew", "--json"),
    )
    assert (added.returncode, activated.stdout) == (0, "")
    assert renewed.returncode == 0, renewed.stderr
    assert json.loads(renewed.stdout)["factors"] == 1
    key = (home / "secret-key").read_text()
    assert key != former
    assert former not in key, "the former key is forgotten once nothing needs it"
    assert stat.S_IMODE((home / "secret-key").stat().st_mode) == 0o600
    read = (
        "from allauth.mfa.models import Authenticator; from allauth.mfa.adapter import get_adapter;"
        "print(get_adapter().decrypt(Authenticator.objects.get().data['secret']))"
    )
    count = "from django.contrib.sessions.models import Session; print(Session.objects.count())"
    secret, sessions = in_one_process(home, read, count)
    assert secret.stdout.strip() == "JBSWY3DPEHPK3PXP"
    assert sessions.stdout.strip() == "0"
    (lost,) = in_one_process(home, read, PARVIS_SECRET_KEY=former)
    assert "JBSWY3DPEHPK3PXP" not in lost.stdout, "a lost key ends closed"


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
    added, reset, left, link, nobody, ended = in_one_process(
        home,
        ("user", "add", "second@evry.example", "--superuser", "--json"),
        ("user", "reset", "--all", "--second-factor", "--json"),
        "from parvis.hub.accounts.models import Person; from allauth.mfa.models import Authenticator;"
        "print(sum(person.has_usable_password() for person in Person.objects.all()), Authenticator.objects.count())",
        ("user", "link", "second@evry.example"),
        ("user", "end-sessions"),
        ("user", "end-sessions", "--all", "--json"),
    )
    assert added.returncode == 0, added.stderr
    assert reset.returncode == 0, reset.stderr
    rows = json.loads(reset.stdout)
    assert all("/compte/password/reset/key/" in row["link"] for row in rows), "no mail server: the operator sees them"
    assert left.stdout.strip() == "0 0"
    assert "/compte/password/reset/key/" in link.stdout
    assert nobody.returncode == 1
    assert ended.stdout.strip() == '{"ended": 0}'


@pytest.mark.slow
def test_over_https_cookies_are_bound_to_the_host_and_https_is_asked_of_all_names_below(home):
    script = (
        "from django.test import Client\n"
        "answer = Client().get('/compte/login/', headers={'host': 'localhost', 'x-forwarded-proto': 'https'})\n"
        "row = answer.cookies['__Host-csrftoken']\n"
        "print(answer['Strict-Transport-Security'], bool(row['secure']), row['path'], repr(row['domain']))\n"
        "from django.conf import settings; print(settings.SESSION_COOKIE_NAME)"
    )
    (usual,) = in_one_process(home, script, PARVIS_SECURE="true")
    assert usual.stdout.splitlines() == ["max-age=31536000; includeSubDomains True / ''", "__Host-sessionid"]
    (relaxed,) = in_one_process(home, script, PARVIS_SECURE="true", PARVIS_HSTS_SUBDOMAINS="false")
    assert relaxed.stdout.startswith("max-age=31536000 True")
