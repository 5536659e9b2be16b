"""The child that draws: a line of JSON in, a picture out, until its input ends. Only ``painting`` starts it."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from typing import Any

import vl_convert

VEGA_LITE = "6.4"
"""The latest that vl-convert knows."""


def _svg(specification: dict[str, Any], _scale: float) -> bytes:
    return vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE, allowed_base_urls=[]).encode()


def _png(specification: dict[str, Any], scale: float) -> bytes:
    picture: bytes = vl_convert.vegalite_to_png(specification, vl_version=VEGA_LITE, allowed_base_urls=[], scale=scale)
    return picture


def _vega(specification: dict[str, Any], _scale: float) -> bytes:
    compiled = vl_convert.vegalite_to_vega(specification, vl_version=VEGA_LITE)
    return json.dumps(compiled, ensure_ascii=False, separators=(",", ":")).encode()


_FORMS: dict[str, Callable[[dict[str, Any], float], bytes]] = {"svg": _svg, "png": _png, "vega": _vega}


def main() -> None:
    """Answer each line of the input."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    output = sys.stdout.buffer
    for line in sys.stdin.buffer:
        question = json.loads(line)
        try:
            mark, body = b"=", _FORMS[question["form"]](question["spec"], question["scale"])
        except ValueError as error:  # what vl-convert raises for anything its JavaScript throws
            mark, body = b"!", str(error).encode()
        output.write(mark + f"{len(body):08x}".encode() + body)
        output.flush()


if __name__ == "__main__":
    main()
