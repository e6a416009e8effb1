"""Adapters of ports.Journal and ports.Store, and the files of a run around them."""

from weighlock.journal.blobs import BlobStore
from weighlock.journal.file import FileJournal
from weighlock.journal.layout import RunEntry, new_run_id, run_dir, runs
from weighlock.journal.lock import Driver, driver, lock_run
from weighlock.journal.memory import ListJournal
from weighlock.journal.requests import RequestReader, append_request

__all__ = [
    "BlobStore",
    "Driver",
    "FileJournal",
    "ListJournal",
    "RequestReader",
    "RunEntry",
    "append_request",
    "driver",
    "lock_run",
    "new_run_id",
    "run_dir",
    "runs",
]
