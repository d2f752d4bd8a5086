"""The sandbox: one loopback server that speaks the providers' APIs, so that no account is needed.

It is a program of its own (`python -m agentmesh_release.sandbox`); nothing of ours imports it and
it imports nothing of ours. Each vendor is a package or module with a `routes` table, listed in
`vendors`. "FACTS 2.4" names a section of the contracts' FACTS.md; the tests carry the same numbers.
"""
