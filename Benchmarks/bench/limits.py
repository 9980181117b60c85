"""What the machine itself can do: the measures that Pail is held against where no server is a match."""

import hashlib
import os
import time
from pathlib import Path

from .figures import Outcome
from .servers import Server
from .work import MIB, body_of


def md5_of_one_core(size: int = 256 * MIB) -> Outcome:
    """One core hashes bytes that are in memory, by OpenSSL, as every PUT must for its entity tag."""
    piece = body_of(MIB)
    begun, spent = time.perf_counter(), time.thread_time()
    digest = hashlib.md5()
    for _ in range(size // MIB):
        digest.update(piece)
    elapsed, spent = time.perf_counter() - begun, time.thread_time() - spent
    return Outcome(rate=1 / elapsed, seconds=elapsed, cpu=spent, bytes_rate=size / elapsed)


def disk_write(folder: Path, size: int = 256 * MIB) -> Outcome:
    """One file of new bytes, written and synced: the disk's part in a large PUT."""
    piece = body_of(MIB)
    path = folder / "disk"
    begun = time.perf_counter()
    file = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    for _ in range(size // MIB):
        os.write(file, piece)
    os.fdatasync(file)
    os.close(file)
    elapsed = time.perf_counter() - begun
    path.unlink()
    return Outcome(rate=1 / elapsed, seconds=elapsed, bytes_rate=size / elapsed)


def one_sync_each(folder: Path, seconds: float) -> Outcome:
    """Writes of 4 KiB to the end of a file with a sync after each: what a store does that knows no group commit."""
    path = folder / "synced"
    file = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    piece, times = body_of(4096), []
    begun = time.perf_counter()
    while (now := time.perf_counter()) < begun + seconds:
        os.write(file, piece)
        os.fsync(file)
        times.append(time.perf_counter() - now)
    elapsed = time.perf_counter() - begun
    os.close(file)
    path.unlink()
    times.sort()
    return Outcome(rate=len(times) / elapsed, seconds=times[len(times) // 2], slow=times[len(times) * 99 // 100])


def start_up(server: Server, served: int = 1) -> Outcome:
    """From the start of the process to its first answer; what is left of a start before it is stopped first."""
    server.stop()
    server.spawn()
    elapsed = server.await_answer(interval=0.0005)
    memory = server.memory()
    server.stop()
    return Outcome(rate=1 / elapsed, seconds=elapsed, memory=memory)
