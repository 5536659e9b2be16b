"""Requests to S3 signed (AWS Signature Version 4), by Amazon's own signer."""

from __future__ import annotations

from urllib.parse import urlsplit

from parvis.core.fetching.locations import Credentials


def signed(method: str, url: str, credentials: Credentials, region: str) -> dict[str, str]:
    """The headers that prove that ``method`` on ``url`` is asked now by who holds the key."""
    from aws_sdk_signers import URI, AWSCredentialIdentity, AWSRequest, Fields, SigV4Signer  # noqa: PLC0415

    parts = urlsplit(url)
    place = URI(
        scheme=parts.scheme, host=parts.hostname or "", port=parts.port, path=parts.path, query=parts.query or None
    )
    request = SigV4Signer().sign(
        request=AWSRequest(destination=place, method=method, body=None, fields=Fields()),
        identity=AWSCredentialIdentity(
            access_key_id=credentials.username,
            secret_access_key=credentials.password,
            session_token=credentials.token or None,
        ),
        properties={
            "region": region,
            "service": "s3",
            "uri_encode_path": False,  # paths come encoded, once, as S3 wants them
            "normalize_path": False,
            "content_checksum_enabled": True,
        },
    )
    return {header.name: header.as_string() for header in request.fields if header.name.lower() != "host"}
