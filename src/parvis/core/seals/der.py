"""The certificates of a timestamp put in the order that DER wants.

OpenSSL, which many timestamp servers run on, writes them in another order, and the library that reads answers refuses that. They are
beside what is signed: another order changes nothing of what the answer proves, and nothing of its length.
"""

from __future__ import annotations

from typing import Final

_SEQUENCE, _TAGGED_0 = 0x30, 0xA0
_TO_CERTIFICATES: Final = ((_SEQUENCE, 0), (_SEQUENCE, 1), (_TAGGED_0, 1), (_SEQUENCE, 0), (_TAGGED_0, 3))
"""TimeStampResp, timeStampToken, content, SignedData, certificates: the tag of each, and its rank in the one before."""
MOST_PARTS = 200


def in_order(answer: bytes) -> bytes:
    """``answer`` with its certificates in order; as it came when it has none, or when it is not what it should be."""
    start, end = 0, len(answer)
    for tag, rank in _TO_CERTIFICATES:
        parts = _parts(answer, start, end)
        if rank >= len(parts) or answer[parts[rank][0]] != tag:
            return answer
        _begin, start, end = parts[rank]
    parts = _parts(answer, start, end)
    if not parts or parts[-1][2] != end:
        return answer
    certificates = sorted(answer[begin:stop] for begin, _content, stop in parts)
    return answer[:start] + b"".join(certificates) + answer[end:]


def _parts(data: bytes, start: int, end: int) -> list[tuple[int, int, int]]:
    """Where each element between ``start`` and ``end`` begins, where its contents begin, where it ends; those that are whole."""
    parts: list[tuple[int, int, int]] = []
    while start + 2 <= end and len(parts) < MOST_PARTS:
        length, content = data[start + 1], start + 2
        if length > 0x80:
            size = length - 0x80
            length, content = int.from_bytes(data[content : content + size]), content + size
        stop = content + length
        if stop > end:
            break
        parts.append((start, content, stop))
        start = stop
    return parts
