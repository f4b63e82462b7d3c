"""The command's shell: one clear line and an exit code, whatever goes wrong; Chinese whole, pipes quiet."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from negassoc import __main__ as entry
from negassoc.errors import DataError, MissingExtraError, Problem

BARE = {"PATH": os.environ["PATH"], "HOME": "/tmp"}


def run(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    options = {"capture_output": True, "text": True, "encoding": "utf-8", "timeout": 60} | more
    return subprocess.run([sys.executable, "-m", "negassoc", *arguments], check=False, **options)


@pytest.fixture
def command(monkeypatch):
    """Puts a command `fail` of the test's own into the app, and runs it."""

    def use(action, *arguments: str) -> int:
        def build() -> typer.Typer:
            app = typer.Typer(pretty_exceptions_enable=False)
            app.callback()(lambda: None)
            app.command("fail")(action)
            return app

        monkeypatch.setattr("negassoc.cli.build", build)
        return entry.main(["fail", *arguments])

    return use


def failing(error: BaseException):
    def action() -> None:
        raise error

    return action


@pytest.mark.parametrize(
    ("error", "code", "lines"),
    [
        (DataError([Problem("a:1", "x"), Problem("a:2", "y")]), 2, ["negassoc: a:1: x", "negassoc: a:2: y"]),
        (MissingExtraError("excel", "xlsx"), 2, ["negassoc: xlsx needs an optional dependency: pip install 'negassoc[excel]'（要先安装上面写明的可选依赖）"]),
        (FileNotFoundError(2, "No such file or directory", "none.txt"), 2, ["negassoc: none.txt: No such file or directory（没有这个文件或目录，请核对路径）"]),
        (KeyboardInterrupt(), 130, ["negassoc: interrupted"]),
        (typer.Exit(1), 1, []),
        (typer.BadParameter("not that"), 2, ["negassoc: Invalid value: not that"]),
        (BrokenPipeError(32, "Broken pipe"), 0, []),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)  # fmt: skip
def test_each_end_has_its_line_and_its_code(command, capsys, error, code, lines):
    assert command(failing(error)) == code
    assert [line.partition(" (see:")[0] for line in capsys.readouterr().err.splitlines()] == lines


def test_a_mistake_of_ours_is_one_line_too(command, capsys):
    assert command(failing(ZeroDivisionError("division by zero"))) == 2
    printed = capsys.readouterr().err
    assert len(printed.splitlines()) == 1
    assert "internal error at test_main.py:" in printed
    assert "ZeroDivisionError: division by zero" in printed


def test_without_the_extra_it_says_what_to_install(tmp_path):
    """A Python that cannot import typer, as after `pip install negassoc`."""
    (tmp_path / "typer.py").write_text("raise ModuleNotFoundError(\"No module named 'typer'\", name='typer')")
    done = run("facts", env=BARE | {"PYTHONPATH": str(tmp_path)})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "negassoc: the command needs an optional dependency: pip install 'negassoc[cli]'\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scna"], "negassoc: No such command 'scna'"),
        (["facts", "--jsn"], "negassoc: No such option: --jsn"),
        (["scan"], "negassoc: Missing argument 'PATH…'"),
        (["scan", "x", "--format", "xml"], "negassoc: Invalid value for '--format'"),
        (["scan", "x"], "negassoc: Invalid value: give either --brand BRAND.toml or --brands BRANDS.json"),
    ],
)
def test_wrong_use_is_one_line_with_the_way_to_help(arguments, message):
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == 1
    assert "--help)" in done.stderr


def test_a_file_that_was_cut_off_is_told_in_chinese_too(tmp_path, capsys):
    (tmp_path / "cut.jsonl").write_text('{"text": "还行"}\n{"text": "坏', "utf-8")
    entry.main(["convert", str(tmp_path / "cut.jsonl"), "-o", str(tmp_path / "x.jsonl")])
    assert "文件在这一行中间断了" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["scan", "none.csv", "--brand", "brand.toml"], "没有这个文件或文件夹"),
        (["scan", "price.csv", "--brand", "none.toml"], "没有这个文件或目录"),
        (["scan", "price.csv", "--brand", "brand.toml", "-o", "x.pdf"], "文件的结尾与格式不符"),
        (["scan", "price.csv", "--brand", "brand.toml"], "没有读到任何提及"),
        (["scan", "price.csv", "--brand", "typo.toml"], "没有这一项"),
        (["scan", "price.csv", "--brand", "empty.toml"], "缺少必填的一项"),
        (["scan", "price.csv", "--brand", "broken.toml"], "不是正确的 TOML"),
        (["scan", "price.csv", "--brand", "brand.toml", "--facts", "typo.toml"], "没有这个事实"),
        (["scan", "price.csv"], "请用 --brand 给出一个品牌档案"),
        (["scan", "price.csv", "--brand", "brand.toml", "--now", "2026-11-12"], "时间要写到几点几分"),
        (["plan", "none", "--brand", "brand.toml", "--now", "2026-11-12"], "时间要写到几点几分"),
        (["scan", "price.csv", "--format", "xml"], "没有这个取值"),
        (["facts", "--jsn"], "没有这个选项"),
        (["scna"], "没有这个命令"),
        (["scan"], "少了必须给的内容"),
        (["plan", "none"], "少了必须给的选项"),
        (["due"], "没有这个案件库"),
        (["due", "--within", "x"], "时长要写成"),
        (["scan", "price.csv", "--brand", "wrong.toml"], "这里要写一段加引号的文字"),
        (["scan", "price.csv", "--brand", "lone.toml"], "这里要写成列表"),
        (["scan", "price.csv", "--brand", "nameless.toml"], "这一项不能为空"),
        (["scan", "price.csv", "--brand", "overnight.toml"], "上班时间要写同一天里从几点到几点"),
        (["scan", "price.csv", "--brand", "."], "这里要的是一个文件"),
        (["scan", "price.csv", "--brands", "price.csv"], "不是正确的 JSON"),
        (["scan", "price.csv", "--brand", "brand.toml", "--now", "yesterday"], "时间要写到几点几分"),
        (["scan", "price.csv", "--brand", "brand.toml", "--now", "2026-13-45"], "时间要写到几点几分"),
        (["scan", "price.csv", "--brand", "brand.toml", "--pack", "none"], "没有这个文件夹；规则包"),
        (["explain", "", "--brand", "brand.toml"], "没有要研判的文字"),
        (["evaluate", "price.csv", "--brand", "brand.toml"], "没有一条可用的标注"),
        (["evaluate", "price.csv", "--brand", "brand.toml", "--worst", "-1"], "数值不对"),
        (["draft", "none", "--brand", "brand.toml"], "没有这个名称"),
        (["convert", "price.csv", "-o", "x.pdf"], "写不了这种文件"),
    ],
)
def test_the_commonest_mistakes_are_said_in_chinese_too(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    files = {
        "price.csv": "sku,price\n1,2\n",
        "brand.toml": 'name = "示例茶"',
        "typo.toml": 'name = "示例茶"\nalias = ["x"]',
        "empty.toml": "",
        "wrong.toml": 'name = "示例茶"\nindustry = ["茶饮"]',
        "lone.toml": 'name = "示例茶"\naliases = "x"',
        "nameless.toml": 'name = ""',
        "overnight.toml": 'name = "示例茶"\nworking_hours = "22-6"',
        "broken.toml": "name =",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert entry.main(arguments) == 2
    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith("negassoc: ")
    assert f"（{said}" in line
    entry.main([*arguments, "--lang=en"])
    assert said not in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help_lists_every_command(arguments):
    done = run(*arguments)
    assert done.returncode == 0
    for name in ("scan", "explain", "facts", "check", "evaluate", "fit"):
        assert f"\n  {name} " in done.stdout


def test_every_command_has_help_with_an_example():
    from negassoc.cli import build

    group = typer.main.get_command(build())
    assert len(group.commands) >= 6
    for name, command in everything(group):
        assert command.help, name
        assert "Example: negassoc" in command.help, name


def everything(group, prefix: str = ""):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from everything(command, f"{prefix}{name} ")
        else:
            yield prefix + name, command


@pytest.mark.parametrize("locale", [{}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_chinese_is_whole_in_any_locale(locale):
    done = run("facts", "--json", env=BARE | locale)
    assert done.returncode == 0
    assert json.loads(done.stdout.splitlines()[0])["title"]["zh"] == "涉及人身健康"


def test_a_reader_that_leaves_early_is_no_error():
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m negassoc facts --json | head -c 20"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stderr == ""


def test_interrupted_from_the_keyboard(tmp_path):
    """SIGINT while it waits for a text that nobody writes."""
    brand = tmp_path / "brand.toml"
    brand.write_text('name = "示例茶"', "utf-8")
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    process = subprocess.Popen([sys.executable, "-m", "negassoc", "explain", "-", "--brand", brand], **pipes)
    process.stdin.write(b"x" * 1_000_000)  # more than a pipe holds: done when it has begun to read
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err.decode().strip().splitlines()[-1]) == (130, b"", "negassoc: interrupted")
    assert b"Traceback" not in err


def test_the_version():
    from negassoc import __version__

    assert run("--version").stdout == f"negassoc {__version__}\n"


def test_the_installed_script_is_this_command():
    script = Path(sys.executable).parent / "negassoc"
    assert subprocess.run([script, "--version"], capture_output=True, text=True, check=True).stdout == run("--version").stdout
