"""5 · Who has done what, with which proof?

In: a `Plan`, people's moves, files. Out: a `Case` with its log, an evidence folder that can be checked offline, drafts of letters.
Where a step may go is a table in `moves`; how long a platform hears an appeal and the words of a draft are data.
"""

from negassoc.cases.case import Case
from negassoc.cases.changes import add_step, escalate, own_step, replan
from negassoc.cases.limits import AttemptLimit, appeal_limit, appeal_rules
from negassoc.cases.moves import STAGES, STATES, Stage, State
from negassoc.cases.store import SqliteStore, open_store
from negassoc.cases.task import Attempt, LogEntry, Task

__all__ = [
    "STAGES",
    "STATES",
    "Attempt",
    "AttemptLimit",
    "Case",
    "LogEntry",
    "SqliteStore",
    "Stage",
    "State",
    "Task",
    "add_step",
    "appeal_limit",
    "appeal_rules",
    "escalate",
    "open_store",
    "own_step",
    "replan",
]
