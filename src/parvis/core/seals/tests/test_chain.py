"""The chain, against anyone who would change it."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.seals import (
    Author,
    ChainBroken,
    ChainsDiverge,
    ChainState,
    Entry,
    FileDigest,
    Kind,
    NotSealable,
    Sealed,
    checked_stream,
    digest_of,
    is_continuation,
    seal_after,
    standings,
)

NOW = datetime(2024, 3, 12, 18, 30, tzinfo=UTC)
AUTHOR = Author("Camille Aubépin", "Maire")


def facts(number: int = 1, kind: Kind = Kind.PUBLICATION, refers_to: int | None = None, **others) -> Entry:
    file = digest_of("acte.pdf", io.BytesIO(f"acte {number}".encode()))
    values = {"files": (file,), "author": AUTHOR, "facts": {"numero": f"2024-{number}"}, **others}
    return Entry(0, "", kind, f"https://exemple.fr/deliberations/{number}/", refers_to=refers_to, **values)


def chain(*rows: Entry) -> list[Sealed]:
    made: list[Sealed] = []
    for rank, row in enumerate(rows):
        made.append(
            seal_after(ChainState(rank, made[-1].digest) if made else ChainState(), row, NOW + timedelta(hours=rank))
        )
    return made


def written(sealed: list[Sealed]) -> bytes:
    return b"".join(row.line + b"\n" for row in sealed)


def read(content: bytes) -> list[Sealed]:
    return list(checked_stream(io.BytesIO(content)))


SMALL = chain(facts(1), facts(2), facts(3, Kind.CORRECTION, 1), facts(2, Kind.WITHDRAWAL, 2, files=()))


def test_a_chain_is_read_as_it_was_written():
    assert read(written(SMALL)) == SMALL


def test_a_line_is_checked_with_json_and_sha256_alone():
    previous = "0" * 64
    for line in written(SMALL).decode().splitlines():
        row = json.loads(line)
        canonical = json.dumps(row["entry"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(canonical.encode()).hexdigest() == row["digest"]
        assert row["entry"]["previous"] == previous
        previous = row["digest"]


def test_any_changed_byte_is_seen_at_its_line():
    content = written(SMALL)
    for place in range(len(content)):
        for other in (content[place] ^ 1, content[place] ^ 0x20, content[place] ^ 0x80, 0x0A, 0x0D, 0x20):
            if other == content[place]:
                continue
            changed = content[:place] + bytes([other]) + content[place + 1 :]
            with pytest.raises(ChainBroken) as error:
                read(changed)
            assert error.value.details["line"] in (
                content[:place].count(b"\n") + 1,
                content[:place].count(b"\n") + 2,
            )


@given(st.integers(0, len(written(SMALL)) - 1), st.binary(max_size=4), st.integers(0, 6))
def test_any_bytes_put_in_or_taken_out_are_seen(place, added, removed):
    content = written(SMALL)
    changed = content[:place] + added + content[place + removed :]
    whole = [b"".join(row.line + b"\n" for row in SMALL[:count]) for count in range(len(SMALL) + 1)]
    if changed in whole:  # its end was cut between two lines: the state says so
        assert len(read(changed)) < len(SMALL) or changed == content
        return
    with pytest.raises(ChainBroken):
        read(changed)


@given(st.permutations(range(len(SMALL))), st.integers(0, len(SMALL)))
def test_lines_in_another_order_are_seen(order, count):
    chosen = list(order)[:count]
    if chosen == list(range(count)):
        assert len(read(written([SMALL[rank] for rank in chosen]))) == count
        return
    with pytest.raises(ChainBroken):
        read(written([SMALL[rank] for rank in chosen]))


def test_a_line_written_again_with_its_digest_breaks_the_next():
    forged = seal_after(
        ChainState(1, SMALL[0].digest), replace(SMALL[1].entry, subject="https://exemple.fr/autre/"), NOW
    )
    with pytest.raises(ChainBroken) as error:
        read(written([SMALL[0], forged, *SMALL[2:]]))
    assert error.value.details["line"] == 3


def test_a_chain_forged_from_its_second_line_is_no_continuation_of_the_former():
    forged = chain(facts(1), facts(9), facts(3, Kind.CORRECTION, 1))
    with pytest.raises(ChainsDiverge) as error:
        is_continuation(SMALL, forged)
    assert error.value.details["line"] == 2
    assert is_continuation(SMALL[:2], SMALL).digest == SMALL[-1].digest


def test_a_chain_cut_at_its_end_is_no_continuation_of_the_former():
    with pytest.raises(ChainsDiverge):
        is_continuation(SMALL, SMALL[:-1])


TEXTS = st.text(max_size=60).filter(lambda text: not any("\ud800" <= letter <= "\udfff" for letter in text))


@given(
    subject=TEXTS.filter(bool),
    name=TEXTS,
    quality=TEXTS,
    sizes=st.lists(st.integers(0, 2**40), max_size=3),
    mentions=st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), TEXTS, max_size=4),
)
@settings(max_examples=60)
def test_any_words_come_back(subject, name, quality, sizes, mentions):
    files = tuple(FileDigest(f"fichier-{rank}.pdf", size, "a" * 64) for rank, size in enumerate(sizes))
    entry = Entry(0, "", Kind.PUBLICATION, subject, files, Author(name, quality), mentions)
    made = chain(entry)
    assert read(written(made)) == made


@pytest.mark.parametrize(
    "entry",
    [
        replace(facts(), subject=""),
        replace(facts(), subject="\ud800"),
        replace(facts(), facts={"Titre": "Objet"}),
        replace(facts(), facts={"n": "x" * 3000}),
        replace(facts(), refers_to=1),
        replace(facts(), kind=Kind.WITHDRAWAL),
        replace(facts(), kind=Kind.CORRECTION, refers_to=1),
        replace(facts(), files=(FileDigest("acte.pdf", 1, "A" * 64),)),
        replace(facts(), files=(FileDigest("acte.pdf", -1, "a" * 64),)),
    ],
)
def test_facts_that_make_no_entry_are_refused(entry):
    with pytest.raises(NotSealable):
        seal_after(ChainState(), entry, NOW)


@given(st.binary(max_size=300))
def test_strangers_bytes_are_no_chain_and_no_fault(content):
    if content:
        with pytest.raises(ChainBroken):
            read(content)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"version":1}',
        b"null",
        b'{"version":1,"files":[{}]}',
        b'{"version":1e999}',
        b"\xff",
        b"1" * 9000,
    ],
)
def test_contents_with_their_right_digest_must_still_tell_an_entry(content):
    line = b'{"digest":"' + hashlib.sha256(content).hexdigest().encode() + b'","entry":' + content + b"}\n"
    with pytest.raises(ChainBroken):
        read(line)


def with_file(entries: list[Entry], entry: Entry):
    return standings(entries, lambda other: other.files[:1] == entry.files[:1])


def test_what_became_of_a_file_is_what_later_lines_say():
    sealed = chain(
        facts(1),
        facts(2),
        facts(1, Kind.REPLACEMENT, 1, files=(digest_of("acte.pdf", io.BytesIO(b"masque")),)),
        facts(3, Kind.CORRECTION, 3),
        facts(1, Kind.WITHDRAWAL, 1, files=()),
    )
    entries = [row.entry for row in sealed]
    first = with_file(entries, entries[0])[0]
    assert (first.replaced, first.corrected, first.withdrawn) == (entries[2], entries[3], entries[4])
    second = with_file(entries, entries[2])[0]
    assert (second.replaced, second.corrected, second.withdrawn) == (None, entries[3], entries[4])
    other = with_file(entries, entries[1])[0]
    assert other.is_served
    assert other.later == ()
    assert with_file(entries, entries[3])[0].is_served


def test_an_entry_spelled_otherwise_is_refused_even_with_its_right_digest():
    facts_of_first = json.loads(SMALL[0].content)
    for content in (
        json.dumps(facts_of_first, sort_keys=True).encode(),
        json.dumps(facts_of_first, sort_keys=True, separators=(",", ":")).encode(),
        json.dumps(dict(reversed(facts_of_first.items())), ensure_ascii=False, separators=(",", ":")).encode(),
    ):
        assert content != SMALL[0].content
        line = b'{"digest":"' + hashlib.sha256(content).hexdigest().encode() + b'","entry":' + content + b"}\n"
        with pytest.raises(ChainBroken, match="canonique"):
            read(line)


def test_a_number_that_skips_some_is_refused():
    skipping = seal_after(ChainState(6, SMALL[0].digest), facts(2), NOW)
    with pytest.raises(ChainBroken, match="numéro"):
        read(written([SMALL[0], skipping]))
