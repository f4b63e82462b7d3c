"""The page as a browser draws it: nothing runs, nothing overflows, Chinese is there, on phone, desk and paper."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from negassoc.report import Report
from negassoc.report.notebook import classification_html, mention_html

pytestmark = pytest.mark.browser

WIDTHS = {"phone": 390, "desk": 1280}
OVERFLOWING = """() => [...document.querySelectorAll('body *')]
    .filter(e => !e.closest('svg') && !e.closest('.scroll') && e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.tagName + '.' + e.className).slice(0, 5)"""
OVERLAPPING_TEXT = """() => [...document.querySelectorAll('svg')].filter(s => s.getBoundingClientRect().width).flatMap(s => {
    const boxes = [...s.querySelectorAll('text')].map(t => t.getBoundingClientRect());
    return boxes.flatMap((a, i) => boxes.slice(i + 1).filter(b =>
        a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4));
}).length"""


@pytest.fixture(scope="module")
def usual(factory):
    verdicts = factory.verdicts(160)
    return Report(
        verdicts, brand=factory.BRAND, plans=[factory.plan()], campaigns=[factory.campaign(verdicts)], now=factory.NOW,
        period=(factory.NOW - dt.timedelta(days=14), factory.NOW),
    )  # fmt: skip


@pytest.fixture(scope="module")
def hostile(factory):
    verdicts = factory.hostile(10_000)
    return Report(verdicts, brand=attrs.evolve(factory.BRAND, name=factory.HOSTILE[0]), plans=[factory.plan()], now=factory.NOW)


@pytest.fixture
def opened(chromium, tmp_path):
    """Opens a page at a width, and gathers everything that it logs, asks for or runs."""
    contexts = []

    def open_(html, width, *, scheme="light"):
        (tmp_path / "page.html").write_text(html, "utf-8")
        context = chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
        contexts.append(context)
        page, events = context.new_page(), []
        page.on("console", lambda message: events.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: events.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (events.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: request.url.endswith("page.html") or events.append(f"request: {request.url}"))
        page.goto(f"file://{tmp_path}/page.html")
        return page, events

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_fits(usual, opened, width, lang):
    page, events = opened(attrs.evolve(usual, lang=lang).to_html(), width)
    assert events == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate(OVERLAPPING_TEXT) == 0
    shown = page.locator("svg.chart:visible")
    assert shown.count() == 5, "the trend in one of its two widths, and four splits"


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_ten_thousand_hostile_mentions_run_nothing_and_fit(hostile, opened, width):
    page, events = opened(hostile.to_html(), width)
    page.wait_for_timeout(300)
    assert events == []
    assert "pwned" not in page.title() or page.title().startswith("<script>"), "the title is text, not what a script made of it"
    assert page.evaluate("document.scripts.length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERFLOWING) == []
    assert page.locator("iframe, object, embed, img, form, input").count() == 0


def test_values_in_a_notebook_run_nothing(factory, opened):
    html = "".join(classification_html(v) + mention_html(v.mention) for v in factory.hostile(500))
    page, events = opened(f"<!DOCTYPE html><meta charset=utf-8><title>notebook</title>{html}", 800)
    page.wait_for_timeout(300)
    assert events == []
    assert page.title() == "notebook"
    assert page.evaluate("document.documentElement.scrollWidth") <= 800


def test_the_frame_of_a_report_in_a_notebook_runs_nothing(hostile, opened):
    page, events = opened(f"<!DOCTYPE html><meta charset=utf-8><title>notebook</title>{hostile._repr_html_()}", 1000)
    page.wait_for_timeout(500)
    assert [event for event in events if "about:srcdoc" not in event] == []
    assert page.title() == "notebook"
    assert page.frame_locator("iframe").locator("h1").inner_text()


def test_chinese_glyphs_are_there(usual, opened):
    """A missing glyph is drawn as a box, the same for every character: different characters must look different."""
    page, _ = opened(usual.to_html(), 1280)
    font = page.evaluate("getComputedStyle(document.body).fontFamily")
    draw = """([text, font]) => { const c = document.createElement('canvas'); c.width = c.height = 40;
        const x = c.getContext('2d'); x.font = '30px ' + font; x.fillText(text, 2, 32); return c.toDataURL(); }"""
    drawn = {page.evaluate(draw, [character, font]) for character in "檐雀茶事真实客户投诉"}
    assert len(drawn) == 10


def test_dark_and_light_are_readable(usual, opened):
    contrast = """() => { const lum = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
            return .2126 * r + .7152 * g + .0722 * b; };
        const back = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/, 0\\)$/.test(c)) return c; } return 'rgb(255,255,255)'; };
        return Math.min(...[...document.querySelectorAll('p, h1, h2, h3, small, li, b, mark, .chip, .sign')].filter(e => e.innerText).map(e => {
            const [a, b] = [lum(getComputedStyle(e).color), lum(back(e))]; return (Math.max(a, b) + .05) / (Math.min(a, b) + .05); })); }"""
    backgrounds = set()
    for scheme in ("light", "dark"):
        page, _ = opened(usual.to_html(), 1280, scheme=scheme)
        assert page.evaluate(contrast) >= 4.5, scheme
        backgrounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(backgrounds) == 2


def test_it_prints_on_a_few_pages_of_white_paper(usual, opened, tmp_path):
    page, _ = opened(usual.to_html(), 1280, scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    raw = (tmp_path / "report.pdf").read_bytes()
    assert 2 <= raw.count(b"/Type /Page\n") + raw.count(b"/Type /Page ") + raw.count(b"/Type /Page/") <= 7
