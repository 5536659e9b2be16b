"""Where a long work stands, on a terminal: rows, rate, time left."""

from __future__ import annotations

import sys
import time

STAGES = {
    "fetch": "Téléchargement",
    "send": "Envoi",
    "read": "Lecture",
    "detect": "Types",
    "write": "Écriture",
    "publish": "Publication",
    "areas": "Tuiles des sols et des eaux",
    "buildings": "Tuiles des bâtiments",
    "lines": "Tuiles des routes et des rails",
    "points": "Tuiles des noms",
    "join": "Assemblage",
    "check": "Vérification",
    "harvest": "Jeux",
    "documents": "Documents",
    "files": "Fichiers des lignes",
    "compare": "Comparaison",
    "datasets": "Jeux",
    "tables": "Tableaux",
    "pages": "Pages",
    "wait": "Attente du serveur",
}
WIDTH = 24
REFRESH_SECONDS = 0.1


class Bar:
    """A line on the error stream, rewritten ten times a second at most; silent when that is no terminal."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._shown = sys.stderr.isatty()
        self._stage = ""
        self._start = self._last = 0.0
        self._first = 0

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        """Show that ``stage`` is at ``done`` of ``total``."""
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._start, self._first, self._last = stage, now, done, 0.0
        if self._shown and now - self._last >= REFRESH_SECONDS:
            self._last = now
            print(f"\r\x1b[2K{self._line(now - self._start, done, total)}", end="", file=sys.stderr, flush=True)

    def _line(self, seconds: float, done: int, total: int | None) -> str:
        label = f"{self._name} · {STAGES.get(self._stage, self._stage)}"
        rate = (done - self._first) / seconds if seconds > 0.2 else 0.0
        parts = [label, bar(done, total), amount(done, total)]
        if rate:
            parts.append(f"{spaced(round(rate))}/s")
        if rate and total:
            parts.append(f"reste {duration(max(total - done, 0) / rate)}")
        return " ".join(part for part in parts if part)

    def close(self) -> None:
        """Clear the line."""
        if self._shown:
            print("\r\x1b[2K", end="", file=sys.stderr, flush=True)


def bar(done: int, total: int | None) -> str:
    """A bar of 24 signs; empty when the total is not known."""
    if not total:
        return ""
    full = min(WIDTH, WIDTH * done // total)
    return "█" * full + "░" * (WIDTH - full)


def amount(done: int, total: int | None) -> str:
    """« 1 234 / 5 678 », with narrow spaces."""
    return f"{spaced(done)} / {spaced(total)}" if total else spaced(done)


def spaced(number: int) -> str:
    """A whole number with narrow non-breaking spaces, as French writes it."""
    return f"{number:,}".replace(",", "\u202f")


def counted(number: int, words: str) -> str:
    """How many of what ``words`` name in the singular: « 0 ligne », « 2 lignes rejetées », « 3 jeux »; each word takes its s or x."""
    plural = " ".join(f"{word}{'x' if word.endswith('eu') else 's'}" for word in words.split()) if number > 1 else words
    return f"{spaced(number)} {plural}"


def duration(seconds: float) -> str:
    """Seconds as « 5 s » or « 2 min 10 s »."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
