"""5 · Who has done what, with which proof?

In: a `Plan`, people's moves, files. Out: a `Case` with its log, an evidence folder that can be checked offline, drafts of letters.
Where a step may go is a table in `moves`; how long a platform hears an appeal and the words of a draft are data.
"""

from negassoc.cases.case import Case
from negassoc.cases.changes import add_step, escalate, own_step, replan
from negassoc.cases.custody import Custody, EvidenceFolder, Verification
from negassoc.cases.drafts import Draft, DraftInput, check_wording, draft, load_skeletons, skeletons
from negassoc.cases.evidence import (
    AuthorRecord,
    CapturedAuthor,
    Claim,
    Evidence,
    EvidenceGrade,
    advise_grade,
    evidence_texts,
    repeated_authors,
)
from negassoc.cases.filing import Gap, ReportPack, check_report, must_be_complete
from negassoc.cases.kpi import Kpi, kpi_definitions, measure
from negassoc.cases.limits import AttemptLimit, appeal_limit, appeal_rules
from negassoc.cases.masking import Masked, mask
from negassoc.cases.moves import STAGES, STATES, Stage, State
from negassoc.cases.rfc3161 import authority, timestamp, timestamped_at
from negassoc.cases.store import SqliteStore, open_store
from negassoc.cases.task import Attempt, LogEntry, Task
from negassoc.cases.webpage import Capture, capture

__all__ = [
    "STAGES",
    "STATES",
    "Attempt",
    "AttemptLimit",
    "AuthorRecord",
    "Capture",
    "CapturedAuthor",
    "Case",
    "Claim",
    "Custody",
    "Draft",
    "DraftInput",
    "Evidence",
    "EvidenceFolder",
    "EvidenceGrade",
    "Gap",
    "Kpi",
    "LogEntry",
    "Masked",
    "ReportPack",
    "SqliteStore",
    "Stage",
    "State",
    "Task",
    "Verification",
    "add_step",
    "advise_grade",
    "appeal_limit",
    "appeal_rules",
    "authority",
    "capture",
    "check_report",
    "check_wording",
    "draft",
    "escalate",
    "evidence_texts",
    "kpi_definitions",
    "load_skeletons",
    "mask",
    "measure",
    "must_be_complete",
    "open_store",
    "own_step",
    "repeated_authors",
    "replan",
    "skeletons",
    "timestamp",
    "timestamped_at",
]
