"""fitparse for what the fast lane stumbles over, where it can do no harm.

It reads 0.3 MB/s, so a large file would hold a server up for minutes, and a hostile one for longer: it runs in a
process of its own, one file at a time, on small files, and not for long.
"""

import multiprocessing
import threading
from multiprocessing.connection import Connection
from typing import Final

from devices.errors import DamagedFitError, FitError
from devices.fit import reference
from devices.fit.messages import Messages

MOST_BYTES: Final = 2_000_000
PATIENCE_S: Final = 20.0
"""Some six seconds for a file of the largest size, on a machine that is a third as fast as usual."""

NOT_YET: Final = "This file is of a shape that cannot be read yet. Please report it."

_one_file_at_a_time = threading.Lock()


def decode(data: bytes) -> Messages:
    """What fitparse can read of a file.

    Raises:
        NotFitError: the file does not begin as a FIT file.
        DamagedFitError: it is too large, or took too long.
    """
    if len(data) > MOST_BYTES:
        raise DamagedFitError(NOT_YET)
    with _one_file_at_a_time:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        worker = context.Process(target=_answer, args=(theirs, data), daemon=True)
        worker.start()
        theirs.close()
        try:
            answer = ours.recv() if ours.poll(PATIENCE_S) else None
        except EOFError:
            answer = None
        finally:
            worker.kill()
            worker.join()
            ours.close()
    if isinstance(answer, Messages):
        return answer
    raise answer or DamagedFitError("This file is of a shape that cannot be read in time. Please report it.")


def _answer(connection: Connection, data: bytes) -> None:
    try:
        connection.send(_portable(reference.decode(data)))
    except FitError as error:
        connection.send(error)


def _portable(messages: Messages) -> Messages:
    """With plain values instead of views of mappings, which do not travel between processes."""
    return Messages(
        messages.records, {name: [dict(row) for row in rows] for name, rows in messages.rows.items()}, messages.damage
    )
