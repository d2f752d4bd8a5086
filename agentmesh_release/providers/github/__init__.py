"""GitHub: repositories, commits, pull requests, checks, releases and branch protection."""

from agentmesh_release.providers.github.alerts import Alert, AlertSource, OpenAlerts
from agentmesh_release.providers.github.app import App, Installed
from agentmesh_release.providers.github.assets import Asset
from agentmesh_release.providers.github.checks import (
    CheckResult,
    CheckRun,
    Checks,
    CommitStatus,
    Outcome,
    RequiredCheck,
)
from agentmesh_release.providers.github.client import GitHub, RateLimit
from agentmesh_release.providers.github.commits import ChangedFile, Commit, Comparison, Distance
from agentmesh_release.providers.github.contents import Directory, Entry, File
from agentmesh_release.providers.github.feedback import Feedback
from agentmesh_release.providers.github.hooks import Attempt, Webhook
from agentmesh_release.providers.github.protection import Demands, Protection, Unknown
from agentmesh_release.providers.github.pulls import PullCommits, PullRequest, Review, Reviews
from agentmesh_release.providers.github.releases import NewRelease, Release
from agentmesh_release.providers.github.repositories import Branch, Repository
from agentmesh_release.providers.github.tags import Tag

__all__ = [
    "Alert",
    "AlertSource",
    "App",
    "Asset",
    "Attempt",
    "Branch",
    "ChangedFile",
    "CheckResult",
    "CheckRun",
    "Checks",
    "Commit",
    "CommitStatus",
    "Comparison",
    "Demands",
    "Directory",
    "Distance",
    "Entry",
    "Feedback",
    "File",
    "GitHub",
    "Installed",
    "NewRelease",
    "OpenAlerts",
    "Outcome",
    "Protection",
    "PullCommits",
    "PullRequest",
    "RateLimit",
    "Release",
    "Repository",
    "RequiredCheck",
    "Review",
    "Reviews",
    "Tag",
    "Unknown",
    "Webhook",
]
