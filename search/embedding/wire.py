"""What goes over the socket: one text there, one vector back. Lengths are fixed or said first; no pickle.

A question is a letter (q or p), four bytes of length, the text in UTF-8. An answer is the vector's bytes.
"""

from __future__ import annotations

import socket
import struct

from search.embedding.texts import MAX_TEXT, Kind

DIMENSIONS = 384
ANSWER_BYTES = DIMENSIONS * 4  # float32, little-endian
MAX_BYTES = MAX_TEXT * 4

_HEAD = struct.Struct("<cI")
_LETTERS: dict[Kind, bytes] = {"query": b"q", "passage": b"p"}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}


def question(kind: Kind, text: str) -> bytes:
    """The bytes of a question; `text` is a prepared one."""
    data = text.encode()
    return _HEAD.pack(_LETTERS[kind], len(data)) + data


def read_question(connection: socket.socket) -> tuple[Kind, str]:
    """The question on a connection. ValueError if it is none; OSError, EOFError if it breaks off."""
    letter, length = _HEAD.unpack(read(connection, _HEAD.size))
    if letter not in _KINDS or length > MAX_BYTES:
        raise ValueError("Not a question.")
    return _KINDS[letter], read(connection, length).decode()


def read(connection: socket.socket, count: int) -> bytes:
    """Exactly `count` bytes, or EOFError."""
    parts = bytearray()
    while len(parts) < count:
        part = connection.recv(count - len(parts))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
