"""4 · What do we do, in which order, and what never?

In: a `Classification`, several of one incident, or just a type. Out: a `Plan` of ordered `Action`s and what the guards refuse.
Steps, channels, laws, guards and the programme are data in `data/` (`playbooks/*.toml`, `channels.toml`, `laws.toml`, `guards.toml`,
`programme.toml`); a new step, deadline or channel is a line there. Something that must never be advised is a guard.
"""

from negassoc.playbooks.action import Action, Blocked, Plan
from negassoc.playbooks.due import Deadline, Due, Window, add_working_days, beijing, chinese_workday
from negassoc.playbooks.guards import Guard, Guards
from negassoc.playbooks.hours import Hours
from negassoc.playbooks.incidents import Change, Incident, PlanDiff, diff, incidents
from negassoc.playbooks.plan import plan, plan_for_type
from negassoc.playbooks.playbook import Channel, Law, Playbook, Playbooks, Step
from negassoc.playbooks.programme import DueTask, Programme, Review, Task
from negassoc.playbooks.refusals import Refusal, never_and_waiting
from negassoc.playbooks.situation import Situation
from negassoc.playbooks.wording import Spoken, TextReview

__all__ = [
    "Action", "Blocked", "Change", "Channel", "Deadline", "Due", "DueTask", "Guard", "Guards", "Hours", "Incident", "Law", "Plan",
    "PlanDiff", "Playbook", "Playbooks", "Programme", "Refusal", "Review", "Situation", "Spoken", "Step", "Task", "TextReview", "Window",
    "add_working_days", "beijing", "chinese_workday", "diff", "incidents", "never_and_waiting", "plan", "plan_for_type",
]  # fmt: skip
