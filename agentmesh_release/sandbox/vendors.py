"""The vendors in one table. A new one has routes, an answer, a way to refuse, and a line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from . import pagerduty, slack, supabase
from .control import page as control
from .github import api as github
from .prometheus import api as prometheus
from .sandbox import Sandbox
from .vercel import api as vercel
from .wire import Request, Response

Answer = Callable[[Sandbox, Request], Response]
Refuse = Callable[[int, Mapping[str, str]], Response]


@dataclass(frozen=True)
class Vendor:
    """Who answers below a prefix, and in which words it says no."""

    name: str
    prefix: str
    answer: Answer
    refuse: Refuse
    can_fail: bool = True

    def owns(self, path: str) -> bool:
        """Whether a path is below this vendor's prefix."""
        return path == self.prefix or path.startswith(self.prefix + "/")


VENDORS = (
    Vendor("github", "/github", github.answer, github.refuse),
    Vendor("vercel", "/vercel", vercel.answer, vercel.refuse),
    Vendor("supabase", "/supabase", supabase.answer, supabase.refuse),
    Vendor("prometheus", "/prometheus", prometheus.answer, prometheus.refuse),
    Vendor("slack", "/slack", slack.answer, slack.refuse),
    Vendor("pagerduty", "/pagerduty", pagerduty.answer, pagerduty.refuse),
    Vendor("control", "/_control", control.answer, control.refuse, can_fail=False),
)
