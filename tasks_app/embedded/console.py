"""What people see of `up`: its progress on stdout, its children's lines on stderr."""

import os
import sys
from typing import TextIO

_NAME_WIDTH = 6


def say(text: str) -> None:
    """Print one line of progress at once."""
    _write(sys.stdout, f"{text}\n")


def relay(name: str, line: str) -> None:
    """Print a line that the child `name` wrote."""
    _write(sys.stderr, f"{name:<{_NAME_WIDTH}} │ {line}\n")


def _write(stream: TextIO, text: str) -> None:
    """Write and flush; a reader that went away must not end what it was watching."""
    writable = text.encode(stream.encoding, "replace").decode(stream.encoding)
    try:
        stream.write(writable)
        stream.flush()
    except OSError:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, stream.fileno())
        os.close(silence)
