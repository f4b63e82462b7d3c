from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.cases import schema
from negassoc.cases.store import SqliteStore, from_key, open_store, to_key
from negassoc.errors import CaseError, NegassocError
from negassoc.protocols import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Protocol

    from negassoc.cases.store import SqlStore

    class Kill(Protocol):
        def __call__(self, *arguments: object, after: float) -> list[str]: ...


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return request.getfixturevalue("postgres_url") if request.param == "postgres" else str(tmp_path / "store.db")


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    with open_store(url) as opened:
        yield opened


def test_it_is_a_store(store: SqlStore) -> None:
    assert isinstance(store, Store)


def test_what_is_saved_is_loaded_with_its_version(store: SqlStore) -> None:
    assert store.load("case", "1") is None
    assert store.save("case", "1", '{"状态": "发现"}', 0) == 1
    assert store.save("case", "1", '{"状态": "评估"}', 1) == 2
    assert store.load("case", "1") == (2, '{"状态": "评估"}')


@pytest.mark.parametrize("version", [0, 1, 3])
def test_the_later_of_two_writers_is_told(store: SqlStore, version: int) -> None:
    store.save("case", "1", "{}", 0)
    store.save("case", "1", "{}", 1)
    with pytest.raises(CaseError, match="another writer was first") as caught:
        store.save("case", "1", '{"lost": true}', version)
    assert caught.value.status == "version 2"
    assert store.load("case", "1") == (2, "{}")


def test_a_document_that_is_gone_cannot_be_updated_or_deleted(store: SqlStore) -> None:
    with pytest.raises(CaseError, match="absent"):
        store.save("case", "1", "{}", 1)
    with pytest.raises(CaseError, match="absent"):
        store.delete("case", "1", 1)


def test_delete_removes_only_the_version_that_was_read(store: SqlStore) -> None:
    store.save("case", "1", "{}", 0)
    store.save("case", "1", "{}", 1)
    with pytest.raises(CaseError):
        store.delete("case", "1", 1)
    store.delete("case", "1", 2)
    assert store.load("case", "1") is None
    assert store.save("case", "1", "{}", 0) == 1


def test_keys_come_in_order_by_prefix_and_in_pages(store: SqlStore) -> None:
    names = [f"芮弥/{n:04d}" for n in range(1200)] + ["a", "Z", "z", "é", "%", "芮", "芯/1"]
    with store.transaction():
        for name in names:
            store.save("case", name, "{}", 0)
        store.save("other", "a", "{}", 0)
    assert list(store.keys("case")) == sorted(names)
    assert list(store.keys("case", prefix="芮弥/")) == sorted(n for n in names if n.startswith("芮弥/"))
    assert list(store.keys("case", prefix="芮弥/", after="芮弥/0007", limit=2)) == ["芮弥/0008", "芮弥/0009"]
    assert list(store.keys("case", limit=0)) == []
    assert list(store.keys("nothing")) == []


def test_a_transaction_is_all_or_nothing(store: SqlStore) -> None:
    store.save("case", "1", "{}", 0)
    with pytest.raises(CaseError), store.transaction():
        store.save("case", "2", "{}", 0)
        with store.transaction():
            store.save("case", "3", "{}", 0)
        store.save("case", "1", "{}", 7)
    assert list(store.keys("case")) == ["1"]
    with store.transaction():
        store.save("case", "2", "{}", 0)
    assert list(store.keys("case")) == ["1", "2"]


HOSTILE = ["半\ud83d个", "nul\x00nul", "\u202e<script>alert(1)</script>", "=cmd|'/c calc'!A0", "'); DROP TABLE documents;--"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_back_as_it_was(store: SqlStore, text: str) -> None:
    store.save("case", text, json.dumps({"text": text}, ensure_ascii=False), 0)
    found = store.load("case", text)
    assert found is not None
    assert json.loads(found[1]) == {"text": text}
    assert list(store.keys("case")) == [text]


def test_a_body_of_many_megabytes_is_kept(store: SqlStore) -> None:
    body = json.dumps("很" * 4_000_000, ensure_ascii=False)
    store.save("case", "big", body, 0)
    assert store.load("case", "big") == (1, body)


@given(st.text(st.characters(exclude_categories=[]), max_size=20))
def test_any_text_is_a_key(text: str) -> None:
    to_key(text).encode()
    assert from_key(to_key(text)) == text


def test_two_writers_in_two_processes_lose_no_update(url: str) -> None:
    script = """
import sys
from negassoc.cases.store import open_store
from negassoc.errors import CaseError
with open_store(sys.argv[1]) as store:
    for _ in range(60):
        while True:
            try:
                version, body = store.load("count", "n") or (0, "0")
                store.save("count", "n", str(int(body) + 1), version)
                break
            except CaseError:
                pass
"""
    writers = [subprocess.Popen([sys.executable, "-c", script, url]) for _ in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    with open_store(url) as store:
        assert store.load("count", "n") == (180, "180")


def test_many_openers_at_once_make_the_tables_once(url: str) -> None:
    failures: list[BaseException] = []

    def opening() -> None:
        try:
            open_store(url).close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=opening) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_file_that_another_is_writing_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")  # SQLite itself refuses WAL mode at once then, however long it was told to wait
    threading.Timer(0.3, lambda: other.execute("COMMIT")).start()
    with open_store(path) as store:
        assert store.save("note", "1", "{}", 0) == 1
    other.close()


def test_threads_may_share_one_store(store: SqlStore) -> None:
    def writing(name: int) -> None:
        for n in range(30):
            with store.transaction():
                store.save("case", f"{name}-{n}-a", "{}", 0)
                store.save("case", f"{name}-{n}-b", "{}", 0)

    threads = [threading.Thread(target=writing, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(store.keys("case"))) == 240


KILLED = """
import json
from negassoc.cases.store import open_store

def work(url, first):
    with open_store(url) as store:
        print("ready", flush=True)
        for n in range(first, first + 100000):
            with store.transaction():
                version, body = store.load("tally", "n") or (0, "0")
                store.save("item", f"{n:08d}", json.dumps({"n": n, "pad": "填" * 300}), 0)
                store.save("tally", "n", str(int(body) + 1), version)
            print(n, flush=True)
"""


def _kill_and_check(kill: Kill, url: str, times: int, longest: float) -> None:
    dice, first = random.Random(7), 0
    for kills in range(10 * times):
        if kills >= times and first > times:
            break
        _, *told = kill(url, first, after=dice.uniform(0, longest))
        last = int(told[-1]) if told else first - 1
        with open_store(url) as store:
            items = [int(key) for key in store.keys("item")]
            tally = store.load("tally", "n")
        # what the child reported is there; at most the one write it had no time to report is there too
        assert items == list(range(len(items)))
        assert len(items) in {last + 1, last + 2}
        assert (int(tally[1]) if tally else 0) == len(items)
        first = len(items)
    assert first > times


def test_a_store_killed_200_times_loses_and_doubles_nothing(killing: Callable[[str], Kill], tmp_path: Path) -> None:
    path = tmp_path / "killed.db"
    _kill_and_check(killing(KILLED), str(path), 200, 0.02)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


@pytest.mark.postgres
def test_a_writer_to_postgresql_killed_at_random_loses_and_doubles_nothing(killing: Callable[[str], Kill], postgres_url: str) -> None:
    _kill_and_check(killing(KILLED), postgres_url, 20, 0.05)


def test_a_store_of_a_newer_version_is_refused(url: str) -> None:
    with open_store(url) as store:
        store.run("UPDATE schema_version SET version = 999")
    with pytest.raises(NegassocError, match=r"newer negassoc .*999"):
        open_store(url)


def test_an_older_store_is_brought_up(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(url) as store:
        store.save("case", "1", "{}", 0)
    monkeypatch.setattr("negassoc.cases.store.MIGRATIONS", (*schema.MIGRATIONS, ("ALTER TABLE documents ADD COLUMN extra TEXT",)))
    for _ in range(2):
        with open_store(url) as store:
            assert store.query("SELECT version FROM schema_version") == [(len(schema.MIGRATIONS) + 1,)]
            assert store.query("SELECT key, extra FROM documents") == [("1", None)]


def test_a_migration_that_fails_leaves_the_store_as_it_was(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(url).close()
    with monkeypatch.context() as patched:
        patched.setattr("negassoc.cases.store.MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE half (a TEXT)", "NONSENSE")))
        with pytest.raises(NegassocError, match="NONSENSE"):
            open_store(url)
    with open_store(url) as store, pytest.raises(NegassocError):
        store.query("SELECT * FROM half")


def test_a_file_that_is_no_store_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("this is not a database, and long enough to be sure of it" * 50)
    with pytest.raises(NegassocError, match=r"notes\.txt: cannot be opened as a store"):
        open_store(path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NegassocError, match="does its folder exist"):
        open_store(tmp_path / "no" / "store.db")


@pytest.mark.postgres
def test_a_password_never_reaches_an_error(postgres_server: str) -> None:
    with pytest.raises(NegassocError) as caught:
        open_store(postgres_server.replace("tester@", "nobody:s3cret@"))
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.postgres
def test_a_lost_connection_is_an_error_once_and_then_made_anew(postgres_url: str) -> None:
    with open_store(postgres_url) as store, open_store(postgres_url) as other:
        store.save("case", "1", "{}", 0)
        other.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        with pytest.raises(NegassocError):
            store.save("case", "2", "{}", 0)
        store.save("case", "3", "{}", 0)
        assert list(store.keys("case")) == ["1", "3"]


def test_a_store_says_where_it_is(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "a.db") as store:
        assert repr(store) == f"SqliteStore('{tmp_path}/a.db')"
