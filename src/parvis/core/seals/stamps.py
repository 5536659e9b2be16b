"""The time of somebody else on a chain: requests and answers of RFC 3161, for the digest of its last entry.

What is stamped is the text of that entry, so that the imprint is its digest: ``openssl ts -verify -digest DIGEST -in ANSWER``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import rfc3161_client
from cryptography import x509
from rfc3161_client.tsp import PKIStatus

from parvis.core.children import ChildUnavailable, Permits, ReadingFailed, ReadingTooLarge, ReadingTooLong, call
from parvis.core.fetching import Allowed, Resolver, is_public, post, resolve
from parvis.core.seals.der import in_order
from parvis.core.seals.errors import StampRefused
from parvis.core.translation import Sentence, gettext_noop

MOST_BYTES = 64 * 1024
_SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")
_HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


@dataclass(frozen=True, slots=True)
class Stamp:
    """An answer that holds: its bytes, its moment (ISO 8601, UTC), whether its certificate was checked up to a root of ours."""

    answer: bytes
    moment: str
    certified: bool


def ask(
    url: str, content: bytes, roots: bytes = b"", *, allowed: Allowed = is_public, resolver: Resolver = resolve
) -> Stamp:
    """Have the server at ``url`` stamp ``content``, and check its answer; ``roots`` are certificates in PEM, empty for none.

    Raises StampRefused, and the errors of ``core.fetching``.
    """
    request = (
        rfc3161_client.TimestampRequestBuilder()
        .data(content)
        .hash_algorithm(rfc3161_client.HashAlgorithm.SHA256)
        .cert_request(cert_request=True)
        .nonce(nonce=True)
        .build()
    )
    posted = post(url, request.as_bytes(), _HEADERS, max_bytes=MOST_BYTES, allowed=allowed, resolver=resolver)
    if posted.status != 200:
        raise StampRefused(reason=Sentence("le serveur a répondu par une erreur {status}", {"status": posted.status}))
    return checked(posted.body, content, request.nonce, roots)


def checked(answer: bytes, content: bytes, nonce: int | None, roots: bytes = b"") -> Stamp:
    """The stamp of ``content`` that ``answer`` is; StampRefused. ``nonce``: what was asked, None for an answer kept since.

    The answer, which comes from elsewhere, is read in a confined child.
    """
    try:
        moment = call(
            read_answer, answer, content, nonce, roots, permits=Permits("TSR", seconds=20, memory=500_000_000)
        )
    except (ReadingFailed, ReadingTooLarge, ReadingTooLong, ChildUnavailable) as error:
        raise StampRefused(reason=Sentence("elle est illisible")) from error
    return Stamp(answer, moment, bool(roots))


def read_answer(answer: bytes, content: bytes, nonce: int | None, roots: bytes) -> str:
    """The moment that ``answer`` gives to ``content``; StampRefused. Only to be called in a child."""
    try:
        response = rfc3161_client.decode_timestamp_response(in_order(answer))
        if PKIStatus(response.status) != PKIStatus.GRANTED:
            raise StampRefused(reason=Sentence("le serveur n’a pas accepté la demande"))
        facts = response.tst_info
        imprint = facts.message_imprint
        _require(
            imprint.hash_algorithm == _SHA256 and imprint.message == hashlib.sha256(content).digest(),
            gettext_noop("elle porte sur un autre contenu"),
        )
        _require(nonce is None or facts.nonce == nonce, gettext_noop("elle répond à une autre demande"))
        if roots:
            _verify(response, content, roots)
        return facts.gen_time.isoformat().replace("+00:00", "Z")
    except ValueError as error:
        raise StampRefused(reason=Sentence("elle est illisible")) from error


def _require(well: bool, reason: str) -> None:
    if not well:
        raise StampRefused(reason=Sentence(reason))


def _verify(response: rfc3161_client.TimeStampResponse, content: bytes, roots: bytes) -> None:
    """The signature, and the chain of its certificate up to one of ``roots``."""
    builder = rfc3161_client.VerifierBuilder()
    for certificate in x509.load_pem_x509_certificates(roots):
        builder = builder.add_root_certificate(certificate)
    try:
        builder.build().verify_message(response, content)
    except rfc3161_client.VerificationError as error:
        raise StampRefused(reason=Sentence("son certificat ou sa signature ne sont pas valables")) from error
