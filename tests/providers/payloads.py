"""GitHub's objects with the fields that matter, as small as they can be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.providers.stub import Seen, Stub, Talk, reply

SHA = "a" * 40
REPO = "demo/agentmesh"


def commit(number: int = 0, message: str = "feat: it") -> dict[str, object]:
    when = {"name": "Ada", "email": "ada@agentmesh.example", "date": "2026-01-02T03:04:05Z"}
    return {
        "sha": f"{number:040x}",
        "html_url": f"https://github.com/{REPO}/commit/{number:040x}",
        "commit": {"message": message, "author": when, "committer": when},
        "author": {"login": "ada"},
        "parents": [],
    }


def pull(number: int = 7, **more: object) -> dict[str, object]:
    return {
        "number": number,
        "title": "feat: it",
        "state": "open",
        "draft": False,
        "merged_at": None,
        "merge_commit_sha": None,
        "head": {"ref": "it", "sha": SHA},
        "base": {"ref": "main", "sha": SHA},
        "user": {"login": "ada"},
        "created_at": "2026-01-02T03:04:05Z",
        "updated_at": "2026-01-02T03:04:05Z",
        "html_url": f"https://github.com/{REPO}/pull/{number}",
        "labels": [{"name": "release"}],
        **more,
    }


def review(login: str, state: str, sha: str = SHA) -> dict[str, object]:
    return {"id": 1, "user": {"login": login}, "state": state, "commit_id": sha}


def run(
    name: str, conclusion: str | None = "success", status: str = "completed", app: int = 15368
) -> dict[str, object]:
    return {
        "id": 1,
        "name": name,
        "status": status,
        "conclusion": conclusion,
        "app": {"id": app, "slug": "github-actions"},
        "head_sha": SHA,
    }


def status(context: str, state: str) -> dict[str, object]:
    return {"context": context, "state": state, "description": None, "target_url": None}


def ci(
    stub: Stub,
    runs: Sequence[dict[str, object]] = (),
    statuses: Sequence[dict[str, object]] = (),
) -> None:
    """Let the stub say this of the commit SHA."""
    at = f"/repos/{REPO}/commits/{SHA}"
    stub.route(f"{at}/check-runs", reply({"total_count": len(runs), "check_runs": list(runs)}))
    combined = {"state": "pending", "total_count": len(statuses), "statuses": list(statuses)}
    stub.route(f"{at}/status", reply(combined))


def paged(stub: Stub, path: str, items: Iterable[object], wrap: dict[str, object] | None = None,
          key: str = "", page_size: int = 100) -> None:  # fmt: skip
    """Serve a list in pages with Link headers, as GitHub does; with `key` inside an object."""
    every = list(items)

    def answer(seen: Seen) -> Talk:
        page = int(seen.query.get("page", "1"))
        per_page = min(int(seen.query.get("per_page", "30")), page_size)
        shown = every[(page - 1) * per_page : page * per_page]
        data: object = {**(wrap or {}), key: shown} if key else shown
        if page * per_page >= len(every):
            return reply(data)
        query = f"per_page={per_page}&page={page + 1}"
        first = f'<{stub.url}{seen.raw_path}?page=1>; rel="first"'
        return reply(data, link=f'<{stub.url}{seen.raw_path}?{query}>; rel="next", {first}')

    stub.routes[path] = answer
