"""What the trunk rules are called, and our own word on them at GitHub, which is no CI."""

CONTEXT = "agentmesh/trunk-rules"
CI, APPROVAL, UP_TO_DATE, CONVENTIONAL = "ci-green", "approval", "up-to-date", "conventional"
RULES = {
    CI: "Green CI",
    APPROVAL: "Approved",
    UP_TO_DATE: "Up to date",
    CONVENTIONAL: "Conventional",
}


def is_ours(name: str) -> bool:
    """Whether a check or status of that name is what we said ourselves."""
    return name == CONTEXT or name.startswith(f"{CONTEXT}/")


def context_of(slug: str, folder: str) -> str:
    """Of several projects in one repository each has a say of its own."""
    return f"{CONTEXT}/{slug}" if folder else CONTEXT
