"""What is measured of a library of acts, in a process of its own: ``python -m parvis.config.bench.acts.measured ACTS TURNS``."""

from __future__ import annotations

import django

django.setup()

import json  # noqa: E402
import os  # noqa: E402
import random  # noqa: E402
import re  # noqa: E402
import signal  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Collection, Iterator  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from parvis.config.bench.acts.generator import ORGANISATIONS, POOL, SMALL_POOL, Acts  # noqa: E402
from parvis.config.bench.figures import percentile  # noqa: E402
from parvis.hub.accounts.rules import ANONYMOUS  # noqa: E402
from parvis.hub.fulltext.analysis import stem_of  # noqa: E402
from parvis.hub.fulltext.extracts import extracts  # noqa: E402
from parvis.hub.fulltext.rules import (  # noqa: E402
    RELEVANCE,
    DocumentFacet,
    DocumentSort,
    LibraryRequest,
    LongDocument,
    NumericField,
    TextField,
    TextLibrary,
)
from parvis.hub.fulltext.schema import folder_of  # noqa: E402
from parvis.hub.fulltext.selectors import search_library, similar  # noqa: E402
from parvis.hub.fulltext.writing import rebuild, write_documents  # noqa: E402
from parvis.hub.territories.selectors import territories  # noqa: E402

FACETS = ("organisation", "annee", "matiere", "nature", "rapporteur", "issue")
LONGEST = 600.0
"""Seconds of the reader that is killed, should nobody kill it."""
DEPOSIT, DEPOSITS = 40, 8
"""Acts of a deposit, and deposits while others search."""
ACTS = Acts()


def library(acts: int) -> TextLibrary:
    """So many acts, all of them open."""

    def documents(keys: Collection[int] | None) -> Iterator[LongDocument]:
        return map(ACTS.act, range(acts) if keys is None else keys)

    return TextLibrary(
        name="mesure",
        label="Actes",
        model=territories().model,
        documents=documents,
        readable=lambda actor, keys: keys,
        pages=lambda keys: {key: ACTS.act(key).pages for key in keys},
        count=lambda: acts,
        fields=(TextField("rapporteur", "Rapporteur"),),
        facets=tuple(DocumentFacet(name, name) for name in FACETS),
        numbers=(NumericField("jour", "Jour"), NumericField("montant", "Montant")),
        sorts=(RELEVANCE, DocumentSort("recent", "Récents", "jour"), DocumentSort("cher", "Montant", "montant")),
    )


class Questions:
    """What people ask, other words each time: one very usual, one usual, one less."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - the same each time
        ranks: dict[str, int] = {}
        for word in ACTS.words[:400_000]:
            if len(word) > 3 and stem_of(word):
                ranks[word] = ranks.get(word, 0) + 1
        self.words = sorted(ranks, key=ranks.__getitem__, reverse=True)

    def word(self, first: int, last: int) -> str:
        """A word of these ranks among the most usual."""
        return self.words[self.chance.randrange(first, min(last, len(self.words)))]

    def three(self) -> str:
        """Three words, or three of the most usual once in ten."""
        if self.chance.random() < 0.1:
            return " ".join(self.word(0, 30) for _word in range(3))
        return f"{self.word(0, 100)} {self.word(50, 600)} {self.word(300, 3_000)}"

    def phrase(self) -> str:
        """Words that follow each other somewhere."""
        place = self.chance.randrange(len(ACTS.words) - 4)
        return f'"{" ".join(ACTS.words[place : place + self.chance.randint(2, 4)])}"'

    def near(self) -> str:
        """Two words near each other."""
        return f"{self.word(0, 300)} PRES/5 {self.word(100, 1_500)}"


def asked(questions: Questions, mesure: TextLibrary) -> dict[str, Callable[[], object]]:
    """What is asked, by the words of the table."""

    def ask(text: str, **rest) -> object:
        return search_library(ANONYMOUS, mesure, LibraryRequest(text, **rest))

    def narrowed() -> object:
        chance = questions.chance
        place = {
            "organisation": (f"org-{int(ORGANISATIONS * chance.random() ** 3)}",),
            "annee": (str(2000 + chance.randrange(26)),),
        }
        return ask(f"{questions.word(0, 300)} {questions.word(100, 900)}", filters=place, counted=FACETS)

    return {
        "trois mots et six facettes": lambda: ask(questions.three(), counted=FACETS),
        "trois mots, sans facettes": lambda: ask(questions.three()),
        "trois des mots les plus courants et six facettes": lambda: ask(
            " ".join(questions.word(0, 30) for _word in range(3)), counted=FACETS
        ),
        "expression exacte": lambda: ask(questions.phrase()),
        "mots proches": lambda: ask(questions.near()),
        "deux mots sans un troisième": lambda: ask(
            f"{questions.word(0, 300)} {questions.word(100, 900)} -{questions.word(0, 300)}"
        ),
        "deux mots, organisation et année, six facettes": narrowed,
        "deux mots, du plus récent": lambda: ask(f"{questions.word(0, 300)} {questions.word(50, 900)}", sort="recent"),
        "deux mots, page 500": lambda: ask(f"{questions.word(0, 60)} {questions.word(0, 60)}", page=500),
        "personnes et lieux d’une question": lambda: ask(questions.three(), counted=("personne", "lieu")),
        "tout, du plus récent, six facettes": lambda: ask("", sort="recent", counted=FACETS),
        "mot mal tapé, suggestion": lambda: ask(f"{questions.word(300, 3_000)}xqz"[1:]),
        "même sujet": lambda: similar(ANONYMOUS, mesure, questions.chance.randrange(mesure.count()), 5),
    }


@dataclass(frozen=True, slots=True)
class Times:
    """What some questions took, in milliseconds: on the clock, and of processor, which a machine that does other work changes less."""

    clock: list[float]
    processor: list[float]

    def figures(self, name: str) -> dict[str, float]:
        """The rows of the table."""
        return {
            f"{name}, médiane|ms": percentile(self.clock, 0.5),
            f"{name}, p95|ms": percentile(self.clock, 0.95),
            f"{name}, max|ms": max(self.clock),
            f"{name}, p95 du processeur|ms": percentile(self.processor, 0.95),
        }


def times(ask: Callable[[], object], turns: int) -> Times:
    """What so many questions take."""
    rows = Times([], [])
    for _turn in range(turns):
        clock, processor = time.perf_counter(), time.thread_time()
        ask()
        rows.clock.append((time.perf_counter() - clock) * 1000)
        rows.processor.append((time.thread_time() - processor) * 1000)
    return rows


def say(value: Any) -> None:
    """Give a value to the process that waits for it."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def resident() -> tuple[float, float]:
    """Megabytes of its own that this process holds, and of files that it looks at, which the system takes back when it needs them."""
    rollup = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    sizes = {name: int(size) / 1024 for name, size in re.findall(r"^(\w+):\s+(\d+) kB", rollup, re.MULTILINE)}
    return sizes.get("Anonymous", 0.0), sizes.get("Pss_File", 0.0)


def peak() -> float:
    """Megabytes that this process has held at most."""
    match = re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    return int(match[1]) / 1024 if match else 0.0


def write(acts: int) -> None:
    """Make the index whole, and tell what it took."""
    assert ACTS.words
    before = peak()
    start = time.perf_counter()
    mesure = library(acts)
    rebuild(mesure)
    seconds = time.perf_counter() - start
    path = folder_of(mesure).current()
    assert path is not None
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    say({"rate": acts / seconds, "memory": max(peak() - before, 0), "bytes": size / acts})


def deposit(acts: int) -> None:
    """Write a few acts again, and again, until enough was."""
    assert ACTS.words
    mesure = library(acts)
    path = folder_of(mesure).current()
    assert path is not None
    chance = random.Random(5)  # noqa: S311 - the same each time
    for _deposit in range(DEPOSITS):
        start = time.perf_counter()
        write_documents(mesure, path, {chance.randrange(acts) for _act in range(DEPOSIT)})
        say(time.perf_counter() - start)


def read(acts: int, turns: int) -> None:
    """Open, then ask each question; then the first while others deposit and a reader is killed."""
    mesure = library(acts)
    start = time.perf_counter()
    search_library(ANONYMOUS, mesure, LibraryRequest("conseil", counted=FACETS))
    figures = {"ouverture et première recherche|ms": (time.perf_counter() - start) * 1000}
    before, _files = resident()
    questions = Questions(7)
    ways = asked(questions, mesure)
    for _warm in range(5):
        ways["trois mots et six facettes"]()
    for name, ask in ways.items():
        figures |= times(ask, turns * (3 if name.startswith("trois mots et") else 1)).figures(name)
    figures |= times(_extracts(questions, mesure), turns).figures("extraits de vingt actes")
    figures |= under_deposits(acts, ways["trois mots et six facettes"], turns)
    own, files = resident()
    figures["mémoire d’un lecteur|Mo"] = own
    figures["dont avant de chercher|Mo"] = before
    figures["pages de l’index qu’il a regardées|Mo"] = files
    say(figures)


def _extracts(questions: Questions, mesure: TextLibrary) -> Callable[[], object]:
    chance = questions.chance
    result = search_library(ANONYMOUS, mesure, LibraryRequest(questions.three()))
    pages = [ACTS.act(chance.randrange(mesure.count())).pages for _act in range(20)]
    return lambda: [extracts(result.question, some) for some in pages]


def under_deposits(acts: int, ask: Callable[[], object], turns: int) -> dict[str, float]:
    """The same question while a process deposits acts and another, which reads, is killed."""
    itself = [sys.executable, "-m", __spec__.name, str(acts), str(turns)]
    other = subprocess.Popen([*itself, "ask"], stdout=subprocess.DEVNULL)
    writer = subprocess.Popen([*itself, "deposit"], stdout=subprocess.PIPE, text=True)
    rows = Times([], [])
    while writer.poll() is None or len(rows.clock) < turns:
        turn = times(ask, 1)
        rows.clock.extend(turn.clock)
        rows.processor.extend(turn.processor)
        if len(rows.clock) == 2 * turns and other.poll() is None:
            other.send_signal(signal.SIGKILL)
        time.sleep(0.05)
    other.kill()
    other.wait()
    if writer.returncode:
        raise RuntimeError("the writer failed")
    assert writer.stdout is not None
    deposits = [float(line) * 1000 for line in writer.stdout.read().split()]
    return {
        **rows.figures("trois mots et six facettes pendant des dépôts"),
        f"dépôt de {DEPOSIT} actes, médiane|ms": percentile(deposits, 0.5),
        f"dépôt de {DEPOSIT} actes, max|ms": max(deposits),
    }


def ask_on(acts: int) -> None:
    """Ask the first question again and again, until somebody kills it or gives it up."""
    mesure = library(acts)
    question = asked(Questions(11), mesure)["trois mots et six facettes"]
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        question()


def main(acts: int, turns: int) -> None:
    """Write, then read, each in a process of its own."""
    itself = [sys.executable, "-m", __spec__.name, str(acts), str(turns)]
    outputs = {}
    for step in ("write", "read"):
        run = subprocess.run([*itself, step], stdout=subprocess.PIPE, text=True, check=True, env=dict(os.environ))
        outputs[step] = json.loads(run.stdout.splitlines()[-1])
    written = outputs["write"]
    figures = {
        "indexation|/s": written["rate"],
        "mémoire de l’écrivain|Mo": written["memory"],
        "taille de l’index par acte|o": written["bytes"],
        **outputs["read"],
    }
    say(figures)


if __name__ == "__main__":
    number, most = int(sys.argv[1]), int(sys.argv[2])
    ACTS.pool = POOL if number > SMALL_POOL // 100 else SMALL_POOL
    match sys.argv[3:]:
        case ["write"]:
            write(number)
        case ["read"]:
            read(number, most)
        case ["deposit"]:
            deposit(number)
        case ["ask"]:
            ask_on(number)
        case _:
            main(number, most)
