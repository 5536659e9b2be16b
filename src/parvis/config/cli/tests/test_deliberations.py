"""``parvis deliberations verify``: here, with a file, from outside."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from parvis.config.cli.main import main
from parvis.core.seals import Kind
from parvis.hub.seals.selectors import chain_lines
from parvis.hub.seals.tests.conftest import acts, subject_of  # noqa: F401 a fixture
from parvis.hub.seals.tests.test_chain import run, unprotect


def verify(parvis, *words):
    return parvis("deliberations", "verify", *words)


@pytest.fixture
def saved(tmp_path):
    """``saved()`` writes the chain as it is now."""

    def save(name: str = "chaine.jsonl"):
        (tmp_path / name).write_bytes(b"".join(chain_lines()))
        return tmp_path / name

    return save


@pytest.fixture
def act_file(acts, tmp_path):  # noqa: F811
    acts.publish(1)
    path = tmp_path / "copie.pdf"
    path.write_bytes(acts.files[subject_of(1)]["acte.pdf"])
    return path


def test_a_whole_instance_is_intact(parvis, acts):  # noqa: F811
    assert verify(parvis).status == 0
    acts.publish(1)
    outcome = verify(parvis)
    assert (outcome.status, outcome.err) == (0, "")
    assert "Chaîne intacte : 1 lignes" in outcome.out
    facts = verify(parvis, "--json").facts
    assert (facts["entries"], facts["files"]) == (1, 1)


def test_a_changed_file_is_named(parvis, acts):  # noqa: F811
    acts.publish(1)
    acts.files[subject_of(1)]["acte.pdf"] += b" "
    outcome = verify(parvis)
    assert outcome.status == 1
    assert "acte.pdf" in outcome.err
    assert verify(parvis, "--json").facts["error"]["code"] == "seal-file"


def test_a_changed_row_is_named(parvis, acts):  # noqa: F811
    acts.publish(1)
    acts.publish(2)
    unprotect()
    run("UPDATE seals_sealentry SET content = replace(content, 'Maire', 'Maine') WHERE sequence = 2")
    outcome = verify(parvis)
    assert outcome.status == 1
    assert "rompue à la ligne 2" in outcome.err


def test_a_chain_saved_before_must_be_the_beginning(parvis, acts, saved):  # noqa: F811
    acts.publish(1)
    former = saved()
    acts.publish(2)
    assert verify(parvis, "--chain", former).status == 0
    former.write_bytes(former.read_bytes() * 2)
    assert verify(parvis, "--chain", former).status == 1
    longer = saved("longer.jsonl")
    unprotect()
    run("DELETE FROM seals_sealedfile WHERE entry_id = 2")
    run("DELETE FROM seals_sealentry WHERE sequence = 2")
    outcome = verify(parvis, "--chain", longer)
    assert outcome.status == 1
    assert "diffèrent dès la ligne 2" in outcome.err


def test_a_published_file_is_recognised_and_what_became_of_it_told(parvis, act_file, acts):  # noqa: F811
    outcome = verify(parvis, act_file)
    assert outcome.status == 0
    assert subject_of(1) in outcome.out
    assert "Camille Aubépin, Maire" in outcome.out
    acts.publish(2, Kind.CORRECTION, refers_to=1)
    assert f"corrigé par {subject_of(2)}" in verify(parvis, act_file).out
    acts.publish(1, Kind.WITHDRAWAL, refers_to=1)
    assert "retiré depuis, à la ligne 3" in verify(parvis, act_file).out
    assert verify(parvis, act_file, "--json").facts["acts"][0]["withdrawn"] == 3


def test_any_changed_byte_makes_a_file_unknown(parvis, act_file):
    body = act_file.read_bytes()
    for place in range(len(body)):
        act_file.write_bytes(body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :])
        assert verify(parvis, act_file).status == 1


def test_a_chain_file_is_enough_without_any_instance(act_file, saved, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PARVIS_HOME", str(tmp_path / "absent"))
    chain = saved()
    assert main(["deliberations", "verify", str(act_file), "--chain", str(chain)]) == 0
    chain.write_bytes(chain.read_bytes().replace(b"Maire", b"Maine"))
    assert main(["deliberations", "verify", str(act_file), "--chain", str(chain)]) == 1
    assert main(["deliberations", "verify", "absent.pdf"]) == 1
    assert "absent.pdf" in capsys.readouterr().err


@pytest.fixture
def portal(acts):  # noqa: F811
    """Another portal, which serves the chain and the files as they are, or as ``portal.lies`` has it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            subject, _slash, name = f"http://127.0.0.1:8000{self.path}".rpartition("/")
            body = server.lies.get(self.path)
            if body is None and self.path == "/sceaux/chaine.jsonl":
                body = server.chain
            if body is None:
                body = acts.files.get(f"{subject}/".replace("/lieusaint", ""), {}).get(name)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_words: object) -> None:
            """Nothing is written."""

    acts.publish(1)
    acts.publish(2)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.lies, server.chain = {}, b"".join(chain_lines())
    server.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


PATH = subject_of(1).removeprefix("http://127.0.0.1:8000")


@pytest.mark.parametrize("prefix", ["", "/lieusaint"])
def test_an_act_is_checked_from_outside_through_any_site(portal, capsys, monkeypatch, tmp_path, prefix):
    monkeypatch.setenv("PARVIS_HOME", str(tmp_path / "absent"))
    assert main(["deliberations", "verify", f"{portal.address}{prefix}{PATH}", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["entries"], facts["files"]) == (2, 1)


def outcome_of(portal, capsys, *words: str) -> tuple[int, str]:
    status = main(["deliberations", "verify", f"{portal.address}{PATH}", *words])
    return status, capsys.readouterr().err


def test_what_a_portal_changed_is_seen_from_outside(portal, acts, saved, capsys):  # noqa: F811
    former = saved("former.jsonl")
    assert outcome_of(portal, capsys, "--chain", str(former))[0] == 0
    portal.lies = {f"{PATH}acte.pdf": b"%PDF acte 2"}
    assert outcome_of(portal, capsys)[0] == 1
    portal.lies = {f"{PATH}acte.pdf": None}
    acts.files.clear()
    assert "n’est plus là" in outcome_of(portal, capsys)[1]
    portal.lies = {"/sceaux/chaine.jsonl": portal.chain.replace(b"Maire", b"Maine")}
    assert "rompue à la ligne 1" in outcome_of(portal, capsys)[1]
    portal.lies = {"/sceaux/chaine.jsonl": portal.chain.splitlines(keepends=True)[0]}
    assert "diffèrent dès la ligne 2" in outcome_of(portal, capsys, "--chain", str(former))[1]
    portal.lies = {"/sceaux/chaine.jsonl": b""}
    assert "n’est pas un acte publié" in outcome_of(portal, capsys)[1]


def test_a_withdrawn_act_is_told_as_such_from_outside(portal, acts, capsys):  # noqa: F811
    acts.publish(1, Kind.WITHDRAWAL, refers_to=1)
    portal.chain = b"".join(chain_lines())
    assert main(["deliberations", "verify", f"{portal.address}{PATH}"]) == 0
    assert "retiré depuis" in capsys.readouterr().out


def test_a_portal_that_does_not_answer_is_not_a_broken_chain(portal, capsys):
    portal.chain = None
    status, err = outcome_of(portal, capsys)
    assert status == 2
    assert "404" in err
