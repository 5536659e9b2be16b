"""What pages weigh over the wire."""

from __future__ import annotations

from typing import Any


def weight_of(request: Any) -> int:
    """Bytes of the answer to a request of a browser, as it came."""
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]
