"""Gateways that a company buys: comes in a platform's payload in the gateway's envelope; goes out mentions, by the platform's own parsers.

A gateway answers with HTTP 200 and its own success even where the platform behind it refused, and charges for it: each checks the inner
payload, too. How they are authorised is in `auth`. A further gateway is a module here; what its payloads hold is the platform's affair.
"""

from negassoc.sources.gateways.justone import JustOneApi
from negassoc.sources.gateways.tikhub import TikHub

__all__ = ["JustOneApi", "TikHub"]
