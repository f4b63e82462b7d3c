"""HTML that cannot be broken from inside."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.report.markup import Mark, bdi, highlighted, is_web, link, safe, tag

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
LOOKS = {"for": 'class="for"', "against": 'class="against"', "mute": 'class="mute"'}


class Seen(HTMLParser):
    """The tags and the text that a parser finds."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append(dict(attrs))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_data(self, data):
        self.text += data


@given(ANY_TEXT, ANY_TEXT)
def test_only_what_was_meant_is_a_tag(text, attribute):
    seen = Seen(tag("p", text, bdi(text), title=attribute))
    assert seen.tags == ["p", "bdi"]
    assert set(seen.attributes[0]) == {"title"}
    tag("p", text).encode("utf-8")


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-2, 70), st.integers(-2, 70), st.sampled_from(list(LOOKS))), max_size=6))
def test_highlights_change_no_character(text, spans):
    html = highlighted(text, [Mark(a, b, side, "note") for a, b, side in spans], LOOKS)
    assert Seen(html).text == Seen(safe(text)).text
    assert html.count("<mark") == html.count("</mark>")


@given(st.text("退款没到账x", min_size=50, max_size=200), st.integers(0, 190), st.integers(10, 40))
def test_an_excerpt_holds_the_first_highlight(text, start, limit):
    end = min(start + 4, len(text))
    html = highlighted(text, [Mark(start, end, "for")], LOOKS, limit=limit)
    assert len(Seen(html).text.replace("…", "")) == min(limit, len(text))
    if start < end:
        assert "<mark" in html


def test_where_marks_overlap_the_stronger_wins():
    html = highlighted("没有踩雷", [Mark(0, 4, "against"), Mark(2, 4, "for")], LOOKS)
    assert html == '<mark class="against">没有</mark><mark class="against">踩雷</mark>'


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", " JaVaScRiPt:x", "//x.cn", "http:", "https://[", "", "file:///etc/passwd"]
)
def test_other_addresses_are_no_links(url):
    assert not is_web(url)
    assert link(url, "原帖") == "原帖"


def test_a_link_tells_the_other_side_nothing():
    assert link('https://x.cn/?a="b"', "原帖") == (
        '<a href="https://x.cn/?a=&quot;b&quot;" target="_blank" rel="noopener noreferrer nofollow">原帖</a>'
    )
