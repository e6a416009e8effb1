from typing import get_args

import pytest

from weighlock.plan.model import Plan, Source, Status
from weighlock.plan.read import read
from weighlock.plan.splice import Note, record

TRACKER = """# Execution Tracker

| Phase | ID | Status | Started | Completed | Verified | Notes |
|-------|----|--------|---------|-----------|----------|-------|
| 01 | P01 | [OK] COMPLETE | 2026-01-01 | 2026-01-02 | [OK] | |
| 02 | P02 | ⬜ PENDING | - | - | - | see `a\\|b` |
| 03 | P03 | ⬜ PENDING | - | - | - | |
"""
EXECUTION = """# Execution Plan

## Current Feature: Login

## Phase Overview

| Phase | Name   | Status      | Duration Est. |
|-------|--------|-------------|---------------|
| 1     | Schema | Completed   | 1 hour        |
| 2     | Forms  | Pending     | 2 hours       |

## Phase 1: Schema

**Status:** Completed ✅

**Goal:** Tables

## Phase 2: Forms

**Status:** Pending ⏸️

**Goal:** Pages
"""


def opened(files: dict[str, bytes]) -> Plan:
    sources = [Source(path=p, data=d) for p, d in sorted(files.items())]
    return read(sources, path="x", root="x")


def written(files: dict[str, bytes], status: Status, phase: str = "02") -> Plan:
    note = Note(phase=phase, status=status, at="2026-11-21T10:30:00Z")
    return opened(files | dict(record(opened(files), note)))


def folder(end: str = "\n") -> dict[str, bytes]:
    phases = {
        f"plan/{n}-work.md": f"# Phase {n}: Work\n\nText.\n" for n in ("01", "02", "03")
    }
    texts = {"execution-tracker.md": TRACKER, **phases}
    return {p: t.replace("\n", end).encode() for p, t in texts.items()}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("status", get_args(Status))
def test_the_reader_finds_the_state_that_was_written_to_a_tracker(
    status: Status, end: str
):
    before = {row.key: row.status for row in opened(folder(end)).tracker}
    after = {row.key: row.status for row in written(folder(end), status).tracker}
    assert after == {**before, "02": status}


@pytest.mark.parametrize("charset", ["utf-8", "mac_roman", "cp1252"])
@pytest.mark.parametrize("status", get_args(Status))
def test_the_reader_finds_the_state_that_was_written_to_a_status_line(
    status: Status, charset: str
):
    raw = EXECUTION.encode()
    text = "".join(bytes([b]).decode(charset, errors="ignore") or chr(b) for b in raw)
    data = raw if charset == "utf-8" else text.encode()
    plan = written({"execution-plan.md": data}, status)
    assert plan.dialect == "execution-plan"
    assert {p.key: p.status for p in plan.phases} == {"01": "completed", "02": status}
    assert {r.key: r.status for r in plan.tracker} == {"01": "completed", "02": status}


def test_a_pass_of_a_phase_directory_adds_a_marker_that_the_reader_knows():
    plan = written(folder(), "completed")
    assert ".completed/P02.md" in {s.path for s in plan.sources}
    phase = plan.phase("02")
    assert phase is not None
    assert phase.status == "completed"
