from .activation import Activation
from .approval import Approval
from .artifact import Artifact
from .branch_protection import BranchProtection
from .build_log import BuildLog
from .check_summary import CheckSummary
from .commit import Commit
from .delivery import Delivery
from .deployment import Deployment
from .dossier import Dossier
from .draft import Draft
from .edited_notes import EditedNotes
from .environment import Environment
from .hold import Hold
from .known_issue import KnownIssue
from .migration_reading import MigrationReading
from .project import Project
from .promotion import Promotion
from .public_changelog import PublicChangelog
from .publication import Publication
from .pull_feedback import PullFeedback
from .pull_reading import PullReading
from .pull_request import PullRequest
from .release import Release
from .release_pull import ReleasePull
from .repository_hook import RepositoryHook
from .rollback import Rollback
from .security_reading import SecurityReading

__all__ = [
    "Activation",
    "Approval",
    "Artifact",
    "BranchProtection",
    "BuildLog",
    "CheckSummary",
    "Commit",
    "Delivery",
    "Deployment",
    "Dossier",
    "Draft",
    "EditedNotes",
    "Environment",
    "Hold",
    "KnownIssue",
    "MigrationReading",
    "Project",
    "Promotion",
    "PublicChangelog",
    "Publication",
    "PullFeedback",
    "PullReading",
    "PullRequest",
    "Release",
    "ReleasePull",
    "RepositoryHook",
    "Rollback",
    "SecurityReading",
]
