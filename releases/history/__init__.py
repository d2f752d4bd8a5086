"""Reads commits and tags out of any git repository on disk, without trusting anything in it."""

from releases.history.history import History, LoggedCommit, read_history
from releases.history.tags import Tag
from releases.history.unreadable import HistoryUnreadable

__all__ = ["History", "HistoryUnreadable", "LoggedCommit", "Tag", "read_history"]
