"""A classifier of one's own behind the `Classifier` Protocol: anything with a `classify` method will do. 自带分类器：有 classify 方法即可。

    python examples/own_classifier.py

Here the packaged classifier stays in charge, and a house rule stands before it: a post that names an order number of ours is from a
customer, whatever else it says. It could as well be a model, or a person at a keyboard; plans, reports and the monitor take the
verdict and ask nothing about where it came from.
"""

from __future__ import annotations

import re
from pathlib import Path

import attrs

from negassoc import Brand, Facts, Mention
from negassoc.classify import Classification, RuleClassifier
from negassoc.pack import Pack
from negassoc.protocols import Classifier
from negassoc.report import Report, gather

ORDER_NUMBER = re.compile(r"\bQMY\d{8}\b")


@attrs.frozen
class OrderFirst:
    """Looks up order numbers before anything else; `orders` are those of the shop."""

    inner: Classifier
    orders: frozenset[str]

    def classify(self, mention: Mention | str, facts: Facts | None = None) -> Classification:
        """The inner classifier's verdict, told that the order was found. What a person has stated stands above it."""
        said = Mention.of(mention)
        known = any(number in self.orders for number in ORDER_NUMBER.findall(f"{said.title or ''} {said.text}"))
        found = Facts(order_match=True) if known else Facts()
        return self.inner.classify(said, found | (facts or Facts()))


def main() -> None:
    """Judge two posts with the same words, one of them with an order number that is ours."""
    brand = Brand.load(Path(__file__).parent / "quickstart" / "brand.toml")
    classifier: Classifier = OrderFirst(RuleClassifier(brand), frozenset({"QMY20261101"}))
    posts = [
        "青芒屿的黑心店家，曝光你们！订单 QMY20261101 拖了一个月不退款",
        "青芒屿的黑心店家，曝光你们！大家别去",
    ]
    verdicts = gather(posts, classifier)
    for verdict in verdicts:
        certainty = "疑似" if verdict.suspected else "有事实为据"
        print(f"{verdict.type.words}（{certainty}）：{verdict.mention.text}")
    plan = Pack.default().plan(verdicts[0])
    print(f"第一步：{plan.actions[0].title}")
    print(Report(verdicts, brand=brand).headline())


if __name__ == "__main__":
    main()
