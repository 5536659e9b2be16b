"""Values that strangers write, made into those of an event, and what could not be: shared by all formats."""

from __future__ import annotations

import html
import json
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

import nh3

from parvis.core.calendars.errors import UnreadableAgenda
from parvis.core.calendars.events import Event, Timing
from parvis.core.errors import ParvisError
from parvis.core.translation import Sentence

MOST_EVENTS: Final = 20_000
MOST_PROBLEMS: Final = 200
TITLE: Final = 500
TEXT: Final = 20_000
MOST_WORDS: Final = 60
"""Keywords, languages or links of one event."""
_BLOCK_END: Final = re.compile(r"<br\s*/?>|</(?:p|div|li|h[1-6]|tr|blockquote)>", re.IGNORECASE)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]")
_TAG: Final = re.compile(r"</?[a-zA-Z]")
_MAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE: Final = re.compile(r"\+?[\d][\d .\-()]{5,20}")
_WHITE: Final = re.compile(r"[ \t\u00a0]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something of the file that was left out or corrected, and ``where``: the identifier or the line of the event."""

    where: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: its events, and what could not be read of it; ``name`` is what the calendar calls itself."""

    events: tuple[Event, ...] = ()
    problems: tuple[Problem, ...] = ()
    name: str = ""


class Collector:
    """Gathers events and problems of one file, bounded, each event with an identifier of its own."""

    def __init__(self) -> None:
        self._events: dict[str, Event] = {}
        self._problems: list[Problem] = []

    @property
    def is_full(self) -> bool:
        """Whether no more events are taken."""
        return len(self._events) >= MOST_EVENTS

    def add(self, event: Event) -> None:
        """Take an event; a later one of the same identifier takes its place."""
        if event.uid in self._events:
            self.tell(event.uid, Sentence("identifiant répété : le dernier est gardé"))
        self._events[event.uid] = event

    def tell(self, where: str, sentence: Sentence) -> None:
        """Note a problem."""
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(Problem(one_line(where)[:100], _bounded(sentence)))

    def refuse(self, where: str, error: ParvisError) -> None:
        """Note an event left out."""
        sentence, _advice = error.sentences()
        self.tell(where, sentence)

    def reading(self, name: str = "") -> Reading:
        """What was gathered."""
        return Reading(tuple(self._events.values()), tuple(self._problems), one_line(name))


def _bounded(sentence: Sentence) -> Sentence:
    """The sentence, each of its values cut short: strangers wrote them."""
    values = {
        name: _bounded(value) if isinstance(value, Sentence) else value[:500] if isinstance(value, str) else value
        for name, value in sentence.values.items()
    }
    return Sentence(sentence.message, values)


def plain_text(value: Any, most: int = TEXT) -> str:
    """``value`` without HTML, its paragraphs as lines; empty for what is no text."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    text = str(value)[: most * 4]
    if _TAG.search(text):
        text = nh3.clean(_BLOCK_END.sub("\n", text), tags=set())
    text = _CONTROLS.sub(" ", html.unescape(text).replace("\r\n", "\n"))
    lines = (_WHITE.sub(" ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:most]


def one_line(value: Any, most: int = TITLE) -> str:
    """``value`` without HTML, on one line."""
    return " ".join(plain_text(value, most).split())


def words(value: Any, separators: str = ";,|") -> tuple[str, ...]:
    """Words of a list, or of a text that separates them; each once."""
    if isinstance(value, str):
        value = re.split(f"[{re.escape(separators)}]", value[:TEXT])
    if not isinstance(value, Iterable) or isinstance(value, Mapping):
        return ()
    lines = (one_line(word, 200) for word, _rank in zip(value, range(1_000), strict=False))
    return tuple(dict.fromkeys(filter(None, lines)))[:MOST_WORDS]


def web_address(value: Any) -> str:
    """``value`` if it is an address of the web, else empty. What begins with www is completed."""
    text = one_line(value, 2_000)
    if text.lower().startswith("www."):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc or " " in text:
        return ""
    return f"{parts.scheme}{text[len(parts.scheme) :]}"  # HTTPS:// is an address too


def contact(value: Any) -> str:
    """``value`` as an address that one opens: of the web, ``mailto:`` or ``tel:``; empty when it is none."""
    text = one_line(value, 2_000)
    bare = text.removeprefix("mailto:").removeprefix("tel:")
    if _MAIL.fullmatch(bare):
        return f"mailto:{bare}"
    if _PHONE.fullmatch(bare):
        return f"tel:{re.sub(r'[^+0-9]', '', bare)}"
    return web_address(text)


def number(value: Any, least: float, most: float) -> float | None:
    """``value`` as a number between two bounds, None when it is none."""
    try:
        read = float(str(value).strip().replace(",", ".")[:40])
    except ValueError:
        return None
    return read if least <= read <= most else None


def whole_number(value: Any, most: int) -> int | None:
    """``value`` as a whole number from 0 to ``most``."""
    read = number(value, 0, most)
    return None if read is None else int(read)


def moment(value: Any) -> datetime | date | None:
    """An ISO 8601 date or time; None when it is none."""
    text = one_line(value, 60)
    try:
        return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def timing_of(start: datetime | date | None, end: datetime | date | None) -> Timing | None:
    """From two moments of any kind: days include the last one, an end that is missing is the start, one that is hours before it
    is of the night that follows ("20:00 to 00:00" of the same day, in OpenAgenda as in tables). BadEvent."""
    if start is None:
        return None
    if not isinstance(start, datetime):
        last = start if end is None else end.date() if isinstance(end, datetime) else end
        midnight = datetime.min.time()
        after = max(start, last) + timedelta(days=1)
        return Timing(datetime.combine(start, midnight), datetime.combine(after, midnight), all_day=True)
    if isinstance(end, date) and not isinstance(end, datetime) and end > start.date():
        end = datetime.combine(end, start.timetz())  # the last day alone was written
    if not isinstance(end, datetime) or (end.tzinfo is None) != (start.tzinfo is None):
        end = start
    if timedelta() < start - end < timedelta(days=1):
        end += timedelta(days=1)
    return Timing(start, max(start, end))


def json_of(content: bytes, name: str, object_hook: Callable[[dict[str, Any]], Any] | None = None) -> Any:
    """The JSON in ``content``; UnreadableAgenda."""
    try:
        return json.loads(text_of(content), strict=False, object_hook=object_hook)
    except (ValueError, RecursionError) as error:
        raise UnreadableAgenda(file=name, reason="JSON") from error


def text_of(content: bytes) -> str:
    """``content`` as text: UTF-8, else Windows-1252, which takes any bytes; line by line, as one broken byte spoils its line alone."""
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            break
    return "\n".join(map(_decoded, content.removeprefix(BOM_UTF8).split(b"\n")))


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def made_up_uid(*facts: Any) -> str:
    """An identifier for an event that has none, the same each time it is read."""
    return sha256("\0".join(str(fact) for fact in facts).encode("utf-8", "replace")).hexdigest()[:24]


def is_free(text: str) -> bool | None:
    """Whether a French sentence on conditions says that it is free; None when it does not say."""
    folded = text.casefold()
    if re.search(r"\d\s*(?:€|euros?\b)|\bpayant", folded):
        return False
    return True if re.search(r"\bgratuit|\bentrée libre|\baccès libre|\blibre et gratuit", folded) else None
