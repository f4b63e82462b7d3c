"""Word boundaries: the spans cover the text, the words given are known, and nothing is left behind."""

from __future__ import annotations

import itertools
import os
import pickle
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from negassoc.text import JiebaSegmenter
from negassoc.text.segment import _dictionary, _tokenizer


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec=None), max_size=40))
def test_the_words_cover_the_text(text):
    spans = JiebaSegmenter().cut(text)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(a[1] == b[0] for a, b in itertools.pairwise(spans))


def test_a_word_given_is_a_word():
    text = "昨天在麦浪里喝了茶"
    assert (3, 6) in JiebaSegmenter(("麦浪里",)).cut(text)
    assert (3, 6) not in JiebaSegmenter().cut(text)


def test_a_segmenter_is_a_value():
    assert pickle.loads(pickle.dumps(JiebaSegmenter(("半山",)))) == JiebaSegmenter(("半山",))


def test_jieba_is_loaded_only_when_a_boundary_is_asked_for_and_leaves_no_file_behind(tmp_path):
    code = (
        "import sys; from negassoc.text import Roles, NormalText; from negassoc.brand import Brand\n"
        "Roles(Brand('示例茶')).marked(NormalText.of('示例茶')); assert 'jieba' not in sys.modules\n"
        "Roles(Brand('半山')).marked(NormalText.of('半山的茶')); assert 'jieba' in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_words_of_one_brand_are_unknown_to_another():
    text, mine, yours = "买了檐雀茶事", JiebaSegmenter(("檐雀茶事",)), JiebaSegmenter(("茶事",))
    assert mine.cut(text)[-1] == (2, 6)
    assert yours.cut(text)[-1] == (4, 6)
    assert _tokenizer(("檐雀茶事",)).total != _dictionary().total
    assert "檐雀茶事" not in vars(_dictionary())["FREQ"]
