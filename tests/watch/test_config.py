from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from negassoc.cases.store import open_store
from negassoc.classify import Grade
from negassoc.errors import DataError
from negassoc.watch.config import MonitorConfig, fingerprint
from negassoc.watch.notifiers import AppriseNotifier, FileNotifier, PrintNotifier, WebhookNotifier
from negassoc.watch.thresholds import default_thresholds

EXAMPLE = Path(__file__).parents[2] / "examples" / "monitor" / "monitor.toml"
LEAST = 'store = "m.db"\nbrands = ["b.toml"]\n[[source]]\nname = "a"\npaths = ["a.jsonl"]\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "monitor.toml"
    path.write_text(text, "utf-8")
    (tmp_path / "b.toml").write_text('name = "芮弥"\n', "utf-8")
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        MonitorConfig.load(path)
    return [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]


def test_the_example_is_read_whole() -> None:
    config = MonitorConfig.load(EXAMPLE)
    assert config.interval == dt.timedelta(minutes=30)
    assert [source.name for source in config.source] == ["exports", "inbox"]
    assert (config.source[1].brand, config.source[1].complete) == ("松果屿", True)
    assert config.threshold[0].from_grade is Grade.P1
    assert [brand.key for brand in config.load_brands()] == ["songguoyu", "wanlitang"]
    assert config.store_at == str(EXAMPLE.parent / "monitor.db")


def test_the_least_that_a_monitor_needs(tmp_path: Path) -> None:
    config = MonitorConfig.load(written(tmp_path, LEAST))
    monitor = config.monitor(store=open_store(":memory:"), classifier=lambda _: None)
    assert monitor.thresholds == default_thresholds()
    assert [brand.name for brand in monitor.brands] == ["芮弥"]
    monitor.store.close()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("brands", "brand"), ["2: brand: unknown key; did you mean 'brands'?", "1: brands: required key missing"]),
        (('store = "m.db"\n', ""), ["1: store: required key missing"]),
        (('["a.jsonl"]', '"a.jsonl"'), ["5: source.0.paths: expected a list, found 'a.jsonl'"]),
        (('["a.jsonl"]', "[]"), ["3: source.0: Length of 'paths' must be >= 1"]),
        (('["b.toml"]', '["b.toml"]\ninterval = "soon"'), ["3: interval: 'soon' is no duration; write it like '36h'"]),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_line(tmp_path: Path, change: tuple[str, str], expected: list[str]) -> None:
    found = problems(written(tmp_path, LEAST.replace(*change)))
    assert len(found) == len(expected)
    assert all(any(one.startswith(start) for one in found) for start in expected), found


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ('[[notifier]]\nname = "x"\nkind = "file"', "needs `path`"),
        ('[[notifier]]\nname = "x"\nkind = "webhook"', "needs `urls` or `urls_file`"),
        ('[[notifier]]\nname = "x"\nkind = "pigeon"', "'pigeon' is not one of print, file, webhook, apprise"),
        ('[[threshold]]\nid = "x"\nkind = "count"', "needs `at_least`"),
    ],
)
def test_a_table_that_lacks_something_is_named_with_its_line(tmp_path: Path, table: str, what: str) -> None:
    [found] = problems(written(tmp_path, LEAST + table))
    assert found.startswith(("6:", "8:"))
    assert what in found


def test_an_unknown_brand_of_a_source_is_named(tmp_path: Path) -> None:
    config = MonitorConfig.load(written(tmp_path, LEAST + 'brand = "别家"\n'))
    with pytest.raises(DataError, match="source 'a' is about the unknown brand '别家'; known: 芮弥"):
        config.monitor(store=None, classifier=lambda _: None)  # type: ignore[arg-type]


def test_notifiers_are_made_and_secrets_may_stand_in_a_file_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "addresses.txt").write_text("# 密钥\nhttps://a.example/1\n\nhttps://a.example/2\n", "utf-8")
    text = LEAST + (
        '[[notifier]]\nname = "p"\nkind = "print"\nlang = "en"\n'
        '[[notifier]]\nname = "f"\nkind = "file"\npath = "alerts.jsonl"\n'
        '[[notifier]]\nname = "w"\nkind = "webhook"\nurls_file = "addresses.txt"\nheaders = { Authorization = "t" }\n'
        '[[notifier]]\nname = "a"\nkind = "apprise"\nurls = ["json://x"]\n'
    )
    config = MonitorConfig.load(written(tmp_path, text))
    with open_store(":memory:") as store:
        notifiers = config.monitor(store=store, classifier=lambda _: None).notifiers
    assert notifiers == {
        "p": PrintNotifier(lang="en"),
        "f": FileNotifier(tmp_path / "alerts.jsonl"),
        "w": WebhookNotifier("https://a.example/1", headers={"Authorization": "t"}),
        "w 2": WebhookNotifier("https://a.example/2", headers={"Authorization": "t"}),
        "a": AppriseNotifier(["json://x"]),
    }


@pytest.mark.parametrize("url", ["postgresql://u@h/db", "postgres://u@h/db", ":memory:"])
def test_a_database_is_no_path(tmp_path: Path, url: str) -> None:
    assert MonitorConfig.load(written(tmp_path, LEAST.replace("m.db", url))).store_at == url


def test_the_fingerprint_changes_with_the_files(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    paths = (str(tmp_path / "in"), str(tmp_path / "*.csv"))
    stamps = [fingerprint(paths)]
    for change in (
        lambda: (tmp_path / "in" / "a.jsonl").write_text("{}"),
        lambda: (tmp_path / "b.csv").write_text("x"),
        lambda: (tmp_path / "b.csv").write_text("xy"),
        lambda: os.utime(tmp_path / "b.csv", ns=(1, 1)),
        (tmp_path / "in" / "a.jsonl").unlink,
    ):
        change()
        stamps.append(fingerprint(paths))
    assert len(set(stamps)) == len(stamps)
    assert fingerprint(paths) == stamps[-1]
