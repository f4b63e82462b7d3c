"""How an alert reaches people: printed, into a file, to a webhook, or through Apprise to 企业微信, 钉钉, 飞书 and mail."""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

import attrs

from negassoc.cases.store import to_body
from negassoc.errors import MissingExtraError, NegassocError

if TYPE_CHECKING:
    from negassoc.watch.alerts import Alert

_TIMEOUT_SECONDS: Final = 15.0


@attrs.frozen(kw_only=True)
class PrintNotifier:
    """Prints each alert in `lang` (`"zh"` or `"en"`) to `stream`, standard output unless given."""

    lang: str = "zh"
    stream: TextIO | None = None

    def notify(self, alert: Alert) -> None:
        """Print it, with a blank line after it."""
        print(alert.message(self.lang), end="\n\n", file=self.stream or sys.stdout, flush=True)


@attrs.frozen
class FileNotifier:
    """Appends each alert to a file as one line of JSON."""

    path: Path = attrs.field(converter=Path)

    def notify(self, alert: Alert) -> None:
        """Append it, and see it on the disk before returning."""
        with self.path.open("a", encoding="utf-8", newline="\n") as out:
            out.write(to_body(json.dumps(alert.to_record(), ensure_ascii=False)) + "\n")
            out.flush()
            os.fsync(out.fileno())


def _web_address(_: object, __: object, url: str) -> None:
    if not url.startswith(("http://", "https://")):
        raise ValueError("a webhook's address begins with https:// or http://")


@attrs.frozen
class WebhookNotifier:
    """POSTs each alert as JSON to `url`. The header `Idempotency-Key` is the alert's id: an alert may arrive twice, never not at all.

    `headers` are sent along (a token, say). Neither they nor the address, which often hold a secret, appear in a repr or an error.
    """

    url: str = attrs.field(repr=False, validator=_web_address)
    headers: Mapping[str, str] = attrs.field(factory=dict, kw_only=True, repr=False)
    timeout: float = attrs.field(default=_TIMEOUT_SECONDS, kw_only=True)

    def notify(self, alert: Alert) -> None:
        """Send it; `NegassocError` unless the answer is 2xx."""
        body = json.dumps(alert.to_record()).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": alert.id, **self.headers}
        request = urllib.request.Request(self.url, body, headers, method="POST")  # noqa: S310 - http and https only, see _web_address
        try:
            with urllib.request.urlopen(request, timeout=self.timeout):  # noqa: S310
                return
        except urllib.error.HTTPError as error:
            error.close()
            raise NegassocError(f"the webhook answered {error.code}") from None
        except (OSError, ValueError) as error:
            raise NegassocError(f"the webhook could not be reached: {type(error).__name__}") from None


@attrs.frozen
class AppriseNotifier:
    """Sends each alert through Apprise (extra `notify`), which knows 企业微信 (`wecombot://`), 钉钉 (`dingtalk://`), 飞书 (`feishu://`),
    mail (`mailto://`) and a hundred others by URL. The URLs hold secrets and appear in no repr and no error."""

    urls: tuple[str, ...] = attrs.field(repr=False, converter=tuple[str, ...])
    lang: str = attrs.field(default="zh", kw_only=True)

    def notify(self, alert: Alert) -> None:
        """Send it to all addresses; `NegassocError` if one of them is not understood or did not take it."""
        try:
            import apprise
        except ImportError:
            raise MissingExtraError("notify", "sending alerts through Apprise") from None
        carrier = apprise.Apprise()
        for number, url in enumerate(self.urls, 1):
            if not carrier.add(url):
                raise NegassocError(f"address {number} is not one that Apprise understands; see https://github.com/caronc/apprise/wiki")
        body = "\n".join(filter(None, (alert.why.of(self.lang), alert.text.of(self.lang))))
        if not carrier.notify(title=alert.title.of(self.lang), body=body):
            raise NegassocError("Apprise could not deliver to every address")
