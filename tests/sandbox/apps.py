"""A GitHub App that the sandbox knows: its key, its signature, its tokens."""

import time
from functools import cache
from itertools import count
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from .running import Running

_numbers = count(1000)


@cache
def key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


class App:
    """One App, installed."""

    def __init__(self, sandbox: Running) -> None:
        self.sandbox, self.id = sandbox, next(_numbers)
        self.pem = key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        self.be("installed")

    def be(self, state: str) -> None:
        """Installed, suspended or removed."""
        public = key().public_key()
        text = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        self.sandbox.act("app", id=self.id, public_key=text, state=state)

    def signature(self, **claims: Any) -> dict[str, str]:
        """The header of a call that it signed."""
        now = int(time.time())
        usual = {"iat": now - 60, "exp": now + 540, "iss": str(self.id)}
        token = jwt.encode({**usual, **claims}, key(), algorithm="RS256")
        return {"Authorization": f"Bearer {token}"}

    def installation(self, repository: str) -> Any:
        path = f"/github/repos/{repository}/installation"
        return self.sandbox.get(path, headers=self.signature())["id"]

    def token(self, repository: str) -> dict[str, str]:
        """The header of a call that it makes for that repository."""
        path = f"/github/app/installations/{self.installation(repository)}/access_tokens"
        answer = self.sandbox.ask("POST", path, {}, headers=self.signature())
        assert answer.status == 201, answer
        return {"Authorization": f"Bearer {answer.body['token']}"}
