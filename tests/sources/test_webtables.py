"""Tables in pages of HTML, as back ends export them under the name of a workbook."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from negassoc.sources import Export
from negassoc.sources.webtables import web_tables

PAGE = """<html><head><meta charset="utf-8"></head><body><table border=1>
<tr><td colspan=3>评论导出 2026-11-28</td></tr>
<tr><th>评论内容</th><th>用户昵称</th><th>评论时间</th></tr>
<tr><td>杯子里有头发<br>没人管 &amp; 不退</td><td>路人甲</td><td>2026-11-20 12:00</td></tr>
<tr><td>好喝<td>路人乙<td>2026-11-20 12:10
</table></body></html>"""


def test_an_export_that_is_a_page_in_truth_is_read(tmp_path: Path) -> None:
    (tmp_path / "评论.xls").write_text(PAGE, "utf-8")
    export = Export(tmp_path / "评论.xls")
    first, second = export
    assert (first.text, first.author.nickname, str(first.kind)) == ("杯子里有头发\n没人管 & 不退", "路人甲", "comment")
    assert first.published_at is not None and first.where == f"{tmp_path / '评论.xls'}:table[1]:3"
    assert (second.text, second.author.nickname) == ("好喝", "路人乙")


def test_a_page_that_is_only_laid_out_in_tables_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<html><body><table><tr><td>首页</td><td>关于我们</td></tr><tr><td>a</td><td>b</td></tr></table></html>", "utf-8"
    )
    export = Export(tmp_path / "a.html")
    assert list(export) == []
    assert "a web page without the state of a note" in export.skipped[0].why


@given(
    st.lists(
        st.sampled_from(["<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<br>", "评论内容", "用户昵称", "没人管", "<!--", "&#0;"])
    )
)
def test_broken_pages_break_nothing(parts: list[str]) -> None:
    for table in web_tables("".join(parts), "a.xls"):
        list(table.rows)
