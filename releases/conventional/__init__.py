"""Commit messages, versions and changelogs as pure functions: no database, no clock, no network."""
