from __future__ import annotations

import asyncio
import datetime as dt
import importlib.util

import pytest

from negassoc.cases.webpage import capture, find_browser
from negassoc.errors import DataError, TransientError

PAGE = "<!doctype html><meta charset=utf-8><title>示例笔记</title><h1>这家店退款一个月没到账</h1><p>IP属地：浙江</p>"
AT = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)


def test_only_web_addresses(tmp_path):
    with pytest.raises(DataError, match="not an http"):
        capture("file:///etc/passwd", tmp_path)


@pytest.fixture(scope="module")
def url(local_site, quiet_handler):
    class Site(quiet_handler):
        def do_GET(self):
            if self.path == "/short":
                self.answer(302, b"", Location="/note/1")
            else:
                self.answer(200, PAGE.encode(), Content_Type="text/html; charset=utf-8")

    with local_site(Site) as address:
        yield address


@pytest.mark.browser
@pytest.mark.skipif(find_browser() is None or importlib.util.find_spec("playwright") is None, reason="needs Chromium and playwright")
class TestInChromium:
    def test_a_page_is_captured_in_four_forms(self, url, tmp_path):
        found = capture(f"{url}/short", tmp_path, name="E1", at=AT)
        assert (found.final_url, found.status, found.title, found.captured_at) == (f"{url}/note/1", 200, "示例笔记", AT)
        png, html, mhtml, pdf = (file.read_bytes() for file in found.files)
        assert png.startswith(b"\x89PNG")
        assert "退款一个月没到账" in html.decode()
        assert b"multipart/related" in mhtml
        assert pdf.startswith(b"%PDF")
        assert [file.name for file in found.files] == ["E1.png", "E1.html", "E1.mhtml", "E1.pdf"]

    def test_it_works_where_an_event_loop_is_running_as_in_a_notebook(self, url, tmp_path):
        async def cell():
            return capture(f"{url}/short", tmp_path)

        assert asyncio.run(cell()).status == 200

    def test_the_command_puts_the_page_under_custody(self, url, tmp_path, capsys):
        from negassoc.__main__ import main
        from negassoc.cases import EvidenceFolder

        assert main(["evidence", "capture", str(tmp_path / "ev"), f"{url}/short", "--who", "王敏"]) == 0
        assert "E1 E1.png" in capsys.readouterr().out
        (item,) = EvidenceFolder(tmp_path / "ev").register()
        assert (item.url, item.object_type) == (f"{url}/note/1", "web page")
        assert EvidenceFolder(tmp_path / "ev").verify().files == 4

    def test_a_page_that_does_not_load_says_so(self, tmp_path):
        with pytest.raises(TransientError, match="could not be captured"):
            capture("http://127.0.0.1:9/", tmp_path, timeout=dt.timedelta(seconds=3))
