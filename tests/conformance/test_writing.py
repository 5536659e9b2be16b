"""Programs write to a served portal: the commands of the guide as they are written there, and a network that drops."""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from parvis_client import Conflict, Invalid, NotAllowed, Parvis

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = (DOCS / "howto" / "ecrire-par-l-api.md", DOCS / "reference" / "parvis-client.md")
PARVIS = str(Path(sys.executable).parent)


def _blocks() -> list[tuple[str, str]]:
    """The language and the text of each block of the guides, in order."""
    text = "\n".join(guide.read_text(encoding="utf-8") for guide in GUIDES)
    return re.findall(r"^```(bash|python)\n(.*?)^```$", text, re.M | re.S)


def test_the_commands_of_the_guide_do_what_it_says(served: str, writer: str, tmp_path):
    environment = {
        **os.environ,
        "PORTAIL": served,
        "VOISIN": served,
        "PARVIS_API_KEY": writer,
        "PATH": f"{PARVIS}:{os.environ['PATH']}",
        "PARVIS_HOME": str(tmp_path / "nowhere"),
    }
    printed = {}
    for rank, (language, text) in enumerate(_blocks()):
        command = ["bash", "-euo", "pipefail", "-c", text] if language == "bash" else [sys.executable, "-c", text]
        run = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert run.returncode == 0, (text, run.stdout, run.stderr)
        assert writer not in run.stdout + run.stderr
        printed[rank] = run.stdout
    assert len(printed) >= 8
    everything = "\n".join(printed.values())
    assert "NotThere not-found" in everything
    assert "Arbres d’essai" in everything and "terminée" in everything, everything
    assert '"rows":2' in everything.replace(" ", "") and "2 lignes" in everything and "bancs : publié" in everything
    assert not (tmp_path / "nowhere").exists()
    card = Parvis(served, writer).dataset("bancs")
    assert (card["source"], card["frequency"], card["fields"]["pose"]["label"]) == ("Voirie", "annual", "Date de pose")


@contextmanager
def network_that_drops(address: str, every: int, times: int) -> Iterator[str]:
    """A way to that address that breaks off after ``every`` bytes, ``times`` times, then holds."""
    host, port = address.removeprefix("http://").split(":")
    left = [times]
    listener = socket.create_server((host, 0))
    here = f"{host}:{listener.getsockname()[1]}"

    def carry(source: socket.socket, target: socket.socket, *, cuts: bool) -> None:
        carried = 0
        with suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece.replace(f"Host: {here}".encode(), f"Host: {host}:{port}".encode()))
                carried += len(piece)
                if cuts and carried > every and left[0]:
                    left[0] -= 1
                    break
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def accept() -> None:
        with suppress(OSError):
            while True:
                near, _place = listener.accept()
                far = socket.create_connection((host, int(port)))
                threading.Thread(target=carry, args=(near, far), kwargs={"cuts": True}, daemon=True).start()
                threading.Thread(target=carry, args=(far, near), kwargs={"cuts": False}, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://{here}"
        assert left[0] == 0, "the network did not drop as often as was meant"
    finally:
        listener.close()


def test_a_file_arrives_whole_over_a_network_that_drops(served: str, writer: str, tmp_path):
    path = tmp_path / "mesures.csv"
    path.write_text("ref;libelle\n" + "".join(f"{n};{n * 7919 % 1000003:x} café\n" for n in range(300_000)))
    steps = []
    with network_that_drops(served, 600_000, 6) as address:
        portal = Parvis(address, writer)
        portal.create_dataset("Mesures", "essais", dataset_id="mesures", description="<p>Des mesures.</p>")
        report = portal.send("mesures", path, publish=True, progress=lambda done, _total: steps.append(done))
    assert (report["state"], report["rows"], report["rejects"]) == ("done", 300_000, 0)
    assert steps == sorted(steps) and steps[-1] == path.stat().st_size
    with urllib.request.urlopen(f"{served}/explore/dataset/mesures/versions/{report['version']}/original/") as answer:
        assert hashlib.sha256(answer.read()).digest() == hashlib.sha256(path.read_bytes()).digest()


def test_the_client_tells_its_errors_apart_and_never_its_key(served: str, writer: str, tmp_path):
    portal = Parvis(served, writer)
    assert writer not in repr(portal) + repr(vars(portal))
    with pytest.raises(Invalid) as refused:
        portal.create_dataset("", "essais")
    assert refused.value.code == "request-invalid" and refused.value.hint
    with pytest.raises(NotAllowed):
        Parvis(served, "parvis_" + "x" * 43).dataset("ecrit")
    with pytest.raises(ValueError, match="not the address"):
        Parvis("ftp://portail.exemple.fr", "k")


def test_the_command_line_writes_far_away_with_a_key_that_no_command_shows(served: str, writer: str, tmp_path):
    key = tmp_path / "cle"
    key.write_text(writer)
    key.chmod(0o600)
    path = tmp_path / "Bornes de recharge.csv"
    path.write_text("ref;puissance\n1;22\n2;beaucoup\n" + "".join(f"{n};50\n" for n in range(3, 60)))
    home = {"PARVIS_HOME": str(tmp_path / "nowhere")}

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = [f"{PARVIS}/parvis", "--url", served, *words]
        kept_out = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_API")}
        return subprocess.run(command, env={**kept_out, **home, **more}, capture_output=True, text=True, check=False)

    assert "PARVIS_API_KEY" in run("datasets", "list").stderr
    file = ("--key-file", str(key))
    stopped = run(*file, "import", str(path), "--json")
    assert (stopped.returncode, "--on-misfit" in stopped.stdout) == (1, True), stopped.stderr
    sent = run(*file, "import", str(path), "--draft", "--on-misfit", "null", "--json")
    assert sent.returncode == 0, sent.stderr
    assert '"dataset_id": "bornes-de-recharge"' in sent.stdout and '"published": false' in sent.stdout
    assert "bornes-de-recharge : publié, 59 lignes" in run(*file, "datasets", "publish", "bornes-de-recharge").stdout
    refused = run(*file, "datasets", "show", "absent", "--json")
    assert (refused.returncode, '"not-found"' in refused.stdout) == (1, True)
    assert "à distance" in run(*file, "doctor").stderr
    recipe = tmp_path / "bornes.toml"
    recipe.write_text('[[step]]\ndo = "rename"\nnames = {puissance = "kilowatts"}\n')
    loose = ("--draft", "--on-misfit", "null", "--json")
    again = run(*file, "import", str(path), "--id", "bornes-de-recharge", "--recipe", str(recipe), *loose)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "kilowatts" in run(*file, "recipe", "show", "bornes-de-recharge").stdout
    owner = json.loads(run(*file, "key", "list", "--json").stdout)[0]["person"]
    wish = ("--name", "nuit", "--scope", "write", "--expires", "5", "--json")
    made = json.loads(run(*file, "key", "create", "--person", owner, *wish).stdout)
    assert made["key"].startswith("parvis_")
    assert "n’est pas" not in run(*file, "key", "revoke", str(made["id"])).stderr
    assert (
        json.loads(run(*file, "key", "create", "--person", "autre@x.fr", *wish).stdout)["error"]["code"] == "not-remote"
    )
    gone = subprocess.run(
        [f"{PARVIS}/parvis", "--url", "http://127.0.0.1:9", "datasets", "list"],
        env={**os.environ, **home, "PARVIS_API_KEY": "k"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert gone.returncode == 2


def test_the_client_lists_a_service_of_the_catalogue(served: str, writer: str):
    portal = Parvis(served, writer)
    card = portal.create_service("API des bassins", "essais", ["https://api.essais.example/v1"], version="1")
    changed = portal.update_service(card["slug"], {"rate_limit": "10 par seconde"}, revision=card["revision"])
    with pytest.raises(Conflict):
        portal.update_service(card["slug"], {"version": "2"}, revision=card["revision"])
    assert portal.publish_service(card["slug"])["status"] == "published"
    assert [row["slug"] for row in portal.services(organisation="essais")] == [card["slug"]]
    assert portal.service(card["slug"])["rate_limit"] == changed["rate_limit"] == "10 par seconde"
    assert portal.withdraw_service(card["slug"])["status"] == "draft"
    portal.delete_service(card["slug"])
    assert not list(portal.services())
