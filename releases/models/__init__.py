from .activation import Activation
from .approval import Approval
from .artifact import Artifact
from .check_summary import CheckSummary
from .commit import Commit
from .deployment import Deployment
from .draft import Draft
from .environment import Environment
from .hold import Hold
from .migration_reading import MigrationReading
from .project import Project
from .promotion import Promotion
from .pull_request import PullRequest
from .release import Release
from .rollback import Rollback

__all__ = [
    "Activation",
    "Approval",
    "Artifact",
    "CheckSummary",
    "Commit",
    "Deployment",
    "Draft",
    "Environment",
    "Hold",
    "MigrationReading",
    "Project",
    "Promotion",
    "PullRequest",
    "Release",
    "Rollback",
]
