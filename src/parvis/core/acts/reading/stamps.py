"""Lines that a platform of télétransmission prints over an act, and that say nothing of what the page holds."""

from __future__ import annotations

import re
from typing import Final

_STAMP: Final = re.compile(
    r"""(?ix) ^\s*(?:
        (?:envoyé|reçu|réception|accusé|certifié|date|acte\ certifié|publié|affiché|mis\ en\ ligne|notifié|transmis|télétransmis) \b
            .* (?:préfecture|préfet|transmission|exécutoire|affich|publi|en\ ligne|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4})
        | (?:publié|affiché|notifié|mis\ en\ ligne|reçu|envoyé) \s+ (?:le|en\ ligne)? \b .{0,20}
        | id(?:entifiant)?\ ?(?:de\ l['’]acte|de\ télétransmission|unique)? \s* : .*
        | (?:\d[\dab]{2}|\d{2}[ab]?) - \d{9} - (?:\d{8}|\d{4}-\d{2}-\d{2}) - \S+
        | (?:acte\ (?:rendu\ )?exécutoire | signé\ (?:par|électroniquement|numériquement)) .*
        | (?:s²low|s2low|berger[ -]levrault|fast-actes|ixbus|docaposte|pastell) .*
        | (?:page\s*)? \d{1,4} (?:\s*(?:/|sur|of)\s*\d{1,4})?
        | https?://\S+
    )\s*$""",
)


def without_stamps(text: str) -> str:
    """The lines of ``text`` that are neither a stamp, nor the number of a page.

    >>> without_stamps("Envoyé en préfecture le 03/05/2023\\nID : 034-213400000-20230502-D12-DE\\nLe conseil décide")
    'Le conseil décide'
    """
    return "\n".join(line for line in text.splitlines() if line.strip() and not _STAMP.match(line[:300]))
