"""How a call proves where it comes from, against what others wrote down."""

import base64
import hashlib
import hmac

import pytest

from parvis.hub.harvesting.hook_rules import (
    NotSigned,
    Proof,
    SignedLate,
    Way,
    address_token,
    name_of,
    opens,
    proof_of,
)

STANDARD = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
"""The example that libraries of Standard Webhooks are tested with."""
BODY = b'{"test": 2432232314}'
SECRET, OTHER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + base64.b64encode(b"x" * 32).decode()
GITHUB = {"X-Hub-Signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}
"""The example of GitHub's documentation: « Hello, World! » under « It's a Secret to Everybody »."""


def test_the_examples_that_others_publish_are_taken():
    proof = proof_of(STANDARD, BODY, [OTHER, SECRET], 1614265330 + 299)
    assert proof == Proof(Way.STANDARD, name_of(STANDARD))
    github = proof_of(GITHUB, b"Hello, World!", ["It's a Secret to Everybody"], 0)
    assert github.way == Way.BODY
    forgejo = hmac.new(SECRET.encode(), b"{}", hashlib.sha256).hexdigest()
    assert proof_of({"X-Forgejo-Signature": forgejo}, b"{}", [SECRET], 0).way == Way.BODY
    assert proof_of({"X-Gitlab-Token": SECRET, "Idempotency-Key": "a"}, b"{}", [SECRET], 0).way == Way.PLAIN


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, BODY),
        ({**STANDARD, "webhook-id": "msg_other"}, BODY),
        (STANDARD, BODY + b" "),
        ({**STANDARD, "webhook-timestamp": "1614265331"}, BODY),
        ({**STANDARD, "webhook-timestamp": "²"}, BODY),
        ({**STANDARD, "webhook-signature": "v1,"}, BODY),
        ({**STANDARD, "webhook-signature": "v1a,\udce9"}, BODY),
        ({"webhook-signature": STANDARD["webhook-signature"]}, BODY),
        ({**STANDARD, "webhook-signature": "v1,AAAA", "X-Gitlab-Token": SECRET}, BODY),
        (GITHUB, b"Hello, World!"),
        ({"X-Hub-Signature-256": "sha256="}, b""),
        ({"X-Gitlab-Token": ""}, b""),
    ],
)
def test_anything_else_is_refused(headers, body):
    with pytest.raises(NotSigned):
        proof_of(headers, body, [OTHER, SECRET], 1614265330)


@pytest.mark.parametrize("shift", [-301, 301])
def test_a_call_signed_at_another_time_is_refused(shift):
    with pytest.raises(SignedLate):
        proof_of(STANDARD, BODY, [SECRET], 1614265330 + shift)


def test_an_address_is_that_of_its_secret_and_of_its_hook():
    token = address_token(SECRET, "a")
    assert len(token) >= 43
    assert opens(token, [OTHER, SECRET], "a")
    assert not opens(token, [OTHER], "a")
    assert not opens(token, [SECRET], "b")
    assert not opens("é", [SECRET], "a")
