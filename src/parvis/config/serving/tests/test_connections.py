"""Connections of one address beyond its share are cut once a process has many."""

from __future__ import annotations

import socket

import pytest

from parvis.config.serving.connections import cut, listen, relieve


@pytest.fixture
def connected():
    """``connected(number, address)`` opens so many connections from an address; both ends of each."""
    listening = listen("127.0.0.1", 0, 128)
    opened = [listening]

    def connect(number: int, address: str) -> list[tuple[socket.socket, socket.socket]]:
        pairs = []
        for _rank in range(number):
            client_end = socket.create_connection(listening.getsockname(), 5, source_address=(address, 0))
            server_end, _address = listening.accept()
            pairs.append((client_end, server_end))
            opened.extend((client_end, server_end))
        return pairs

    yield connect
    for end in opened:
        end.close()


def is_open(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1) != b""
    except BlockingIOError:
        return True


def test_an_address_keeps_its_share(connected):
    many, few = connected(30, "127.0.0.8"), connected(3, "127.0.0.9")
    assert relieve(10_000, lambda address: False) == 0
    number = relieve(40, lambda address: address == "127.0.0.1")  # our ends of them have the address that listens
    assert number == 30 - 10
    assert sum(is_open(ours) for ours, _theirs in many) == 10
    assert all(is_open(ours) for ours, _theirs in few)


def test_a_connection_is_cut_by_its_peer(connected):
    (client_end, _theirs), (others, _end) = connected(2, "127.0.0.8")
    assert cut(client_end.getsockname())
    assert not is_open(client_end) and is_open(others)
    assert not cut(("127.0.0.7", 9))
