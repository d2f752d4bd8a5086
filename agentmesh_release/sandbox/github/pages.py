"""What `html_url` points at: a plain page, so that an evidence link leads somewhere."""

from html import escape

from .. import clock, project
from ..project import OWNER, Project
from ..sandbox import Sandbox
from ..wire import Request, Response, as_html

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>{title}</title>
<link rel="stylesheet" href="/_control/style.css"></head>
<body><div class="sandbox"><main class="page"><p class="page-sub">Sandbox GitHub, {crumb}</p>
<h1 class="page-title">{title}</h1>
<pre class="text">{text}</pre><p><a href="/_control/">Sandbox</a></p></main></div>
</body></html>
"""


def is_page(request: Request) -> bool:
    """Whether a path below /github is for people: it starts with the owner's name."""
    return request.method == "GET" and request.segments[1:2] == [OWNER]


def answer(sandbox: Sandbox, request: Request) -> Response:
    """A page about a commit, a pull request, a tag or whatever else was linked."""
    _, _, name, *rest = [*request.segments, "", ""][:6]
    owner = project.named(sandbox, name)
    if owner is None:
        return as_html("<!doctype html><title>Not found</title><h1>Not found</h1>", 404)
    title, text = _content(sandbox, owner, [part for part in rest if part])
    body = PAGE.format(title=escape(title), text=escape(text), crumb=escape(owner.full_name))
    return as_html(body)


def _content(sandbox: Sandbox, owner: Project, rest: list[str]) -> tuple[str, str]:
    commit = owner.repository(sandbox).commit(rest[1]) if rest[:1] == ["commit"] else None
    if commit is None:
        return " ".join(rest) or owner.full_name, ""
    at = clock.iso(commit.committer.at_s * 1000)
    return commit.subject[:200], f"{commit.sha}\n{commit.author.name}, {at}\n\n{commit.message}"
