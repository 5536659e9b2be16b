"""Names of persons as acts write them."""

from __future__ import annotations

import re
from typing import Final

from parvis.core.acts.flat_text import flatten, one_line
from parvis.core.acts.nomenclature import DATA

_CIVIL: Final = r"(?:M\.|MM\.|Mrs?\.?|Ms\.?|M(?=[ ][A-Z])|Mmes?\.?|Mlles?\.?|Monsieur|Madame|Mademoiselle|Messieurs|Mesdames|MONSIEUR|MADAME|MESSIEURS|MESDAMES|MME|MM|MR|Maître|Docteur|Dr)(?![a-zà-ÿ])"
_WORD: Final = r"[A-ZÀ-ÖØ-Þ](?:[\w’'-]{1,30}|\.)"
_PARTICLE: Final = r"(?:de|du|des|d[’']|le|la|van|von|dit|el|ben|da|dos|DE|DU|LE|LA)"
_SPACE: Final = r"[ ]{0,2}\n?[ ]{0,2}"
PERSON: Final = rf"(?:{_CIVIL}[ \n]{{1,3}})?{_WORD}(?:(?=[ \n]){_SPACE}(?:{_PARTICLE}[ ]?){{0,2}}{_WORD}){{0,4}}"
_PERSON: Final = re.compile(PERSON)
_MAYOR: Final = re.compile(rf"(?:{_CIVIL})[ \n]{{1,2}}(?:le|la)[ \n](?:[Mm]aire|MAIRE|[Pp]résidente?)")
_CIVIL_START: Final = re.compile(rf"(?:{_CIVIL}[ \n,]{{0,3}}(?:et[ \n]{{1,2}})?){{1,3}}")
_CIVIL_INSIDE: Final = re.compile(rf"(?<=[\w.)][ \n])(?={_CIVIL}[ \n]{{1,3}}[A-ZÀ-ÖØ-Þ])")
_CLOSED: Final = re.compile(r"\([^()]{0,200}\)")
_BROKEN: Final = re.compile(r"(?<=[a-zà-ÿA-Z])[-\x02][ ]?\n[ ]?(?=[A-ZÀ-Þa-zà-ÿ])")
_SENTENCE_END: Final = re.compile(r"\n[ ]*\n|\.[ ]*\n")
_BETWEEN: Final = re.compile(r"[,;•●▪/\uf0b7]|[–—]|(?<=\s)-|-(?=\s)|\s(?:et|ET)\s")
_PLURAL: Final = re.compile(r"MM|Mmes|Ms|Mrs|Mess|Mesd|MESS|MESD|Mlles")
_DIGITS: Final = re.compile(r"\d")

_NOT_NAMES: Final = frozenset((DATA / "words_that_are_no_names.txt").read_text(encoding="utf-8").split())
_MOST_WORDS: Final = 7


def name_of(raw: str) -> str:
    """The name in some letters: without civility when a first name is there, cut at the first word that is no name; empty when none is."""
    words = one_line(_CLOSED.sub(" ", raw.replace("\x02", "-"))).split(" ")
    civil = ""
    while words and _CIVIL_START.fullmatch(words[0] + " "):
        civil = words.pop(0)
    name: list[str] = []
    for word in words:
        plain = flatten(word).strip(".,;:'\"()")
        if plain in _NOT_NAMES and not (name and re.fullmatch(_PARTICLE, word)):
            break
        name.append(word)
    name = _one_person(name)
    while name and re.fullmatch(rf"{_PARTICLE}|\w", name[-1]):
        name.pop()
    if not name or len(name) > _MOST_WORDS or not re.match(rf"(?:{_PARTICLE}|d[’']\w)?$|[A-ZÀ-ÖØ-Þ]", name[0]):
        return ""
    if not any(word[:1].isupper() for word in name):
        return ""
    if _DIGITS.search("".join(name)):
        return ""
    words = [word.strip(".,;:") if len(word) > 2 else word for word in name]  # « J. » is a first name
    if len(words) > 1 or not civil or _PLURAL.match(civil):
        return " ".join(words)
    return f"{civil} {words[0]}"


def _one_person(words: list[str]) -> list[str]:
    """« Daniel CANTE Zones » is Daniel CANTE, « CANTE Daniel Zones Rurales » CANTE Daniel: a name changes case once."""
    turns = 0
    before: bool | None = None
    for rank, word in enumerate(words):
        bare = word.strip(".,;:'’")
        if len(bare) < 2 or re.fullmatch(_PARTICLE, word):  # an initial, a particle
            continue
        upper = bare.isupper()
        turns += before is not None and upper != before
        if turns > 1:
            return words[:rank]
        before = upper
    return words


def person_at(raw: str, start: int, within: int = 12) -> tuple[str, int, int] | None:
    """The person named at most ``within`` letters after ``start``: name, and where.

    A name goes on past the end of a line only when a word alone of it was before.
    """
    before = re.compile(r"[^\w]{0,12}").match(raw, start)
    place = before.end() if before and before.end() - start <= within else start
    mayor = _MAYOR.match(raw, place)
    hit = _PERSON.match(raw, place)
    if hit:
        letters = hit[0]
        first, line, _rest = letters.partition("\n")
        alone = _CIVIL_START.sub("", first + " ", count=1).split()
        if line and len(alone) > 1 and name_of(first):
            letters = first
        name = name_of(letters)
        if name:
            return name, hit.start(), hit.start() + len(letters.rstrip())
    return (one_line(mayor[0]), mayor.start(), mayor.end()) if mayor else None


def person_before(raw: str, end: int, within: int = 90) -> tuple[str, int, int] | None:
    """The person named just before ``end``, commas and parentheses apart."""
    start = max(0, end - within)
    piece = raw[start:end].rstrip(" ,(:;\n-–=>")
    last = None
    for hit in _PERSON.finditer(piece):
        last = hit
    if last is None or last.end() < len(piece):
        return None
    # « M. A à M. B » in one go is two persons: the last civility begins the last.
    cut = max((inside.end() for inside in _CIVIL_INSIDE.finditer(last[0])), default=0)
    name = name_of(last[0][cut:])
    return (name, start + last.start() + cut, start + last.end()) if name else None


def _side_by_side(piece: str) -> list[str]:
    """« Denis JUVIN Catherine MARTEL »: the names of a list without separators, where one case ends each; nothing when there are not
    two of them on a line."""
    if not any(len(_cut_by_case(line.split())) > 1 for line in piece.split("\n")):
        return []
    return _cut_by_case(piece.split())


def _cut_by_case(words: list[str]) -> list[str]:
    """The names of words whose case turns within each and between two: « Denis JUVIN | Catherine MARTEL », « JUVIN Denis | MARTEL … »."""
    names: list[list[str]] = []
    first: bool | None = None
    before: bool | None = None
    for word in words:
        bare = word.strip(".,;:'’()")
        if flatten(bare) in _NOT_NAMES and not re.fullmatch(_PARTICLE, word):  # « Maire », « Adjointe »
            continue
        if len(bare) < 2 or re.fullmatch(_PARTICLE, word) or not bare[0].isalpha():
            if names:
                names[-1].append(word)
            continue
        upper = bare.isupper()
        first = upper if first is None else first
        if not names or (upper == first and before != first):
            names.append([])
        names[-1].append(word)
        before = upper
    whole = [name for name in names if len({word.isupper() for word in name if len(word) > 1}) > 1]
    return [" ".join(name) for name in whole]


def names_in(raw: str) -> list[str]:
    """Names of a list: separated by commas, dashes, civilities or ends of lines, or by their case alone."""
    letters = _BROKEN.sub("-", _CLOSED.sub(" ", raw))
    letters = _CIVIL_INSIDE.sub(", ", letters)
    pieces = [name for piece in _BETWEEN.split(letters) for name in _side_by_side(piece) or [piece]]
    if len(pieces) <= max(1, letters.strip().count("\n") // 2):
        pieces = letters.split("\n")
    names: list[str] = []
    for piece in pieces:
        piece = _SENTENCE_END.split(piece.strip(), maxsplit=1)[0]
        label, colon, after = piece.rpartition(":")
        name = name_of(after if colon and len(label) < 80 else piece)  # « Titulaires : Mme … »
        if name and name not in names:
            names.append(name)
    return names
