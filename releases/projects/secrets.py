"""Secrets are named, never typed in (DESIGN, invariant 11): which names will do, and what looks
like a secret itself."""

import re
from dataclasses import dataclass

_NAME = re.compile(r"[A-Z][A-Z0-9_]{2,59}")
# What vendors begin their tokens with, addresses with a password, private keys; and what has the
# length and the mix of letters of a token without a mark.
_SECRET = re.compile(
    r"gh[pousr]_\w{16,}|github_pat_\w{16,}|sbp_\w{16,}|sb_secret_\w{8,}|vc[a-z]_\w{16,}"
    r"|xox[a-z]-[\w-]{10,}|eyJ[\w-]{8,}\.[\w-]{8,}|://[^/@\s]*:[^/@\s]+@|PRIVATE KEY"
    r"|^(?=[^\s]*[0-9])(?=[^\s]*[a-z])(?=[^\s]*[A-Z])[A-Za-z0-9]{24,}$"
)
# The house's own, which no provider is to be sent.
OURS = frozenset(
    {
        "DATABASE_URL",
        "DATABASE_DIRECT_URL",
        "DATABASE_OWNER_URL",
        "TEST_DATABASE_URL",
        "SECRET_KEY",
        "AUDIT_KEY",
    }
)
KEPT_NOT = "It was not kept."


def looks_secret(text: str) -> bool:
    """Whether this may be a token, a key or an address with a password."""
    return _SECRET.search(text) is not None


@dataclass(frozen=True)
class SecretName:
    """A field for the name of a secret. The name has to have one of `words` in it: so nobody can
    have the secret of one provider, or of the house, sent to the address of another."""

    words: tuple[str, ...]
    example: str

    def wrong(self, name: str) -> str:
        """What is wrong with that name, as a sentence that does not quote it; empty when it will
        do."""
        if not _NAME.fullmatch(name):
            return (
                "That is no name of a variable; a secret is never typed in. Put it into an "
                f"environment variable or a file, and enter the name here, such as {self.example}. "
                f"{KEPT_NOT}"
            )
        if name.endswith("_FILE"):
            return f"Leave _FILE away: it is looked for by itself. Enter {self.example}."
        if name in OURS:
            return f"That is a secret of AgentMesh Release itself. Enter another, {self.example}."
        if not any(word in name for word in self.words):
            words = " or ".join(self.words)
            return f"The name has to have {words} in it, as in {self.example}."
        return ""


GITHUB = SecretName(("GITHUB",), "GITHUB_TOKEN")
VERCEL = SecretName(("VERCEL",), "VERCEL_TOKEN")
SUPABASE = SecretName(("SUPABASE",), "SUPABASE_ACCESS_TOKEN")
PROMETHEUS = SecretName(("PROMETHEUS",), "PROMETHEUS_TOKEN")
APP_DATABASE = SecretName(("DATABASE", "POSTGRES"), "APP_DATABASE_URL")
