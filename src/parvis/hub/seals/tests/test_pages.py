"""The chain as everybody reads it, and checks it with nothing of ours."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from datetime import date

import pytest

from parvis.core.seals import Kind
from parvis.hub.seals.services import close_days
from parvis.hub.seals.tests.conftest import subject_of

pytestmark = pytest.mark.django_db


def chain_of(client, query: str = "") -> bytes:
    return b"".join(client.get(f"/sceaux/chaine.jsonl{query}").streaming_content)


def program_of(client) -> str:
    page = client.get("/sceaux/").content.decode()
    return html.unescape(re.search(r'<pre id="programme"[^>]*><code>(.*?)</code>', page, re.DOTALL)[1])


def verdict(folder, program: str, chain: bytes) -> subprocess.CompletedProcess:
    (folder / "verifier.py").write_text(program)
    (folder / "chaine.jsonl").write_bytes(chain)
    command = [sys.executable, "-I", "-S", "verifier.py", "chaine.jsonl"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_the_program_of_the_page_checks_the_chain_with_the_standard_library_alone(acts, client, tmp_path):
    for number in (1, 2, 3):
        acts.publish(number)
    chain, program = chain_of(client), program_of(client)
    done = verdict(tmp_path, program, chain)
    assert done.stdout.startswith("3 lignes, chaîne intacte"), done.stderr
    assert client.get("/sceaux/verifier.py").content.decode() == program
    lines = chain.splitlines(keepends=True)
    changed = chain.replace(b"Maire", b"Maine", 4)
    for broken in (
        changed,
        lines[0] + lines[2],
        lines[1] + lines[0] + lines[2],
        chain[:-1],
        chain.replace(b"\n", b"\r\n"),
    ):
        assert "rompue" in verdict(tmp_path, program, broken).stderr


def test_the_program_tells_whether_a_file_was_published_as_it_is(acts, client, tmp_path):
    acts.publish(7)
    body = acts.files[subject_of(7)]["acte.pdf"]
    (tmp_path / "verifier.py").write_text(program_of(client))
    (tmp_path / "chaine.jsonl").write_bytes(chain_of(client))
    (tmp_path / "acte.pdf").write_bytes(body)
    (tmp_path / "autre.pdf").write_bytes(body[:-1] + bytes([body[-1] ^ 1]))
    runs = [
        subprocess.run(
            [sys.executable, "-I", "-S", "verifier.py", "chaine.jsonl", name],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        for name in ("acte.pdf", "autre.pdf")
    ]
    assert [run.returncode for run in runs] == [0, 1]
    assert "a été publié ainsi" in runs[0].stdout
    assert "n’a pas été publié ainsi" in runs[1].stderr


def test_the_program_is_ten_lines_or_so(client):
    assert len(program_of(client).strip().splitlines()) < 20


def test_the_command_of_the_page_finds_a_file(acts, client, tmp_path):
    acts.publish(7)
    (tmp_path / "acte.pdf").write_bytes(acts.files[subject_of(7)]["acte.pdf"])
    (tmp_path / "chaine.jsonl").write_bytes(chain_of(client))
    command = "grep -n $(sha256sum acte.pdf | cut -d' ' -f1) chaine.jsonl"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.startswith("1:")
    assert subject_of(7) in done.stdout


def test_the_chain_is_given_from_a_line_on(acts, client):
    for number in (1, 2, 3):
        acts.publish(number)
    whole = chain_of(client)
    assert chain_of(client, "?depuis=2") == whole.splitlines(keepends=True)[2]
    assert chain_of(client, "?depuis=3") == b""
    assert (
        chain_of(client, "?depuis=-1") == chain_of(client, "?depuis=%C2%B2") == chain_of(client, "?depuis=x") == whole
    )


def test_who_has_the_chain_is_not_sent_it_again(acts, client):
    acts.publish(1)
    tag = client.get("/sceaux/chaine.jsonl")["ETag"]
    assert client.get("/sceaux/chaine.jsonl", headers={"If-None-Match": tag}).status_code == 304
    acts.publish(2)
    assert client.get("/sceaux/chaine.jsonl", headers={"If-None-Match": tag}).status_code == 200


def test_the_chain_is_read_in_steps_of_bounded_questions(acts, client, monkeypatch):
    monkeypatch.setattr("parvis.hub.seals.selectors.STEP", 2)
    for number in range(5):
        acts.publish(number)
    assert len(chain_of(client).splitlines()) == 5


def test_roots_say_where_the_chain_stood(acts, client):
    acts.publish(1)
    close_days(date(2100, 1, 1))
    facts = client.get("/sceaux/racines.json").json()
    assert facts["entries"] == 1
    assert facts["roots"][0]["digest"] == facts["digest"] == json.loads(chain_of(client))["digest"]
    assert facts["roots"][0]["stamp"] is None
    day = facts["roots"][0]["day"]
    assert client.get(f"/sceaux/jetons/{day}.tsr").status_code == 404
    assert client.get("/sceaux/jetons/hier.tsr").status_code == 404


def test_the_page_says_what_became_of_a_file(acts, client):
    digest = acts.publish(1).digests.get().sha256
    assert subject_of(1) in client.get("/sceaux/", {"empreinte": digest.upper()}).content.decode()
    acts.publish(2, Kind.CORRECTION, refers_to=1)
    assert subject_of(2) in client.get("/sceaux/", {"empreinte": digest}).content.decode()
    acts.publish(1, Kind.WITHDRAWAL, refers_to=1)
    page = client.get("/sceaux/", {"empreinte": digest}).content.decode()
    assert "puis retiré à la ligne 3" in page
    assert subject_of(1) not in page
    assert "Aucune publication" in client.get("/sceaux/", {"empreinte": "0" * 64}).content.decode()
    assert "Ce n’est pas une empreinte" in client.get("/sceaux/", {"empreinte": "<b>"}).content.decode()


def test_an_empty_chain_is_told_too(client, tmp_path):
    assert client.get("/sceaux/").status_code == 200
    assert chain_of(client) == b""
    assert verdict(tmp_path, program_of(client), b"").stdout.startswith("0 lignes, chaîne intacte")
