"""Words of a picture, recognised by Tesseract within this process: to be asked in a confined child alone.

Boxes are in pixels of the picture that was given, turned or not. Tesseract reads a text slightly askew as it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from PIL.Image import Image

DOTS_PER_INCH: Final = 300
"""At which a page is drawn to be recognised."""
ORIENTATION: Final = "osd"
"""Data that tells which way up a text is; without it, each way is tried."""
_SECONDS: Final = 30.0
"""For one picture, looked at one way up."""
_PLAIN: Final = 75.0
"""Mean confidence from which a text is taken to be the right way up."""
_FEW: Final = 20
"""Letters under which a picture has no text that tells which way up it is."""
_SURE: Final = 2.0
"""Confidence, from 0 to some 15, under which Tesseract's own opinion of the way up is not followed."""
_TURNS: Final = (90, 180, 270)


@dataclass(frozen=True, slots=True)
class Word:
    """A recognised word, its box (left, top, right, bottom, in pixels), its confidence (0 to 100), the ranks of its line and block.

    Words come in the order of reading; ``line`` counts over the whole picture.
    """

    text: str
    box: tuple[int, int, int, int]
    confidence: int
    line: int
    block: int


@dataclass(frozen=True, slots=True)
class Recognition:
    """The words of a picture, and by how many degrees it was turned clockwise for them to be read (0, 90, 180, 270)."""

    words: tuple[Word, ...]
    turned: int = 0

    @property
    def confidence(self) -> float:
        """Mean of the words, by their letters; 0 without any."""
        return mean_confidence(self.words)


def mean_confidence(words: tuple[Word, ...]) -> float:
    """Mean confidence of words, by their letters, from 0 to 100; 0 without any."""
    letters = sum(len(word.text) for word in words)
    return round(sum(word.confidence * len(word.text) for word in words) / letters, 1) if letters else 0.0


def words_of(picture: Image, tessdata: Path, languages: str = "fra") -> Recognition:
    """The words of one picture; of many pages, ask one ``recogniser``. RuntimeError without data of these languages."""
    with recogniser(tessdata, languages) as recognise:
        return recognise(picture)


@contextmanager
def recogniser(tessdata: Path, languages: str = "fra") -> Iterator[Callable[[Image], Recognition]]:
    """What recognises pictures one after the other, with the data in ``tessdata``; RuntimeError when these languages are missing."""
    os.environ["OMP_THREAD_LIMIT"] = "1"  # read when the library is loaded; its threads cost more than they give
    import tesserocr  # noqa: PLC0415 only children recognise

    with tesserocr.PyTessBaseAPI(path=str(tessdata), lang=languages, psm=tesserocr.PSM.AUTO) as engine:
        engine.SetVariable(
            "debug_file", ""
        )  # else it writes to /dev/null, which a confined child may not, and dies of it
        yield lambda picture: _best_way_up(engine, picture.convert("L"), tessdata)


def _best_way_up(engine: Any, picture: Image, tessdata: Path) -> Recognition:
    """As it is when that reads well, else the way up that reads best of those that are likely."""
    best = Recognition(_words(engine, picture))
    if best.confidence >= _PLAIN and _letters(best) >= _FEW:
        return best
    for turn in _likely_turns(picture, tessdata):
        turned = picture.rotate(-turn, expand=True)
        words = tuple(_turned_back(word, turn, picture.size) for word in _words(engine, turned))
        best = max(best, Recognition(words, turn), key=_worth)
    return best


def _worth(recognition: Recognition) -> float:
    """Letters of the words that are surely read; a page upside down is read as many doubtful ones."""
    return sum(len(word.text) * word.confidence for word in recognition.words if word.confidence >= _PLAIN)


def _letters(recognition: Recognition) -> int:
    return sum(len(word.text) for word in recognition.words)


def _likely_turns(picture: Image, tessdata: Path) -> tuple[int, ...]:
    import tesserocr  # noqa: PLC0415

    if not (tessdata / f"{ORIENTATION}.traineddata").is_file():
        return _TURNS
    with tesserocr.PyTessBaseAPI(path=str(tessdata), lang=ORIENTATION, psm=tesserocr.PSM.OSD_ONLY) as engine:
        engine.SetVariable("debug_file", "")
        engine.SetImage(picture)
        engine.SetSourceResolution(DOTS_PER_INCH)
        detected = engine.DetectOrientationScript()
    if not detected or detected["orient_conf"] < _SURE:
        return _TURNS
    turn = -int(detected["orient_deg"]) % 360  # it says by how much the picture was turned, clockwise
    return (turn,) if turn else ()


def _words(engine: Any, picture: Image) -> tuple[Word, ...]:
    import tesserocr  # noqa: PLC0415

    engine.SetImage(picture)
    engine.SetSourceResolution(DOTS_PER_INCH)
    engine.Recognize(int(_SECONDS * 1_000))
    results = engine.GetIterator()
    words: list[Word] = []
    line = block = -1
    if results is None:
        return ()
    for result in tesserocr.iterate_level(results, tesserocr.RIL.WORD):
        block += result.IsAtBeginningOf(tesserocr.RIL.BLOCK)
        line += result.IsAtBeginningOf(tesserocr.RIL.TEXTLINE)
        if result.Empty(tesserocr.RIL.WORD):
            continue
        text = result.GetUTF8Text(tesserocr.RIL.WORD).strip()
        box = result.BoundingBox(tesserocr.RIL.WORD)
        if text and box:
            words.append(Word(text, tuple(box), round(result.Confidence(tesserocr.RIL.WORD)), line, block))
    engine.Clear()
    return tuple(words)


def _turned_back(word: Word, turn: int, size: tuple[int, int]) -> Word:
    """A word of a picture turned clockwise, where it is in the one of that ``size`` before it was turned."""
    wide, tall = size
    left, top, right, bottom = word.box
    box = {
        90: (top, tall - right, bottom, tall - left),
        180: (wide - right, tall - bottom, wide - left, tall - top),
        270: (wide - bottom, left, wide - top, right),
    }[turn]
    return Word(word.text, box, word.confidence, word.line, word.block)
