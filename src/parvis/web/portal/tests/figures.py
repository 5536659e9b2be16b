"""Pages as they read, and the figures in them, each with what it leads to."""

from __future__ import annotations

import json
import re
from html import unescape

from parvis.hub.ui.tests.markup import tight


def shown(client, address: str, status: int = 200) -> str:
    """The page, its spaces made plain."""
    answer = client.get(address)
    assert answer.status_code == status, answer
    return re.sub(r"\s+", " ", tight(answer.content.decode())).replace("\u00a0", " ").replace("\u202f", " ")


FIGURE = re.compile(r'<a class="trail" href="([^"]*)" data-trail="([^"]*)"[^>]*>([^<]*)</a>')


def read(client, address: str) -> str:
    """The same page as it reads: figures without their trails."""
    return FIGURE.sub(r"\3", shown(client, address))


def figures(page: str) -> list[tuple[str, dict[str, str], str]]:
    """Address, facts and text of each figure."""
    return [(unescape(a), dict(json.loads(unescape(f))), text) for a, f, text in FIGURE.findall(page)]
