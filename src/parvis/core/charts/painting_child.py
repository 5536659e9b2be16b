"""The child that draws: a specification in, a picture or the words of an error out, until its input ends. Only ``renderer`` starts it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from parvis.core import lettering
from parvis.core.children import frames
from parvis.core.children.confinement import confine, libraries

VEGA_LITE = "6.4"
"""The latest that vl-convert knows."""
_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/etc/fonts", "/var/cache/fontconfig")


def _drawer() -> Any:
    """vl-convert, loaded only in the child: its JavaScript engine has threads of its own."""
    import vl_convert  # noqa: PLC0415

    if not _registered:
        vl_convert.register_font_directory(str(lettering.FONTS))
        _registered.append(lettering.FAMILY)
    return vl_convert


_registered: list[str] = []
"""The family that the drawer has learnt."""


def _svg(specification: dict[str, Any], _scale: float) -> bytes:
    svg: str = _drawer().vegalite_to_svg(specification, vl_version=VEGA_LITE, allowed_base_urls=[])
    return lettering.with_font(svg.encode())


def _png(specification: dict[str, Any], scale: float) -> bytes:
    if "svg" in specification:
        painted: bytes = _drawer().svg_to_png(specification["svg"], scale=scale)
        return painted
    picture: bytes = _drawer().vegalite_to_png(specification, vl_version=VEGA_LITE, allowed_base_urls=[], scale=scale)
    return picture


def _vega(specification: dict[str, Any], _scale: float) -> bytes:
    compiled = _drawer().vegalite_to_vega(specification, vl_version=VEGA_LITE)
    return json.dumps(_plain(compiled), ensure_ascii=False, separators=(",", ":")).encode()


_MOMENT = re.compile(r"datetime\((-?\d+)\)")


def _plain(value: Any) -> Any:
    """Moments of axes as numbers: the interpreter of expressions in browsers reads none in a list."""
    if isinstance(value, dict):
        moment = _MOMENT.fullmatch(str(value["signal"])) if set(value) == {"signal"} else None
        return int(moment[1]) if moment else {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


_FORMS: dict[str, Callable[[dict[str, Any], float], bytes]] = {"svg": _svg, "png": _png, "vega": _vega}


def main() -> None:
    """Answer each line of the input."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # A library that draws what datasets say has no more to reach than one that reads files: walls before it is loaded.
    # Its JavaScript engine makes itself a pair of sockets: the filter of system calls would end it.
    confine([*libraries(), *map(Path, _FONTS)], [])
    source, target = sys.stdin.fileno(), sys.stdout.fileno()
    with contextlib.suppress(frames.Gone):
        while True:
            question = json.loads(frames.receive(source)[1])
            try:
                frames.send(target, frames.ROWS, _FORMS[question["form"]](question["spec"], question["scale"]))
            except ValueError as error:  # what vl-convert raises for anything its JavaScript throws
                frames.send_words(target, str(error))
    os._exit(0)  # the engine of JavaScript has threads that do not end by themselves


if __name__ == "__main__":
    main()
