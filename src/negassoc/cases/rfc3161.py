"""Trusted timestamps (可信时间戳, RFC 3161): proof by a third party that a file existed at a moment. Extra `evidence`.

Only the file's hash goes to the authority, never the file. Which authority a court accepts is for a lawyer to say.
"""

from __future__ import annotations

import datetime as dt
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from negassoc.errors import DataError, MissingExtraError, Problem, TransientError

if TYPE_CHECKING:
    from collections.abc import Iterable

Send: TypeAlias = Callable[[bytes], bytes]
_PURPOSE = "trusted timestamps"


def authority(url: str, *, timeout: dt.timedelta = dt.timedelta(seconds=20)) -> Send:
    """A `Send` that posts to the timestamp authority at `url`; `TransientError` if it does not answer."""
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url!r} is no http(s) address of a timestamp authority")

    def send(query: bytes) -> bytes:
        request = urllib.request.Request(url, query, {"Content-Type": "application/timestamp-query"})  # noqa: S310 - the scheme is checked
        try:
            with urllib.request.urlopen(request, timeout=timeout.total_seconds()) as reply:  # noqa: S310
                return bytes(reply.read())
        except (urllib.error.URLError, TimeoutError) as error:
            raise TransientError(f"the timestamp authority did not answer: {error}", call=url) from None

    return send


def timestamp(content: bytes, send: Send) -> bytes:
    """The authority's signed answer for `content` (keep it as a `.tsr` file beside the evidence).

    `send` carries the query and brings back the answer: `authority(url)`, or your own over your own connection.
    `DataError` if the authority refuses or answers with something else.
    """
    try:
        from rfc3161_client import HashAlgorithm, PKIStatus, TimestampRequestBuilder, decode_timestamp_response
    except ImportError:
        raise MissingExtraError("evidence", _PURPOSE) from None
    query = TimestampRequestBuilder(data=content, hash_algorithm=HashAlgorithm.SHA256).build()
    answer = send(query.as_bytes())
    try:
        response = decode_timestamp_response(answer)
    except ValueError as error:
        raise DataError([Problem("timestamp authority", f"no strictly encoded RFC 3161 answer: {error}")]) from None
    if response.status != PKIStatus.GRANTED:
        raise DataError([Problem("timestamp authority", f"refused with status {response.status}: {' '.join(response.status_string)}")])
    if response.tst_info.nonce != query.nonce or response.tst_info.message_imprint.message != query.message_imprint.message:
        raise DataError([Problem("timestamp authority", "answered another question than was asked; do not use this answer")])
    return answer


def timestamped_at(content: bytes, answer: bytes, roots: Iterable[bytes]) -> dt.datetime:
    """When the authority saw `content`, after checking its signature offline against the `roots` you trust (certificates in PEM).

    `DataError` if the content was changed, the answer was tampered with, or it was not signed under one of the roots.
    """
    try:
        from cryptography.x509 import load_pem_x509_certificate
        from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response
    except ImportError:
        raise MissingExtraError("evidence", _PURPOSE) from None
    builder = VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(load_pem_x509_certificate(root))
    try:
        response = decode_timestamp_response(answer)
        builder.build().verify_message(response, content)
    except (VerificationError, ValueError) as error:
        raise DataError([Problem("timestamp", f"does not prove this content: {error}")]) from None
    return response.tst_info.gen_time.astimezone(dt.UTC)
