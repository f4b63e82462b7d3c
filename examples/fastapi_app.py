"""A web service: POST a mention, get the verdict with its reasons and the plan. 网络接口：发一条提及，返回研判结果与处置方案。

    pip install negassoc fastapi uvicorn
    uvicorn --factory examples.fastapi_app:create_app
    curl -s localhost:8000/classify -H 'content-type: application/json' \
        -d '{"mention": {"text": "青芒屿退款拖了一个月没到账", "platform": "xiaohongshu"}, "facts": {"order_match": true}}'

`mention` is a mention record as everywhere else, `facts` what is known beyond the text. What is wrong with either comes back as 422,
every mistake named. The service keeps nothing.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from negassoc import Brand, DataError, Facts, Mention
from negassoc.classify import RuleClassifier
from negassoc.pack import Pack

BRAND = Path(__file__).parent / "quickstart" / "brand.toml"


class Question(BaseModel):
    """What is asked: one mention record, and the facts that are known."""

    mention: dict[str, object]
    facts: dict[str, bool | None] = {}


def create_app(brand: Brand | None = None) -> FastAPI:
    """The application for one brand; that of the quick start unless another is given."""
    watched, pack = brand or Brand.load(BRAND), Pack.default()
    classifier = RuleClassifier(watched)
    app = FastAPI(title=f"negassoc: {watched.name}")

    @app.post("/classify")
    def classify(question: Question) -> dict[str, object]:
        mention = Mention.from_record(question.mention, where="mention")
        verdict = classifier.classify(mention, Facts.from_record(question.facts))
        plan = pack.plan(verdict) if verdict.type.negative else None
        return {"verdict": verdict.to_record(), "why": verdict.why(), "plan": plan.to_record() if plan else None}

    @app.exception_handler(DataError)
    def wrong_data(_: Request, error: DataError) -> JSONResponse:
        problems = [{"where": problem.where, "what": problem.what, "key": problem.key} for problem in error.problems]
        return JSONResponse({"problems": problems}, status_code=422)

    return app
