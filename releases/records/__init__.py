"""The record of a release: everything that is known of how it came about, for an auditor."""
