"""Reaching the public web: http and https only, public addresses only, bounded in size and time.

The name is resolved once and the connection goes to the address that was checked, so that a name which changes its answer
between the check and the connection gains nothing. Every redirect is checked again. No proxy is used.
"""

from parvis.core.fetching.addresses import (
    Address,
    Allowed,
    AllowedHosts,
    Resolver,
    allowed_hosts,
    is_public,
    require_public_url,
    resolve,
)
from parvis.core.fetching.answers import Answer, ask
from parvis.core.fetching.errors import (
    BadHeader,
    BadUrl,
    FetchCut,
    FetchFailed,
    FetchTooLarge,
    FetchTooSlow,
    HttpStatus,
    PrivateAddress,
    TooManyRedirects,
    UnknownHost,
)
from parvis.core.fetching.files import Fetched, fetch, file_name
from parvis.core.fetching.post import Posted, post, send

__all__ = [
    "Address",
    "Allowed",
    "AllowedHosts",
    "Answer",
    "BadHeader",
    "BadUrl",
    "FetchCut",
    "FetchFailed",
    "FetchTooLarge",
    "FetchTooSlow",
    "Fetched",
    "HttpStatus",
    "Posted",
    "PrivateAddress",
    "Resolver",
    "TooManyRedirects",
    "UnknownHost",
    "allowed_hosts",
    "ask",
    "fetch",
    "file_name",
    "is_public",
    "post",
    "require_public_url",
    "resolve",
    "send",
]
