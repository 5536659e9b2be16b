"""Where a portal was last served. When nobody set its public address and this machine alone reaches it, that is its address, in commands,
mails and background work as in its pages; and it knows by it what left here, when it reads another portal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

BASE_URL: Final = "PARVIS_BASE_URL"
UNSET: Final = "http://127.0.0.1:8000"
"""Its value when nobody set it and the portal never was served here."""
FILE: Final = "served-address"
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
"""Where nobody but this machine reaches a portal."""
_ADDRESS: Final = re.compile(r"http://(?:[\w.-]{1,253}|\[[0-9a-f:.]{2,45}\]):\d{1,5}")


def local_address(folder: Path) -> str:
    """The address at which this machine alone reached it; empty when it never was served, or when others reach it."""
    address = _noted(folder)
    return address if urlsplit(address).hostname in LOOPBACK else ""


def served_port(folder: Path) -> int | None:
    """The port on which it listened last."""
    return urlsplit(_noted(folder)).port


def note_address(folder: Path, host: str, port: int) -> None:
    """Keep where it listens for the commands that come."""
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    if _noted(folder) != address:
        work = folder / f"{FILE}.new"
        work.write_text(f"{address}\n", encoding="utf-8")
        work.replace(folder / FILE)


def _noted(folder: Path) -> str:
    try:
        words = (folder / FILE).read_text(encoding="utf-8").strip()
        return words if _ADDRESS.fullmatch(words) and urlsplit(words).port else ""
    except (OSError, ValueError):
        return ""
