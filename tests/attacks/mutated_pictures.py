"""Pictures whose bytes were changed at random, cleaned one after the other: ``mutated_pictures.py SEED NUMBER`` tells what became of them."""

from __future__ import annotations

import json
import random
import resource
import struct
import sys
import tempfile
import zlib
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from attacks.hostile_pictures import located, of_many_frames, saved, with_words
from parvis.core.pictures import PictureRefused, clean_picture, inspect_picture, measure, words_beside

MEMORY = 1_800_000_000


def seeds() -> dict[str, list[bytes]]:
    """Sound pictures of each kind, written in several ways."""
    return {
        "jpeg": [located(), saved("JPEG", progressive=True), saved("JPEG", mode="CMYK")],
        "png": [with_words(), saved("PNG", mode="P"), saved("PNG", mode="1")],
        "webp": [located("WEBP"), saved("WEBP", mode="RGBA", lossless=True), of_many_frames("WEBP", 5)],
        "gif": [saved("GIF", mode="P"), of_many_frames("GIF", 5)],
        "avif": [located("AVIF"), saved("AVIF", mode="RGBA")],
    }


def mutated(body: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, taken away, added or said twice; in the header more often than elsewhere."""
    changed = bytearray(body)
    for _change in range(chance.randrange(1, 10)):
        reach = len(changed) if chance.random() < 0.4 else min(len(changed), 400)
        at, way = chance.randrange(reach), chance.randrange(5)
        if way == 0:
            changed[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        elif way == 1:
            del changed[at : at + chance.randrange(1, 40)]
        elif way == 2:
            changed[at:at] = chance.randbytes(chance.randrange(1, 20))
        elif way == 3:
            changed[at : at + 4] = chance.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff"))
        else:
            changed[at:at] = changed[at // 2 : at]
        changed = changed or bytearray(b"\0")
    return bytes(changed)


def resealed(body: bytes) -> bytes:
    """A PNG whose sums are right again, without which no decoder looks any further."""
    sealed, at = bytearray(body), 8
    while at + 12 <= len(sealed):
        (length,) = struct.unpack_from(">I", sealed, at)
        end = at + 8 + length
        if end + 4 > len(sealed):
            break
        sealed[end : end + 4] = struct.pack(">I", zlib.crc32(sealed[at + 4 : end]))
        at = end + 4
    return bytes(sealed)


def outcome(source: Path, scratch: Path) -> str:
    """``clean`` when what was written is whole, or the code of the refusal."""
    try:
        made = clean_picture(source, scratch, "photo", 4_000)
        header = measure((scratch / made.file).read_bytes())
        assert header is not None
        assert header.bare
        assert (header.kind, header.width, header.height) == (made.kind, made.width, made.height)
        inspect_picture(source, "photo")
        words_beside(source, "photo")
    except PictureRefused as refusal:
        return refusal.code
    return "clean"


def largest() -> int:
    """Megabytes that this process has taken at most; ``getrusage`` would tell those of whoever started it too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1_000


def main() -> None:
    """Count what became of them, by kind."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    chance, number = random.Random(sys.argv[1]), int(sys.argv[2])
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "received")
        for kind, bodies in seeds().items():
            for _round in range(number):
                body = mutated(chance.choice(bodies), chance)
                source.write_bytes(resealed(body) if kind == "png" else body)
                counts[f"{kind} {outcome(source, Path(folder))}"] += 1
    print(json.dumps({"counts": counts, "megabytes": largest()}))


if __name__ == "__main__":
    main()
