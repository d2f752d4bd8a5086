"""What a branch demands: classic protection and rulesets together, the stricter wins.

https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/about-rulesets
"""

from __future__ import annotations

from dataclasses import dataclass

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.fields import Fields, many
from agentmesh_release.providers.github.checks import RequiredCheck
from agentmesh_release.providers.github.connection import at, pages
from agentmesh_release.providers.http import Http


@dataclass(frozen=True)
class Unknown:
    """It could not be read. That is never the same as "unprotected"."""

    why: str


@dataclass(frozen=True)
class Demands:
    """What one source demands of a change to the branch. `message_patterns` are the regular
    expressions that every commit message has to match."""

    approvals_required: int
    required_checks: frozenset[RequiredCheck]
    up_to_date_required: bool
    allows_force_pushes: bool
    allows_deletion: bool
    binds_admins: bool | None
    kinds: tuple[str, ...] = ()
    dismisses_stale: bool = False
    message_patterns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Protection:
    """Both sources. A combined value is None where an unreadable source could change it.

    `branch_checks` are the required checks of the classic protection as the branch itself tells
    them to everybody who may read it; None where it does not.
    """

    classic: Demands | Unknown
    rules: Demands | Unknown
    branch_checks: frozenset[RequiredCheck] | None = None

    @property
    def is_known(self) -> bool:
        """Whether both sources were read."""
        return isinstance(self.classic, Demands) and isinstance(self.rules, Demands)

    def _both(self) -> tuple[Demands, Demands] | None:
        if isinstance(self.classic, Demands) and isinstance(self.rules, Demands):
            return self.classic, self.rules
        return None

    @property
    def approvals_required(self) -> int | None:
        """How many approving reviews a pull request needs, or None when that cannot be told."""
        both = self._both()
        return max(one.approvals_required for one in both) if both else None

    @property
    def required_checks(self) -> frozenset[RequiredCheck] | None:
        """The checks that must pass, or None when that cannot be told."""
        classic = self.branch_checks
        if isinstance(self.classic, Demands):
            classic = self.classic.required_checks
        if classic is None or isinstance(self.rules, Unknown):
            return None
        return classic | self.rules.required_checks

    @property
    def up_to_date_required(self) -> bool | None:
        """Whether a branch must hold the newest base. One readable "yes" is enough."""
        known = [one for one in (self.classic, self.rules) if isinstance(one, Demands)]
        if any(one.up_to_date_required for one in known):
            return True
        return False if self.is_known else None

    @property
    def at_least(self) -> Demands | None:
        """The readable source when only one is: a lower bound of what is demanded."""
        for one in (self.classic, self.rules):
            if isinstance(one, Demands):
                return one
        return None


class Protections:
    """The protection of branches."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def read(self, repo: str, branch: str) -> Protection:
        """Both sources; one that may not be read, or is "not found", is Unknown with the reason.

        Other failures (timeouts, limits) raise: they say nothing about the branch.
        """
        classic = self._classic(repo, branch)
        known = self._of_branch(repo, branch) if isinstance(classic, Unknown) else None
        return Protection(classic, self._rules(repo, branch), known)

    def _of_branch(self, repo: str, branch: str) -> frozenset[RequiredCheck] | None:
        """https://docs.github.com/en/rest/branches/branches#get-a-branch"""
        try:
            answer = self._http.get(at(repo, "branches", branch))
        except ProviderError as error:
            _unreadable(error)
            return None
        fields = Fields.of(answer.data, "GitHub's branch")
        if not fields.flag("protected"):
            return frozenset()
        checks = fields.part("protection").maybe_part("required_status_checks")
        return None if checks is None else _required(checks)

    def _classic(self, repo: str, branch: str) -> Demands | Unknown:
        """https://docs.github.com/en/rest/branches/branch-protection#get-branch-protection

        404 means unprotected to a token that may read it, and "you may not" to one that may not.
        """
        try:
            answer = self._http.get(at(repo, "branches", branch, "protection"))
        except ProviderError as error:
            return _unreadable(error)
        return _demands_of_classic(Fields.of(answer.data, "GitHub's branch protection"))

    def _rules(self, repo: str, branch: str) -> Demands | Unknown:
        """https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch

        Active rules only, the organisation's too; an empty list is an answer.
        """
        try:
            answers = list(pages(self._http, at(repo, "rules", "branches", branch)))
        except ProviderError as error:
            return _unreadable(error)
        where = "GitHub's list of rules"
        return _demands_of_rules([rule for page in answers for rule in many(page.data, where)])


def _unreadable(error: ProviderError) -> Unknown:
    if error.status in {403, 404} and error.permanent:
        return Unknown(error.message)
    raise error


def _demands_of_classic(fields: Fields) -> Demands:
    checks = fields.part("required_status_checks")
    reviews = fields.maybe_part("required_pull_request_reviews")
    approvals = 0 if reviews is None else reviews.maybe_whole("required_approving_review_count")
    return Demands(
        approvals_required=approvals or 0,
        required_checks=_required(checks),
        up_to_date_required=checks.flag("strict"),
        allows_force_pushes=fields.part("allow_force_pushes").flag("enabled"),
        allows_deletion=fields.part("allow_deletions").flag("enabled"),
        binds_admins=fields.part("enforce_admins").maybe_flag("enabled"),
        dismisses_stale=reviews is not None and reviews.flag("dismiss_stale_reviews"),
    )


def _required(checks: Fields) -> frozenset[RequiredCheck]:
    pinned = checks.parts("checks") if "checks" in checks.data else []
    named = {RequiredCheck(one.text("context"), _app(one, "app_id")) for one in pinned}
    names = {check.name for check in named}
    named |= {RequiredCheck(name) for name in checks.texts("contexts") if name not in names}
    return frozenset(named)


def _demands_of_rules(rules: list[Fields]) -> Demands:
    kinds = tuple(dict.fromkeys(rule.text("type") for rule in rules))
    reviews = _parameters(rules, "pull_request")
    checks = _parameters(rules, "required_status_checks")
    counts = [one.maybe_whole("required_approving_review_count") or 0 for one in reviews]
    return Demands(
        approvals_required=max(counts, default=0),
        required_checks=frozenset(
            RequiredCheck(check.text("context"), _app(check, "integration_id"))
            for one in checks
            for check in one.parts("required_status_checks")
        ),
        up_to_date_required=any(one.flag("strict_required_status_checks_policy") for one in checks),
        allows_force_pushes="non_fast_forward" not in kinds,
        allows_deletion="deletion" not in kinds,
        binds_admins=None,
        kinds=kinds,
        dismisses_stale=any(one.flag("dismiss_stale_reviews_on_push") for one in reviews),
        message_patterns=tuple(filter(None, map(_pattern, rules))),
    )


def _pattern(rule: Fields) -> str:
    """The regular expression of a rule on commit messages; other comparisons are none of them."""
    wanted = rule.part("parameters")
    if rule.text("type") != "commit_message_pattern" or wanted.flag("negate"):
        return ""
    is_regex = wanted.maybe_text("operator") == "regex"
    return wanted.maybe_text("pattern") or "" if is_regex else ""


def _parameters(rules: list[Fields], kind: str) -> list[Fields]:
    return [rule.part("parameters") for rule in rules if rule.text("type") == kind]


def _app(fields: Fields, key: str) -> int | None:
    """The pinned app; GitHub writes "any app" as null or -1."""
    app_id = fields.maybe_whole(key)
    return app_id if app_id is not None and app_id > 0 else None
