"""The files around a journal: requests, evidence, the lock, the list of runs."""

import os
import sys
from pathlib import Path
from subprocess import PIPE, Popen, run

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.errors import RefusedError, TamperedError
from weighlock.fakes import VirtualClock
from weighlock.journal import (
    BlobStore,
    RequestReader,
    append_request,
    driver,
    lock_run,
    new_run_id,
    run_dir,
    runs,
)
from weighlock.run.requests import Request

STOP = Request(verb="stop", by="ann")
RETRY = Request(verb="retry", phase="03", by="bob", text='again\n"please"')


def test_a_reader_gives_each_request_once(tmp_path: Path):
    path = tmp_path / "requests.jsonl"
    read = RequestReader(path)
    assert list(read()) == []
    append_request(path, STOP)
    append_request(path, RETRY)
    assert list(read()) == [STOP, RETRY]
    assert list(read()) == []
    append_request(path, STOP)
    assert list(read()) == [STOP]


def test_a_resumed_run_does_not_answer_twice(tmp_path: Path):
    path = tmp_path / "requests.jsonl"
    append_request(path, STOP)
    append_request(path, RETRY)
    read = RequestReader(path, answered=1)
    assert list(read()) == [RETRY]


def test_more_answers_than_requests_so_far_still_counts_right(tmp_path: Path):
    path = tmp_path / "requests.jsonl"
    read = RequestReader(path, answered=2)
    append_request(path, STOP)
    assert list(read()) == []
    append_request(path, STOP)
    append_request(path, RETRY)
    assert list(read()) == [RETRY]


def test_a_request_still_being_written_waits(tmp_path: Path):
    path = tmp_path / "requests.jsonl"
    append_request(path, STOP)
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    read = RequestReader(path)
    assert list(read()) == []
    path.write_bytes(whole)
    assert list(read()) == [STOP]


def test_what_a_crash_tore_does_not_swallow_the_next_request(tmp_path: Path):
    path = tmp_path / "requests.jsonl"
    path.write_bytes(b'{"verb":"st')
    append_request(path, RETRY)
    assert list(RequestReader(path)()) == [RETRY]


@pytest.mark.parametrize("line", ["[]", '{"verb":7}', "", '{"phase":"03"}', "\x00"])
def test_a_line_that_is_no_request_counts_for_nothing(tmp_path: Path, line: str):
    path = tmp_path / "requests.jsonl"
    path.write_text(line + "\n")
    append_request(path, STOP)
    assert list(RequestReader(path)()) == [STOP]


@settings(max_examples=20, deadline=None)
@given(data=st.binary(max_size=300))
def test_law_what_is_put_is_got_and_twice_is_once(tmp_path_factory, data: bytes):
    store = BlobStore(tmp_path_factory.mktemp("blobs") / "evidence")
    digest = store.put(data)
    assert store.put(data) == digest
    assert store.get(digest) == data
    assert len(list(store.folder.iterdir())) == 1


def test_a_changed_blob_is_noticed(tmp_path: Path):
    store = BlobStore(tmp_path)
    digest = store.put(b"12 passed")
    (tmp_path / digest.removeprefix("sha256:")).write_bytes(b"99 passed")
    with pytest.raises(TamperedError, match="was changed"):
        store.get(digest)


def test_a_blob_that_is_gone_is_noticed(tmp_path: Path):
    with pytest.raises(TamperedError, match="cannot be read"):
        BlobStore(tmp_path).get("sha256:" + "0" * 64)


def test_a_digest_is_no_way_out_of_the_folder(tmp_path: Path):
    (tmp_path / "secret").write_text("x")
    with pytest.raises(TamperedError, match="not a digest"):
        BlobStore(tmp_path / "evidence").get("sha256:../secret")


def test_a_full_place_is_refused_plainly(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RefusedError):
        BlobStore(tmp_path / "file").put(b"x")


def test_a_lock_names_its_holder_and_what_to_type(tmp_path: Path):
    held = "the run is held here"
    code = (
        "import sys; from pathlib import Path; from weighlock.journal import lock_run\n"
        "with lock_run(Path(sys.argv[1]), 'demo', 'r7'):\n"
        f"    print({held!r}, flush=True); sys.stdin.read()\n"
    )
    argv = [sys.executable, "-c", code, str(tmp_path)]
    with Popen(argv, stdin=PIPE, stdout=PIPE, text=True) as child:
        assert child.stdout.readline().strip() == held
        found = driver(tmp_path, "demo")
        assert (found.pid, found.run) == (child.pid, "r7")
        with (
            pytest.raises(RefusedError, match=rf"run r7 .* process {child.pid}") as no,
            lock_run(tmp_path, "demo", "r8"),
        ):
            pass
        assert "weighlock stop" in no.value.hint
        assert no.value.exit_code == 6
        child.kill()
    assert driver(tmp_path, "demo") is None
    with lock_run(tmp_path, "demo", "r8"):
        assert driver(tmp_path, "demo").pid == os.getpid()


def test_plans_do_not_lock_each_other_out(tmp_path: Path):
    with lock_run(tmp_path, "one", "r1"), lock_run(tmp_path, "two", "r2"):
        assert driver(tmp_path, "one").run == "r1"
    assert driver(tmp_path, "one") is None


def test_a_lock_is_given_back_when_the_run_fails(tmp_path: Path):
    with pytest.raises(KeyError), lock_run(tmp_path, "one", "r1"):
        raise KeyError
    assert driver(tmp_path, "one") is None


def test_a_program_started_meanwhile_does_not_keep_the_lock(tmp_path: Path):
    with lock_run(tmp_path, "one", "r1"):
        child = Popen(["/bin/sleep", "60"])
    assert driver(tmp_path, "one") is None
    child.kill()
    child.wait()


def test_run_ids_sort_by_time_and_differ_within_a_second():
    ids = [new_run_id(VirtualClock(at=float(t))) for t in (0, 1, 86_400, 1_900_000_000)]
    assert ids == sorted(ids)
    assert len({new_run_id(VirtualClock()) for _ in range(20)}) > 15
    assert ids[2].startswith("19700102-000000-")


def test_runs_are_listed_newest_first_and_only_with_a_journal(tmp_path: Path):
    assert runs(tmp_path) == []
    for name in ("20260101-000000-aaa", "20260201-000000-aaa", "20260301-000000-aaa"):
        run_dir(tmp_path, name).mkdir(parents=True)
    for name in ("20260101-000000-aaa", "20260201-000000-aaa"):
        (run_dir(tmp_path, name) / "journal.jsonl").touch()
    found = [entry.id for entry in runs(tmp_path)]
    assert found == ["20260201-000000-aaa", "20260101-000000-aaa"]


def test_many_processes_can_ask_at_once(tmp_path: Path):
    path = tmp_path / "requests.jsonl"
    code = (
        "import sys; from pathlib import Path\n"
        "from weighlock.journal import append_request\n"
        "from weighlock.run.requests import Request\n"
        "for n in range(20): append_request(Path(sys.argv[1]), Request(verb='stop'))\n"
    )
    argv = [sys.executable, "-c", code, str(path)]
    with Popen(argv) as one:
        run(argv, check=True)
        assert one.wait() == 0
    assert len(RequestReader(path)()) == 40
