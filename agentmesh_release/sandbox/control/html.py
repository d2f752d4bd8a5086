"""The page itself: frame, statement, sections. It works without any script."""

from html import escape
from urllib.parse import quote

from .. import project as projects
from ..project import Project
from ..sandbox import Sandbox
from . import alertsection, productionsection, providersection, tokens, trunksection
from .elements import Frame, icon
from .view import View, gather

MOST_SEGMENTS = 5
EXPLAINED = (
    "It stands for GitHub, Vercel, Supabase, Prometheus and whoever is told. What you change here,"
    " the product finds out as it would from them."
)


def page(sandbox: Sandbox, notice: str, wanted: str) -> str:
    """The whole page for one project (the first, when none is wanted)."""
    owners = projects.every(sandbox)
    chosen = next((one for one in owners if one.name == wanted), owners[0] if owners else None)
    frame = Frame(tokens.token(sandbox), chosen.name if chosen else "")
    view = gather(sandbox, chosen) if chosen else None
    parts = [_head(sandbox, owners, view), _notice(notice)]
    if view is None:
        parts.append(_empty())
    else:
        parts += [
            productionsection.strip(view),
            trunksection.trunk(frame, view),
            trunksection.automation(frame, view),
            productionsection.production(frame, view),
            productionsection.outside(frame, view),
            alertsection.alerts(sandbox, frame, view),
        ]
    parts += [
        providersection.providers(sandbox, frame),
        providersection.pace(sandbox, frame),
        providersection.happened(sandbox),
    ]
    return _document(sandbox, "".join(parts))


def _document(sandbox: Sandbox, content: str) -> str:
    product = sandbox.options.product_url
    back = f'<a href="{escape(product)}">Back to AgentMesh Release</a>' if product else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">'
        '<meta name="color-scheme" content="light dark"><title>Sandbox · AgentMesh Release</title>'
        '<link rel="icon" href="/_control/static/icon.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/_control/style.css"></head><body>'
        '<a class="skip" href="#content">Skip to content</a><div class="sandbox">'
        f'<header class="topline"><a class="brand" href="/_control/">{icon("sandbox")}'
        f'<span>Sandbox</span></a><nav class="back" aria-label="Elsewhere">{back}'
        f'</nav></header><main class="page" id="content" tabindex="-1">{content}</main></div>'
        "</body></html>"
    )


def _head(sandbox: Sandbox, owners: list[Project], view: View | None) -> str:
    return (
        '<div class="page-head"><div class="page-head-text">'
        f'<h1 class="page-title">{_statement(sandbox, view)}</h1>'
        f'<p class="page-sub">{EXPLAINED}</p></div>{_choice(owners, view)}</div>'
    )


def _statement(sandbox: Sandbox, view: View | None) -> str:
    """How things are, in one sentence."""
    broken = {fault.provider for fault in sandbox.faults.all()}
    if "*" in broken:
        return "No provider answers as it should"
    if broken:
        names = " and ".join(sorted(providersection.NAMES[one] for one in broken))
        return f"{names} {'does' if len(broken) == 1 else 'do'} not answer as usual"
    if view is None:
        return "No repository is here yet"
    name = escape(view.project.name)
    if view.conditions or view.live_is_bad:
        return f"{name} is not well"
    if view.project.auto_assign:
        return f"{name} goes live by itself"
    return "All is normal"


def _choice(owners: list[Project], view: View | None) -> str:
    """Which project: side by side for a few, a list for many."""
    if view is None or len(owners) < 2:
        return f"<p>{escape(owners[0].full_name)}</p>" if owners else ""
    if len(owners) <= MOST_SEGMENTS:
        links = "".join(_segment(one, is_current=one.name == view.project.name) for one in owners)
        return f'<nav class="segments" aria-label="Project">{links}</nav>'
    options = "".join(
        f"<option{' selected' if one.name == view.project.name else ''}>{escape(one.name)}</option>"
        for one in owners
    )
    return (
        '<form class="row" method="get" action="/_control/"><label class="visually-hidden"'
        ' for="project">Project</label><select class="input project" id="project" name="project">'
        f'{options}</select><button class="button" type="submit">Show</button></form>'
    )


def _segment(owner: Project, *, is_current: bool) -> str:
    mark = ' aria-current="true"' if is_current else ""
    return f'<a href="/_control/?project={quote(owner.name)}"{mark}>{escape(owner.name)}</a>'


def _notice(sentence: str) -> str:
    if not sentence:
        return ""
    kind, drawing = ("failed", "failed") if sentence.startswith("!") else ("passed", "passed")
    said = escape(sentence.removeprefix("!"))
    return (
        f'<div class="notices" role="status" id="notice"><div class="notice" data-state="{kind}">'
        f"{icon(drawing)}<p>{said}</p></div></div>"
    )


def _empty() -> str:
    return (
        '<div class="empty"><h2>No repository</h2><p>The product registers its repository when its'
        " demo world is made. Start it, then reload this page.</p></div>"
    )
