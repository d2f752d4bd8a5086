"""Reading a git repository on disk into a project: its commits, releases and draft."""

from .repository import Imported, import_repository
from .wishes import Wishes

__all__ = ["Imported", "Wishes", "import_repository"]
