from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from metricloop.kernel.errors import SourceFailed
from metricloop.sdk import Journal


def ids(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_an_id_stands_once_also_for_a_second_writer_and_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "new" / "journal.jsonl"
    first, second = Journal(path), Journal(path)
    assert [first.add("a", {}), second.add("a", {}), second.add("b", {}), first.add("b", {})] == [True, False] * 2
    assert not Journal(path).add("b", {"n": 1})
    assert ids(path) == ["a", "b"]


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_a_line_that_a_crash_cut_is_written_again_whole(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.add("a", {"text": "准点率"})
    journal.add("b", {"text": "准点率"})
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    again = Journal(path)
    assert not again.add("a", {"text": "准点率"})
    assert again.add("b", {"text": "准点率"})
    assert path.read_bytes() == whole


def test_a_file_that_was_begun_anew_is_read_from_its_start(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.add("a", {"text": "long enough to be longer than what follows"})
    path.write_text('{"id": "x"}\n')
    assert not journal.add("x", {})
    assert journal.add("y", {})
    assert ids(path) == ["x", "y"]


def test_threads_write_each_id_once(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    threads = [threading.Thread(target=lambda: [journal.add(str(i), {}) for i in range(40)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ids(path), key=int) == [str(i) for i in range(40)]


def test_a_file_that_is_not_ours_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text("shopping list\n")
    with pytest.raises(SourceFailed, match="not one of ours") as caught:
        Journal(path).add("a", {})
    assert not caught.value.retryable
    assert path.read_text() == "shopping list\n"


if sys.platform != "win32":  # where a process can be given less room than it wants
    import resource

    @contextmanager
    def room_for(size: int) -> Iterator[None]:
        """As on a full disk: no file of this process may grow beyond `size` bytes."""
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    def test_a_full_disk_loses_nothing_and_leaves_no_half_line(tmp_path: Path) -> None:
        path = tmp_path / "journal.jsonl"
        journal = Journal(path)
        journal.add("a", {})
        whole = path.read_bytes()
        with room_for(len(whole) + 10), pytest.raises(SourceFailed, match="cannot write") as caught:
            journal.add("b", {"text": "more than there is room for"})
        assert caught.value.retryable and caught.value.fix
        assert path.read_bytes() == whole
        assert journal.add("b", {})
        assert ids(path) == ["a", "b"]
