"""Capture of one page that a person names (网页取证): picture, source, archive and print, with the time. Extra `evidence`.

It opens a public address in a clean browser, as anybody could. It does not log in, scroll on, click or get round anything; where the
page shows a login wall or a captcha, that is what is captured.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from negassoc.cases.task import aware
from negassoc.errors import DataError, MissingExtraError, Problem, TransientError

if TYPE_CHECKING:
    from playwright.sync_api import Page

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")


@attrs.frozen(kw_only=True)
class Capture:
    """What was captured: the address asked for and the one that answered, its HTTP status, and the files written.

    `captured_at` is this machine's clock, which proves nothing by itself; `title` is what the page calls itself.
    """

    url: str
    final_url: str
    status: int | None
    title: str
    captured_at: dt.datetime
    browser: str
    files: tuple[Path, ...]


def find_browser() -> str | None:
    """The path of a Chromium-like browser on this machine, or None."""
    return next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def capture(  # noqa: PLR0913 - what to capture, where to, with which browser and clock
    url: str, folder: str | Path, *, name: str = "page", browser: str | None = None, at: dt.datetime | None = None,
    timeout: dt.timedelta = dt.timedelta(seconds=30),
) -> Capture:  # fmt: skip
    """Write `name`.png (whole page), .html (as rendered), .mhtml (archive) and .pdf of the page at `url` into `folder`.

    `browser` is the path of a Chromium; the first one on the search path unless given. `DataError` if there is none or the address is
    not http(s); `TransientError` if the page does not load in time.
    """
    if not url.startswith(("http://", "https://")):
        raise DataError([Problem(url, "not an http(s) address; copy it from the browser or the app's share button")])
    path = browser or find_browser()
    if path is None:
        raise DataError([Problem("browser", f"none of {', '.join(_BROWSERS)} is installed; install Chromium or give browser=PATH")])
    Path(folder).mkdir(parents=True, exist_ok=True)
    files = tuple(Path(folder) / f"{name}.{kind}" for kind in ("png", "html", "mhtml", "pdf"))
    # in a thread of its own, because a notebook's event loop runs in this one and Playwright would refuse
    with ThreadPoolExecutor(max_workers=1) as worker:
        return worker.submit(_capture, url, files, path, at, timeout).result()


def _capture(url: str, files: tuple[Path, ...], browser: str, at: dt.datetime | None, timeout: dt.timedelta) -> Capture:
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise MissingExtraError("evidence", "capturing a page") from None
    try:
        with sync_playwright() as play, play.chromium.launch(executable_path=browser, chromium_sandbox=not _is_root()) as chromium:
            page = chromium.new_page(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1280, "height": 900})
            reply = page.goto(url, wait_until="load", timeout=timeout.total_seconds() * 1000)
            seen_at = aware(at)
            _save(page, *files)
            return Capture(
                url=url, final_url=page.url, status=reply.status if reply else None, title=page.title(), captured_at=seen_at,
                browser=f"Chromium {chromium.version}", files=files,
            )  # fmt: skip
    except Error as error:
        raise TransientError(f"the page could not be captured: {str(error).splitlines()[0]}", call=url) from None


def _save(page: Page, picture: Path, source: Path, archive: Path, printed: Path) -> None:
    snapshot = page.context.new_cdp_session(page).send("Page.captureSnapshot", {"format": "mhtml"})
    page.screenshot(path=picture, full_page=True)
    source.write_text(page.content(), "utf-8")
    archive.write_text(snapshot["data"], "utf-8", newline="")
    page.pdf(path=printed, print_background=True)


def _is_root() -> bool:
    # Chromium refuses to start its sandbox as root, as in most containers
    return hasattr(os, "geteuid") and os.geteuid() == 0
