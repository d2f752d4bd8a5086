"""Vercel's JSON for our rows. Lists call a deployment's id `uid`, a single one `id` (FACTS 2.2)."""

from .. import clock, ids
from ..project import OWNER, Project
from ..sandbox import Sandbox
from ..wire import Json
from .deployments import PRODUCTION, Deployment, live, of

TEAM = "team_demo00000000000000000000"
CREATOR = {"uid": "usr_demo0000000000000000", "username": "demo", "email": "demo@example.com"}


def error(code: str, message: str) -> Json:
    """Vercel's error body (FACTS 2.1)."""
    return {"error": {"code": code, "message": message}}


def meta(one: Deployment) -> dict[str, str]:
    """The string map of git metadata; `githubCommitSha` is what ties a build to a commit."""
    values = {
        "githubCommitSha": one.sha,
        "githubCommitRef": one.ref,
        "githubCommitMessage": one.message,
        "githubCommitAuthorName": one.author,
        "githubCommitOrg": OWNER,
        "githubCommitRepo": one.project,
        "githubOrg": OWNER,
        "githubRepo": one.project,
        "githubDeployment": "1",
    }
    if one.pull is not None:
        values["githubPrId"] = str(one.pull)
    return values | {key: str(value) for key, value in (one.meta or {}).items()}


def _shared(one: Deployment, project: Project, live_id: str | None, origin: str) -> Json:
    body: Json = {
        "name": project.name,
        "projectId": project.vercel_id,
        "url": one.host,
        "target": one.target,
        "type": "LAMBDAS",
        "readyState": one.state,
        "createdAt": one.created_at,
        "meta": meta(one),
        "inspectorUrl": f"{origin}/vercel/{OWNER}/{project.name}/{one.id[4:]}",
        "aliasAssigned": one.promoted_at if one.promoted_at else None,
        "aliasError": None,
        "isRollbackCandidate": one.promoted_at is not None and one.id != live_id,
    }
    if one.substate:
        body["readySubstate"] = one.substate
    if one.building_at:
        body["buildingAt"] = one.building_at
    if one.ready_at:
        body["ready"] = one.ready_at
    if one.state == "ERROR":
        body |= {
            "errorCode": "BUILD_FAILED",
            "errorMessage": 'Command "npm run build" exited with 1',
        }
    return body


def listed(one: Deployment, project: Project, live_id: str | None, origin: str) -> Json:
    """One element of the list of deployments."""
    return _shared(one, project, live_id, origin) | {
        "uid": one.id,
        "created": one.created_at,
        "state": one.state,
        "creator": CREATOR,
        "source": "git",
    }


def single(one: Deployment, project: Project, live_id: str | None, origin: str) -> Json:
    """The answer to `GET /v13/deployments/{id}`."""
    is_live = one.id == live_id
    body = _shared(one, project, live_id, origin) | {
        "id": one.id,
        "status": one.state,
        "alias": [project.domain] if is_live else [],
        "aliasAssigned": one.promoted_at is not None,
        "bootedAt": one.building_at or one.created_at,
        "buildingAt": one.building_at or one.created_at,
        "buildSkipped": False,
        "build": {"env": []},
        "createdIn": "fra1",
        "creator": {"uid": CREATOR["uid"], "username": CREATOR["username"]},
        "env": [],
        "gitSource": {
            "type": "github",
            "org": OWNER,
            "repo": project.name,
            "ref": one.ref,
            "sha": one.sha,
            "prId": one.pull,
        },
        "isInConcurrentBuildsQueue": False,
        "isInSystemBuildsQueue": one.state == "QUEUED",
        "ownerId": TEAM,
        "plan": "hobby" if project.hobby else "pro",
        "projectSettings": {},
        "public": False,
        "regions": ["fra1"],
        "routes": None,
        "source": "git",
        "version": 2,
    }
    return body


def target(one: Deployment, project: Project) -> Json:
    """A deployment inside a project."""
    substate = {"readySubstate": one.substate} if one.substate else {}
    return substate | {
        "id": one.id,
        "name": project.name,
        "url": one.host,
        "alias": [project.domain],
        "aliasAssigned": one.promoted_at,
        "createdAt": one.created_at,
        "createdIn": "fra1",
        "creator": CREATOR,
        "deploymentHostname": one.host,
        "forced": False,
        "meta": meta(one),
        "plan": "hobby" if project.hobby else "pro",
        "private": True,
        "readyState": one.state,
        "requestedAt": one.created_at,
        "target": one.target,
        "teamId": TEAM,
        "type": "LAMBDAS",
        "userId": CREATOR["uid"],
    }


def project(sandbox: Sandbox, owner: Project) -> Json:
    """The answer to `GET /v9/projects/{id}`."""
    now = live(sandbox, owner)
    production = target(now, owner) if now else None
    body: Json = {
        "accountId": TEAM,
        "alias": [
            {
                "domain": owner.domain,
                "environment": PRODUCTION,
                "target": "PRODUCTION",
                "deployment": production,
            }
        ],
        "autoAssignCustomDomains": owner.auto_assign,
        "createdAt": owner.created_at,
        "updatedAt": clock.now_ms(),
        "defaultResourceConfig": {"functionDefaultRegions": ["fra1"]},
        "resourceConfig": {"functionDefaultRegions": ["fra1"]},
        "deploymentExpiration": {},
        "directoryListing": False,
        "framework": "nextjs",
        "id": owner.vercel_id,
        "lastAliasRequest": owner.last_alias_request,
        "lastRollbackTarget": {} if owner.rolled_back else None,
        "latestDeployments": [target(one, owner) for one in of(sandbox, owner)[:5]],
        "link": {
            "type": "github",
            "org": OWNER,
            "repo": owner.name,
            "productionBranch": owner.default_branch or "main",
            "sourceless": True,
            "gitCredentialId": "",
            "deployHooks": [],
        },
        "live": True,
        "name": owner.name,
        "nodeVersion": "22.x",
        "targets": {PRODUCTION: production},
    }
    if owner.rollback_description:
        body["rollbackDescription"] = owner.rollback_description
    return body


def variable(owner: Project, name: str, targets: tuple[str, ...]) -> Json:
    """An environment variable with its value sealed."""
    return {
        "id": ids.derived("env_", owner.name, name, length=16),
        "key": name,
        "value": "",
        "type": "sensitive",
        "target": list(targets),
        "createdAt": owner.created_at,
        "updatedAt": owner.created_at,
        "decrypted": False,
        "securityIssues": [],
    }
