"""What users build: each example runs as its first lines say, and does what it claims."""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
from pathlib import Path

import httpx
import openpyxl
import pytest

from negassoc import Brand
from negassoc.brand import load_brands
from negassoc.cases import open_store
from negassoc.classify import AssociationType, RuleClassifier
from negassoc.protocols import Classifier
from negassoc.sources import Export
from negassoc.watch import Feed, Monitor

EXAMPLES = Path(__file__).parents[2] / "examples"
QUICKSTART = EXAMPLES / "quickstart"


def example(name: str):
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_csv_in_xlsx_out(tmp_path, capsys):
    source = next((QUICKSTART / "exports").rglob("*.csv"))
    example("csv_to_xlsx").main([str(source), "--brand", str(QUICKSTART / "brand.toml"), "-o", str(tmp_path / "v.xlsx")])
    mentions = list(Export(source))
    page = openpyxl.load_workbook(tmp_path / "v.xlsx").worksheets[0]
    assert page.max_row == len(mentions) + 1
    assert {cell.value for cell in page["A"][1:]} == {mention.id for mention in mentions}
    assert f"{len(mentions)} rows, 0 problems" in capsys.readouterr().out


def test_the_weekly_report(tmp_path, capsys):
    example("weekly_report").main([
        str(QUICKSTART / "exports"), "--brand", str(QUICKSTART / "brand.toml"), "--facts", str(QUICKSTART / "facts.toml"),
        "--until", "2026-11-12", "-o", str(tmp_path / "reports"),
    ])  # fmt: skip
    page = (tmp_path / "reports" / "2026-11-12.html").read_text("utf-8")
    assert "2026-11-05 23:59 至 2026-11-12 23:59" in page
    assert "发布于本期之外，未计入" in page
    assert (tmp_path / "reports" / "2026-11-12.xlsx").exists()
    assert "条对“青芒屿”不利" in capsys.readouterr().out


def test_a_classifier_of_ones_own(capsys):
    module = example("own_classifier")
    brand = Brand.load(QUICKSTART / "brand.toml")
    own = module.OrderFirst(RuleClassifier(brand), frozenset({"QMY20261101"}))
    assert isinstance(own, Classifier)
    known = own.classify("青芒屿，曝光你们！订单 QMY20261101 拖了一个月")
    assert (known.type, known.suspected) == (AssociationType.CUSTOMER_COMPLAINT, False)
    assert own.classify("青芒屿，曝光你们！订单 QMY99999999 拖了一个月").facts.order_match is None
    module.main()
    assert "真实客户投诉（有事实为据）" in capsys.readouterr().out


def test_the_web_service():
    app = example("fastapi_app").create_app()

    async def ask(body):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
            return await client.post("/classify", json=body)

    good = asyncio.run(ask({"mention": {"text": "青芒屿退款拖了一个月没到账", "platform": "xhs"}, "facts": {"order_match": True}}))
    assert good.status_code == 200
    answer = good.json()
    assert answer["verdict"]["type"] == "customer_complaint"
    assert answer["verdict"]["suspected"] is False
    assert answer["plan"]["actions"][0]["order"] == 1
    assert answer["why"]
    harmless = asyncio.run(ask({"mention": {"text": "路过青芒屿，没踩雷"}}))
    assert harmless.json()["plan"] is None
    wrong = asyncio.run(ask({"mention": {"text": "x"}, "facts": {"order_mach": True}}))
    assert wrong.status_code == 422
    assert "did you mean 'order_match'" in wrong.json()["problems"][0]["what"]


def test_the_scheduled_monitor(tmp_path, capsys):
    shutil.copytree(EXAMPLES / "monitor", tmp_path / "monitor")
    example("scheduled_monitor").main([
        str(tmp_path / "monitor" / "exports"), "--brands", str(tmp_path / "monitor" / "brands.json"),
        "--store", str(tmp_path / "m.db"), "--rounds", "2", "--every", "0",
    ])  # fmt: skip
    first, second = [line for line in capsys.readouterr().out.splitlines() if line.startswith("seen")]
    assert "new 0," not in first
    assert "new 0," in second


def test_the_schedule_sleeps_between_rounds_and_ends_when_interrupted():
    slept, module = [], example("scheduled_monitor")

    class Impatient:
        def __iter__(self):
            raise KeyboardInterrupt

    brands = load_brands(EXAMPLES / "monitor" / "brands.json").values()
    with open_store(":memory:") as store:
        calm = Monitor([], brands, store=store)
        assert len(list(module.rounds(calm, every=1800, sleep=slept.append, most=3))) == 3
        assert slept == [1800, 1800]
        stopped = list(module.rounds(Monitor([Feed(Impatient(), name="x")], brands, store=store), every=1, sleep=slept.append))
        assert [run.interrupted for run in stopped] == [True]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_every_example_says_how_it_is_run(path):
    words = path.read_text("utf-8").split('"""')[1]
    assert path.stem in words
    assert any("\u4e00" <= character <= "\u9fff" for character in words), "in Chinese as well"
