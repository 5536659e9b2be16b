"""Timestamps, asked of openssl's own server."""

from __future__ import annotations

import hashlib
import subprocess

import pytest
import rfc3161_client
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.errors import ParvisError
from parvis.core.seals.der import in_order
from parvis.core.seals.errors import StampRefused
from parvis.core.seals.stamps import ask, checked
from parvis.core.seals.tests.timestamp_server import answer, make_authority, served

CONTENT = '{"sequence":12,"sujet":"délibération"}'.encode()


def anywhere(_address, _port) -> bool:
    return True


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authority")
    make_authority(folder)
    return folder


@pytest.fixture(scope="module")
def roots(authority) -> bytes:
    return (authority / "root.pem").read_bytes()


def test_an_answer_is_checked_up_to_the_root_and_openssl_agrees(authority, roots, tmp_path):
    with served(lambda request: (200, answer(authority, request))) as url:
        stamp = ask(url, CONTENT, roots, allowed=anywhere)
    assert stamp.certified
    assert stamp.moment.endswith("Z")
    (tmp_path / "answer").write_bytes(stamp.answer)
    command = ["openssl", "ts", "-verify", "-digest", hashlib.sha256(CONTENT).hexdigest()]
    files = ["-in", str(tmp_path / "answer"), "-CAfile", str(authority / "root.pem")]
    done = subprocess.run([*command, *files], capture_output=True)
    assert done.returncode == 0, done.stderr
    assert checked(stamp.answer, CONTENT, None, roots).moment == stamp.moment


def test_without_a_root_the_answer_is_not_called_certified(authority):
    with served(lambda request: (200, answer(authority, request))) as url:
        assert not ask(url, CONTENT, allowed=anywhere).certified


def request_for(content: bytes) -> rfc3161_client.TimeStampRequest:
    builder = rfc3161_client.TimestampRequestBuilder().data(content)
    return builder.hash_algorithm(rfc3161_client.HashAlgorithm.SHA256).cert_request(cert_request=True).build()


def refused(reply, roots=b"") -> str:
    with served(reply) as url, pytest.raises(StampRefused) as error:
        ask(url, CONTENT, roots, allowed=anywhere)
    return str(error.value)


def test_an_answer_about_something_else_is_refused(authority, roots):
    assert "autre contenu" in refused(
        lambda _request: (200, answer(authority, request_for(b"autre").as_bytes())), roots
    )


def test_a_former_answer_served_again_is_refused(authority, roots):
    former = answer(authority, request_for(CONTENT).as_bytes())
    assert "autre demande" in refused(lambda _request: (200, former), roots)


def test_an_answer_of_somebody_else_is_refused(authority, roots, tmp_path):
    make_authority(tmp_path / "other", "Horloge voisine")
    assert "certificat" in refused(lambda request: (200, answer(tmp_path / "other", request)), roots)


def test_an_answer_whose_signature_was_changed_is_refused(authority, roots):
    def reply(request: bytes) -> tuple[int, bytes]:
        body = bytearray(answer(authority, request))
        body[-5] ^= 1
        return 200, bytes(body)

    assert refused(reply, roots)


@given(st.binary(max_size=80), st.integers(0, 80))
def test_putting_certificates_in_order_keeps_the_length_of_any_bytes(content, place):
    assert len(in_order(content)) == len(content)
    nested = b"0\x80"[:place] + content
    assert sorted(in_order(nested)) == sorted(nested)


@pytest.mark.parametrize("body", [b"", b"<html>", b"0\x80", b"\x30\x03\x02\x01\x02"])
def test_what_is_no_answer_is_refused(body):
    assert refused(lambda _request: (200, body))


def test_a_server_that_fails_is_refused():
    assert "503" in refused(lambda _request: (503, b"plus tard"))


def test_an_address_of_the_inner_network_is_not_asked():
    with served(lambda _request: (200, b"")) as url, pytest.raises(ParvisError, match="sécurité"):
        ask(url, CONTENT)
