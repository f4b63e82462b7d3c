"""6 · What goes on over time and across accounts?

In: mentions by the many, from sources read again and again. Out: campaigns with their proof, look-alikes, and a `Monitor` whose
`Alert`s reach people through a `Notifier`, with a `digest` by week. Everything it remembers is in a store of `negassoc.cases`.
A new way to notice something is a kind of `Threshold`; a new way to reach people is a `Notifier` in `notifiers`.
"""

from negassoc.watch.alerts import Alert
from negassoc.watch.campaigns import Campaign, CampaignFinder, Pair, facts_of, find_campaigns
from negassoc.watch.compliance import Checked, Compliance, SelfCheck
from negassoc.watch.digest import Digest, digest
from negassoc.watch.feeds import Feed, SearchFeed
from negassoc.watch.identity import IdentityReport, Party, compare
from negassoc.watch.ledger import Ledger, StoredMention, Window
from negassoc.watch.monitor import Monitor, Run
from negassoc.watch.notifiers import AppriseNotifier, FileNotifier, PrintNotifier, WebhookNotifier
from negassoc.watch.searches import SearchWords, searches
from negassoc.watch.thresholds import Threshold, default_thresholds

__all__ = [
    "Alert",
    "AppriseNotifier",
    "Campaign",
    "CampaignFinder",
    "Checked",
    "Compliance",
    "Digest",
    "Feed",
    "FileNotifier",
    "IdentityReport",
    "Ledger",
    "Monitor",
    "Pair",
    "Party",
    "PrintNotifier",
    "Run",
    "SearchFeed",
    "SearchWords",
    "SelfCheck",
    "StoredMention",
    "Threshold",
    "WebhookNotifier",
    "Window",
    "compare",
    "default_thresholds",
    "digest",
    "facts_of",
    "find_campaigns",
    "searches",
]
