"""Acts that a module of the tests serves, sealed."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest

from parvis.core.errors import NotFound
from parvis.core.seals import Author, Kind, digest_of
from parvis.hub import registry
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.registry import Module
from parvis.hub.seals.services import seal

MAYOR = Author("Camille Aubépin", "Maire")


def subject_of(number: int) -> str:
    return f"http://127.0.0.1:8000/deliberations/219102281-20240312-{number}-de/"


@pytest.fixture
def acts(db, monkeypatch):
    """``acts.publish(1)`` seals an act whose file is served; ``acts.files`` are those served, by subject and name."""
    files: dict[str, dict[str, bytes]] = {}

    def opener(subject: str, name: str):
        if files[subject][name] is None:
            raise NotFound(name=name)
        return io.BytesIO(files[subject][name])

    def sealed_files(subject: str):
        if subject not in files:
            return None
        return [(name, lambda name=name: opener(subject, name)) for name in files[subject]]

    def publish(number: int, kind: Kind = Kind.PUBLICATION, content: bytes | None = None, refers_to=None):
        subject = subject_of(number)
        body = b"%PDF acte " + str(number).encode() if content is None else content
        digests = () if kind == Kind.WITHDRAWAL else (digest_of("acte.pdf", io.BytesIO(body)),)
        files[subject] = {} if kind == Kind.WITHDRAWAL else {"acte.pdf": body}
        return seal(OPERATOR, kind, subject, digests, MAYOR, {"numero": str(number)}, refers_to=refers_to)

    module = Module(slug="actes-d-essai", sealed_files=sealed_files)
    monkeypatch.setattr(registry, "MODULES", {**registry.MODULES, "actes-d-essai": module})
    return SimpleNamespace(publish=publish, files=files)
