"""Check runs: those of the sandbox's own CI and those that were posted (FACTS 1.4, 1.5)."""

import json

from .. import clock, ids
from ..routing import Routes
from ..store import Row
from ..wire import Json, Response, as_json
from . import apps, ci
from .doors import NOT_FOUND, Place, Refusal, cause_of, in_repository, invalid, paging, text_field

routes = Routes()
_RUNS = "select * from check_runs left join check_run_apps using (id)"
STATUSES = ("queued", "in_progress", "completed")
CONCLUSIONS = (
    "success",
    "failure",
    "neutral",
    "cancelled",
    "skipped",
    "timed_out",
    "action_required",
)


def _shape(place: Place, sha: str, id_: int, body: Json) -> Json:
    page = f"{place.page}/commit/{sha}"
    return {
        "id": id_,
        "node_id": ids.node("check", str(id_)),
        "head_sha": sha,
        "external_id": "",
        "url": f"{place.api}/check-runs/{id_}",
        "html_url": page,
        "details_url": page,
        "check_suite": {"id": ids.number("suite", place.project.name, sha)},
        "output": {
            "title": None,
            "summary": None,
            "text": None,
            "annotations_count": 0,
            "annotations_url": f"{place.api}/check-runs/{id_}/annotations",
        },
        "app": None,
        "pull_requests": [],
    } | body


def _time(at: int | None) -> str | None:
    return clock.iso(at) if at is not None else None


def _of_ci(place: Place, sha: str) -> list[Json]:
    return [
        _shape(
            place,
            sha,
            ids.number("check", place.project.name, sha, run.name),
            {
                "name": run.name,
                "status": run.status,
                "conclusion": run.conclusion,
                "started_at": _time(run.started_at),
                "completed_at": _time(run.completed_at),
            },
        )
        for run in ci.runs(place.call.sandbox, place.project, sha)
    ]


def _of_row(place: Place, row: Row) -> Json:
    id_ = row["id"]
    base = _shape(place, row["sha"], id_, {})
    return base | {
        "app": apps.document(row["app"], place.call.request.origin) if row["app"] else None,
        "name": row["name"],
        "status": row["status"],
        "conclusion": row["conclusion"],
        "started_at": _time(row["started_at"]),
        "completed_at": _time(row["completed_at"]),
        "external_id": row["external_id"],
        "details_url": row["details_url"] or base["html_url"],
        "output": base["output"] | json.loads(row["output"]),
    }


@routes.get("/repos/{owner}/{repo}/commits/{ref}/check-runs")
@in_repository
def index(place: Place) -> Response:
    """All check runs of a commit; `filter=latest` (the default) keeps the newest of each name."""
    sha = place.resolve(place.call.params["ref"])
    rows = place.call.sandbox.store.rows(
        f"{_RUNS} where project = ? and sha = ? order by id desc",
        place.project.name,
        sha,
    )
    posted = [_of_row(place, row) for row in rows]
    if place.call.request.first("filter", "latest") == "latest":
        posted = [
            one
            for at, one in enumerate(posted)
            if one["name"] not in {earlier["name"] for earlier in posted[:at]}
        ]
    found = posted + _of_ci(place, sha)
    for field, query in (("name", "check_name"), ("status", "status")):
        if place.call.request.first(query):
            found = [one for one in found if one[field] == place.call.request.first(query)]
    wanted = paging(place.call)
    return as_json(
        {"total_count": len(found), "check_runs": list(wanted.cut(found))},
        headers=wanted.links(place.call, len(found)),
    )


def _values(body: Json, before: Row | None) -> Json:
    """The columns that a body sets; a conclusion forces `completed` (FACTS 1.5). Raises Refusal."""
    conclusion = body.get("conclusion", before["conclusion"] if before else None)
    status = (
        "completed"
        if body.get("conclusion")
        else body.get("status") or (before["status"] if before else "queued")
    )
    if status not in STATUSES:
        raise invalid("CheckRun", "status", "invalid")
    if conclusion is not None and conclusion not in CONCLUSIONS:
        raise invalid("CheckRun", "conclusion", "invalid")
    if status == "completed" and conclusion is None:
        raise invalid("CheckRun", "conclusion", "missing_field")
    output = body.get("output")
    kept = {key: output.get(key) for key in ("title", "summary", "text")} if output else {}
    now = clock.now_ms()
    return {
        "status": status,
        "conclusion": conclusion if status == "completed" else None,
        "started_at": before["started_at"] if before else now,
        "completed_at": now if status == "completed" else None,
        "external_id": str(body.get("external_id") or (before["external_id"] if before else "")),
        "details_url": body.get("details_url") or (before["details_url"] if before else None),
        "output": json.dumps(kept) if output or before is None else before["output"],
    }


@routes.post("/repos/{owner}/{repo}/check-runs")
@in_repository
def create(place: Place) -> Response:
    """Post a check run for a commit; only an App may (FACTS 1.5)."""
    app = _app(place)
    body = place.call.request.json()
    name = text_field(body, "name", "CheckRun")
    sha = place.resolve(text_field(body, "head_sha", "CheckRun"))
    values = {"project": place.project.name, "sha": sha, "name": name} | _values(body, None)
    with place.call.sandbox.store.transaction():
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        # The column names are this module's own words.
        sql = f"insert into check_runs ({columns}) values ({marks})"  # noqa: S608
        id_ = place.call.sandbox.store.write(sql, *values.values())
        place.call.sandbox.store.write(
            "insert into check_run_apps (id, app) values (?, ?)", id_, app
        )
        place.call.sandbox.journal.add(
            "github",
            "check_run_created",
            place.project.name,
            cause_of(place.call),
            sha=sha,
            name=name,
            status=values["status"],
            conclusion=values["conclusion"],
        )
    return as_json(_of_row(place, _row(place, str(id_))), 201)


@routes.patch("/repos/{owner}/{repo}/check-runs/{id}")
@in_repository
def update(place: Place) -> Response:
    """Change a posted check run."""
    _app(place)
    body = place.call.request.json()
    with place.call.sandbox.store.transaction():
        before = _row(place, place.call.params["id"])
        values = _values(body, before)
        columns = ", ".join(f"{name} = ?" for name in values)
        # The column names are this module's own words.
        sql = f"update check_runs set {columns} where id = ?"  # noqa: S608
        place.call.sandbox.store.write(sql, *values.values(), before["id"])
    return as_json(_of_row(place, _row(place, str(before["id"]))))


def _app(place: Place) -> int:
    app = apps.of_token(place.call.sandbox, place.call.request.bearer())
    if app is None:
        raise Refusal(403, "You must authenticate via a GitHub App.")
    return app


def _row(place: Place, id_: str) -> Row:
    row = place.call.sandbox.store.row(
        f"{_RUNS} where project = ? and id = ?", place.project.name, id_
    )
    if row is None:
        raise Refusal(404, NOT_FOUND)
    return row
