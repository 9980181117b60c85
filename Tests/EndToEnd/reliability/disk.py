"""Looks into the data folder of a daemon that was stopped: every file has its row, every row its file, every count is right."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from .report import Report

# How often each blob is used, counted in the three tables whose rows use blobs.
USES = """
    SELECT blobs.id, blobs.uses, count(users.blob) FROM blobs LEFT JOIN (
        SELECT blob FROM versions WHERE blob IS NOT NULL
        UNION ALL SELECT blob FROM segments UNION ALL SELECT blob FROM upload_parts
    ) AS users ON users.blob = blobs.id GROUP BY blobs.id HAVING blobs.uses <> count(users.blob)
"""
NOWHERE = """
    SELECT blob FROM (
        SELECT blob FROM versions WHERE blob IS NOT NULL
        UNION SELECT blob FROM segments UNION SELECT blob FROM upload_parts
    ) WHERE blob NOT IN (SELECT id FROM blobs)
"""
DANGLING = """
    SELECT 'segment of no version', sequence FROM segments WHERE -sequence NOT IN (SELECT sequence FROM versions)
    UNION SELECT 'part of no upload', upload FROM upload_parts WHERE upload NOT IN (SELECT id FROM uploads)
"""


def inspect(data: Path, report: Report) -> None:
    """Counts orphans, missing files, damaged blobs, bytes left in staging and rows that contradict each other."""
    for path in (data / "staging").iterdir():
        report.add("staged", f"{path.name}, {path.stat().st_size} bytes", max(1, path.stat().st_size))
    with closing(sqlite3.connect(f"file:{data / 'index.db'}?mode=ro", uri=True)) as index:
        for (finding,) in index.execute("PRAGMA integrity_check"):
            if finding != "ok":
                report.add("index", finding)
        for blob, uses, counted in index.execute(USES):
            report.add("index", f"blob {blob} says that it has {uses} users and has {counted}")
        for (blob,) in index.execute(NOWHERE):
            report.add("index", f"blob {blob} is used and has no row")
        for what, which in index.execute(DANGLING):
            report.add("index", f"{what}: {which}")
        named = dict(index.execute("SELECT name, id FROM blobs WHERE name IS NOT NULL"))
        garbage = {name for (name,) in index.execute("SELECT name FROM garbage")}
        files = {path.name for path in (data / "blobs").iterdir()}
        for name in sorted(files - named.keys() - garbage):
            report.add("orphans", name)
        for name in sorted(named.keys() - files):
            report.add("missing", name)
        whole = "SELECT name, size, md5 FROM blobs WHERE name IS NOT NULL AND md5 IS NOT NULL AND envelope IS NULL"
        for name, size, md5 in index.execute(whole):
            if name in files and digest(data / "blobs" / name, size) != md5:
                report.add("torn", f"blob {name} is not what was written")


def digest(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return hashlib.md5(file.read(size)).digest()
