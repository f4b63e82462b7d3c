"""Coverage-guided fuzzing of the classifier: whatever the text, the kind and the facts, there is a verdict, and it adds up.

    pip install atheris
    python tests/fuzz/fuzz_classifier.py CORPUS_DIR -max_total_time=3600 -timeout=10 -max_len=4000

CORPUS_DIR is filled with the examples of the packaged rules on the first run. A crash is written to the current directory as `crash-…`; run it
again with `python tests/fuzz/fuzz_classifier.py crash-…`.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["negassoc"]):
    from negassoc import Brand, Facts, Mention, RuleClassifier
    from negassoc.classify import AssociationType, Classification, RuleSet
    from negassoc.classify.weights import DATA
    from negassoc.mention import Kind

BRAND = Brand(
    "半山",
    aliases=("SHILI", "示例茶"),
    products=("示例乌龙",),
    competitors=("对手茶",),
    not_this_brand=("示例酒店",),
    industry="奶茶",
    city="杭州",
)
KINDS, TYPES, FACTS = tuple(Kind), tuple(AssociationType), Facts.names()


def check(verdict: Classification) -> None:
    """What holds for every verdict."""
    for kind, score in verdict.scores.items():
        total = sum(f.weight for f in verdict.findings if f.type is kind)
        assert math.isclose(score, total, rel_tol=1e-9, abs_tol=1e-6), (kind, score, total)
    assert math.isclose(sum(verdict.probabilities.values()), 1.0, abs_tol=1e-6)
    assert 0 <= verdict.probability <= 1
    for finding in verdict.findings:
        for span in finding.spans:
            assert 0 <= span.start <= span.end <= len(getattr(verdict.mention, span.field) or ""), (finding.rule, span)
    for lang in ("zh", "en"):
        assert verdict.why(lang)
    json.dumps(verdict.to_record())


def one_input(data: bytes) -> None:
    """What atheris calls: the first three bytes choose kind, facts and type, the rest is thread title, title and text."""
    if len(data) < 4:
        return
    kind, fact, asked = KINDS[data[0] % len(KINDS)], FACTS[data[1] % len(FACTS)], TYPES[data[2] % len(TYPES)]
    parts = data[3:].decode("utf-8", "surrogateescape" if data[1] & 64 else "replace").split("\x1f")
    text, title, thread = (*parts, None, None)[:3]
    facts = Facts(**{fact: bool(data[2] & 128)}) if data[1] & 128 else Facts()
    verdict = CLASSIFIER.classify(Mention(text or "", title=title, thread_title=thread, kind=kind, platform="xiaohongshu"), facts)
    check(verdict)
    verdict.why_not(asked)


def fill(corpus: Path) -> None:
    """Put the examples of the rules into an empty corpus, one of each kind."""
    corpus.mkdir(parents=True, exist_ok=True)
    if any(corpus.iterdir()):
        return
    for rule in RuleSet.load(DATA).rules.values():
        for number, text in enumerate((*rule.match, *rule.not_match)):
            head = bytes([number % len(KINDS), number * 16 % 256, number % len(TYPES)])
            (corpus / f"{rule.id}-{number}").write_bytes(head + text.replace("，", "\x1f", 1).encode())


if __name__ == "__main__":
    CLASSIFIER = RuleClassifier(BRAND)
    if len(sys.argv) > 1 and not sys.argv[1].startswith(("-", "crash", "timeout")):
        fill(Path(sys.argv[1]))
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
