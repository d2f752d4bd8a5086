"""What roles may do with releases."""

from agentmesh_release.core.access import READ, allow
from agentmesh_release.core.models import Role
from agentmesh_release.core.registries import scopes
from agentmesh_release.core.rights import offer

from .models.project import Project

SET_UP = "project.set_up"
SEE_SETTINGS = "project.see_settings"

allow(SET_UP, "set up projects")
allow(SEE_SETTINGS, "see how a project is set up", Role.RELEASE_MANAGER)
allow("release.cut", "cut a release", Role.RELEASE_MANAGER)
allow("release.withdraw", "withdraw a release", Role.RELEASE_MANAGER)
allow("promotion.ask", "ask for a promotion", Role.RELEASE_MANAGER)
allow("promotion.check", "have the gates checked again", Role.RELEASE_MANAGER, Role.ON_CALL)
allow("promotion.approve", "approve a promotion", Role.RELEASE_MANAGER, Role.ON_CALL)
allow("promotion.execute", "promote to production", Role.RELEASE_MANAGER)
allow("promotion.cancel", "cancel a promotion", Role.RELEASE_MANAGER, Role.ON_CALL)
allow("rollback.start", "roll back", Role.RELEASE_MANAGER, Role.ON_CALL)
allow("production.adopt", "adopt a change", Role.RELEASE_MANAGER, Role.ON_CALL)
allow("policy.change", "change how versions are made", Role.RELEASE_MANAGER)
allow("evidence.ask", "have its evidence read again", Role.RELEASE_MANAGER, Role.ON_CALL)
allow("known_issue.add", "note a known issue", Role.RELEASE_MANAGER, Role.ON_CALL)
allow("known_issue.close", "close a known issue", Role.RELEASE_MANAGER, Role.ON_CALL)
allow("notes.edit", "edit the notes of a release", Role.RELEASE_MANAGER)
allow("report.send", "send reports", Role.RELEASE_MANAGER, Role.ON_CALL)
allow("trunk.check", "have the trunk read again", Role.RELEASE_MANAGER, Role.ON_CALL)
allow("trunk.report", "have verdicts reported to GitHub")

offer("reports:write", "send reports and files about commits", "report.send")
offer("promotable:read", "read whether a release may go out, and on what evidence", READ)
offer("releases:cut", "cut releases, and follow them", "release.cut")

scopes.register("projects", lambda: list(Project.objects.values_list("slug", "name")))
