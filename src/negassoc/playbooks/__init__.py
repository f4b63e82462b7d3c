"""4 · What do we do, in which order, and what never?"""

from negassoc.playbooks.action import Action, Blocked, Plan

__all__ = ["Action", "Blocked", "Plan"]
