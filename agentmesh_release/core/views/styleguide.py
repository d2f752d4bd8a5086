"""Every part in every state on one page, with the story of the design's mocks. Demo world only."""

from datetime import datetime, timedelta
from math import sin
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from .. import pages
from ..access import READ, permitted
from ..charts import Chart, Mark, chart
from ..gates import Item, Verdict
from ..paging import Page
from ..uptime import Bar, bars
from ..world import is_demo

STATES = (
    ("passed", "", "Evidence is there, fresh, and good."),
    ("failed", "", "Evidence is there and bad. Blocks."),
    ("inconclusive", "", "Missing, stale or unreachable. Unknown is not pass. Blocks."),
    ("pending", "", "Somebody or something has yet to answer. Blocks."),
    ("waived", "", "A named person let it through, with a reason and an end."),
    ("running", "", "Happening now. The only thing that moves."),
    ("live", "", "Serves production."),
    ("next", "", "Comes after what runs now."),
    ("off", "", "A switch somebody turned off."),
    ("degraded", "", "A component that answers, badly."),
    ("maintenance", "", "Paused on purpose, and announced."),
    ("open", "INC-42 open", "An incident that nobody has resolved yet."),
    ("held", "", "Automation is kept back after a rollback, until a person promotes."),
    ("outside", "", "Production changed and no operation of ours explains it."),
    ("rolled-back", "", "Was live, was taken back. Always with a link to why."),
    ("superseded", "", "A rollback took over. It does nothing more."),
    ("cancelled", "", "A person stopped it between two steps."),
)


class ReasonForm(forms.Form):
    """A form as pages use them, to show its fields."""

    reason = forms.CharField(help_text="Goes into the audit log and #releases.")
    channel = forms.ChoiceField(choices=[("releases", "#releases"), ("devops", "#devops")])
    message = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), required=False)


@require_GET
@permitted(READ)
def styleguide(request: HttpRequest) -> HttpResponse:
    """All parts; 404 in a real world."""
    if not is_demo():
        raise Http404
    now = timezone.now()
    context: dict[str, Any] = {
        "states": STATES,
        "blocking": _blocking(now),
        "clear": _clear(now),
        "ticks": ["passed"] * 6 + ["waived", "failed", "inconclusive", "pending"],
        "long_ago": now - timedelta(days=3),
        "ages": [now - timedelta(seconds=s) for s in (0, 4, 400, 8600, 90_000, 900_000)],
        "form": ReasonForm({"reason": "", "channel": "devops"}),
        "charts": [_latency(now), _errors(now)],
        "empty_chart": _unmeasured(now),
        "uptime": _uptime(now),
        "list_page": Page([], older="?before=1", newest="?"),
        "since": now - timedelta(minutes=5, seconds=40),
    }
    return pages.render(request, "core/styleguide.html", context)


def _blocking(now: datetime) -> list[Item]:
    return [
        Item(
            "incident", "No open incident",
            Verdict(
                "failed", "INC-42 (SEV1) is open on api.",
                "Clears when Cleo, who runs it, resolves it.", "INC-42", "#gates",
                now - timedelta(minutes=7),
            ),
        ),
        Item(
            "slo", "Performance within SLO",
            Verdict(
                "inconclusive", "Preview served 41 requests; 200 are needed to judge p95.",
                "Anyone may run the load test: about 4 min.", "Preview metrics", "#gates",
                now - timedelta(minutes=1),
            ),
        ),
        Item(
            "approvals", "Approvals",
            Verdict(
                "pending", "1 of 2. Ben approved.", "Cleo may; nobody else is left who may.",
                "Approvals", "#gates", now - timedelta(minutes=41),
            ),
        ),
    ]  # fmt: skip


def _clear(now: datetime) -> list[Item]:
    return [
        Item(
            "security", "Security scan clean",
            Verdict(
                "waived", "1 high finding, in esbuild 0.24.1.",
                "Ben waived it until Friday 18:00: “Build tool only; it does not ship.”",
                "Scan report", "#gates", now - timedelta(hours=3),
            ),
        ),
        Item(
            "ci", "Tests passing",
            Verdict("passed", "14 checks on 4be07d2 passed.", "", "CI run 5521", "#gates", now),
        ),
    ]  # fmt: skip


def _latency(now: datetime) -> Chart:
    start = now - timedelta(minutes=20)
    points = [
        (start + timedelta(seconds=30 * i), 212 + 6 * sin(i * 1.7) + max(0, i - 30))
        for i in range(41)
    ]
    return chart(
        "latency", "Latency, p95", points, unit="ms", start=start, end=now + timedelta(minutes=10),
        limit=300, marks=[Mark(now - timedelta(minutes=5), "v1.8.2 live", is_main=True)],
        word="Within its limit", note="212 ms before, limit 300 ms", places=0,
    )  # fmt: skip


def _errors(now: datetime) -> Chart:
    start = now - timedelta(minutes=20)
    points: list[tuple[datetime, float | None]] = [
        (start + timedelta(seconds=30 * i), 0.03 + 0.01 * sin(i) + max(0, (i - 30) * 0.03) ** 1.4)
        for i in range(41)
    ]
    points[12:15] = [(at, None) for at, _ in points[12:15]]
    return chart(
        "errors", "Error rate", points, unit="%", start=start, end=now + timedelta(minutes=10),
        limit=0.1, state="breached", note="0.03 % before, limit 0.1 %", places=2,
        marks=[
            Mark(now - timedelta(minutes=5), "v1.8.2 live", is_main=True),
            Mark(now - timedelta(minutes=2), "writes off"),
        ],
    )  # fmt: skip


def _unmeasured(now: datetime) -> Chart:
    return chart(
        "unmeasured", "Availability", [], unit="%", start=now - timedelta(minutes=15), end=now,
        state="inconclusive", note="Prometheus has not answered for 4 min.",
    )  # fmt: skip


def _uptime(now: datetime) -> list[Bar]:
    unusual = {14: "outage", 41: "maintenance", 57: "degraded", 89: "degraded"}
    return bars([(now.date() - timedelta(days=89 - i), unusual.get(i, "")) for i in range(90)])
