"""The only HTTP client of the house, on requests.

It owns what every provider call needs: timeouts and a deadline for the whole call, retries of
what may be repeated, rate limits and a budget per token, ETags, a size cap, and sentences that
never hold a secret. It reads no environment, no .netrc and no settings, and follows no redirect
to another host.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.exceptions import RequestException
from requests.structures import CaseInsensitiveDict

from agentmesh_release.providers import background, deadlines
from agentmesh_release.providers.addresses import AddressGuard
from agentmesh_release.providers.answers import (
    Answer,
    Headers,
    Refusal,
    Vendor,
    error_text,
)
from agentmesh_release.providers.asks import Ask, Param, checked_base, checked_headers, origin
from agentmesh_release.providers.bearers import Bearer
from agentmesh_release.providers.budget import Budget
from agentmesh_release.providers.dates import asked_at
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.etags import EtagCache, Known
from agentmesh_release.providers.failures import in_words, never_sent
from agentmesh_release.providers.redirects import REDIRECTS, redirected
from agentmesh_release.providers.repeats import Repeats
from agentmesh_release.providers.sockets import PacedAdapter, Timeouts, calling
from agentmesh_release.providers.wire import parse_json

__all__ = ["Answer", "Ask", "Http", "ProviderError", "Repeats", "Timeouts"]

LONGEST_REDIRECT_CHAIN = 3


class Http:
    """A client of one vendor with one token; thread-safe, and safe after a fork."""

    def __init__(
        self,
        vendor: Vendor,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        secret: str = "",
        bearer: Bearer | None = None,
        timeouts: Timeouts | None = None,
        budget: Budget | None = None,
        etags: EtagCache | None = None,
        guard: AddressGuard | None = None,
        ca_file: str | None = None,
        max_bytes: int = 10_000_000,
        repeats: Repeats | None = None,
    ) -> None:
        self.vendor, self.base_url = vendor, checked_base(vendor.name, base_url)
        self.timeouts = timeouts or Timeouts()
        self.budget, self.etags, self.guard = budget, etags, guard
        self.max_bytes, self.repeats = max_bytes, repeats or Repeats()
        self._secret, self._headers = secret, checked_headers(vendor.name, headers or {})
        self._bearer = bearer
        self._verify: bool | str = ca_file or True
        self._adapter: tuple[int, PacedAdapter] | None = None

    def __repr__(self) -> str:
        return f"<Http {self.vendor.name} {self.base_url}>"

    def ask(self, ask: Ask) -> Answer:
        """Make the call; raise ProviderError for everything but an expected answer.

        Repeats what may be repeated while the pause is short and the whole call's time is not up;
        a longer wait is the caller's (`retry_after`). It ends by `deadlines.latest()`.
        """
        deadline = min(time.monotonic() + self.timeouts.total_s, deadlines.latest())
        attempt = 1
        former: ProviderError | None = None
        while True:
            try:
                return self._once(ask, deadline)
            except ProviderError as error:
                if former is not None and time.monotonic() >= deadline:
                    raise former from None  # it says more than that the time was up
                pause = self.repeats.pause(error, attempt)
                if ask.writes or pause is None or time.monotonic() + pause > deadline:
                    raise
                former = error
            time.sleep(pause)
            attempt += 1

    def get(self, path: str, /, **params: Param) -> Answer:
        """GET JSON from a path."""
        return self.ask(Ask("GET", path, params))

    def _once(self, ask: Ask, deadline: float) -> Answer:
        if self.budget is None:
            return self._judge(ask, self._authorized(ask, deadline))
        if background.is_on():
            self.budget.circuit.admit(time.time())
        self.budget.spend(self.vendor.name, time.time(), write=ask.writes)
        learned = None
        try:
            answer = self._authorized(ask, deadline)
            if self.vendor.allowance is not None:
                learned = self.vendor.allowance(answer.headers, time.time())
        except ProviderError as error:
            if not error.permanent:
                self.budget.circuit.failed(str(error), time.time())
            raise
        finally:
            self.budget.settle(learned)
        return self._judge(ask, answer)

    def _authorized(self, ask: Ask, deadline: float) -> Answer:
        """With the bearer's token, and once more with the next where that one is refused (401),
        since what was refused was not done."""
        if self._bearer is None:
            return self._follow(ask, deadline)
        token = self._bearer.token()
        answer = self._follow(self._with(ask, token), deadline)
        if answer.status == 401 and self._bearer.renew(token):
            answer = self._follow(self._with(ask, self._bearer.token()), deadline)
        return answer

    def _with(self, ask: Ask, token: str) -> Ask:
        self._secret = token
        authorization = checked_headers(self.vendor.name, {"Authorization": f"Bearer {token}"})
        return replace(ask, headers={**ask.headers, **authorization})

    def _follow(self, ask: Ask, deadline: float) -> Answer:
        url = self._url(ask.path)
        params: Mapping[str, Param] = ask.params
        for _ in range(LONGEST_REDIRECT_CHAIN + 1):
            answer = self._exchange(ask, url, params, deadline)
            if answer.status not in REDIRECTS or answer.status in ask.expect:
                return answer
            url, params = redirected(self.vendor, self.base_url, ask, url, answer), {}
        raise ProviderError(f"{self.vendor.name} redirects in a circle.", status=answer.status)

    def _exchange(self, ask: Ask, url: str, params: Mapping[str, Param], deadline: float) -> Answer:
        request = ask.prepare(url, params, self._headers)
        key = f"{request.url} {request.headers.get('accept', '')}"
        known = self._known(ask, key)
        if known is not None:
            request.headers["If-None-Match"] = known.etag
        started = time.monotonic()
        status, headers, body = self._transfer(ask, request, deadline)
        moment = asked_at(headers, started)
        if status == 304 and known is not None:
            merged = CaseInsensitiveDict({**known.headers, **headers})
            return Answer(200, merged, known.data, known.body, moment, unchanged=True)
        data: object = None
        if ask.parse and status in ask.expect and status != 204:
            data = self._parse(ask, status, headers, body)
        self._remember(ask, key, status, headers, data, body)
        return Answer(status, headers, data, body, moment)

    def _transfer(
        self, ask: Ask, request: PreparedRequest, deadline: float
    ) -> tuple[int, Headers, bytes]:
        limits = (self.timeouts.connect_s, self.timeouts.read_s)
        with calling(deadline, self.timeouts, self.guard):
            try:
                response = self._connections().send(request, True, limits, self._verify)
                try:
                    return response.status_code, response.headers, self._body(response)
                finally:
                    response.close()
            except (RequestException, OSError, ValueError) as error:
                said = self._in_words(error, deadline)
                unsettled = ask.writes and not never_sent(error)
                raise ProviderError(self._redact(said), unsettled=unsettled) from None

    def _in_words(self, error: Exception, deadline: float) -> str:
        host, late = urlsplit(self.base_url).netloc, time.monotonic() >= deadline
        if late and deadline == deadlines.latest():
            return f"{self.vendor.name} did not answer in the time that was left ({host})."
        return in_words(error, self.vendor.name, host, self.timeouts, late=late)

    def _body(self, response: Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(16_384):
            body += chunk
            if len(body) > self.max_bytes:
                raise ProviderError(
                    f"{self.vendor.name} sent more than {self.max_bytes:,} bytes; that was cut off "
                    "and not used.",
                    permanent=True,
                    status=response.status_code,
                )
        return bytes(body)

    def _parse(self, ask: Ask, status: int, headers: Headers, body: bytes) -> object:
        content_type = headers.get("content-type", "")
        try:
            return parse_json(
                body, vendor=self.vendor.name, status=status, content_type=content_type
            )
        except ProviderError as error:
            error.unsettled = ask.writes
            raise

    def _judge(self, ask: Ask, answer: Answer) -> Answer:
        if answer.status in ask.expect:
            self._note(answer.status, "")
            return answer
        name, status, now = self.vendor.name, answer.status, time.time()
        said = error_text(answer.body, answer.headers.get("content-type", ""))
        refusal = Refusal(status, answer.headers, said, now)
        wait = self.vendor.limited(refusal)
        why = self.vendor.explain(refusal) or "no reason given"
        sentence = self._redact(f"{name} answered {status} to {self._named(ask)}: {why}.")
        if wait is not None and self.budget is not None:
            self.budget.close(now + wait)
            self.budget.circuit.wait(sentence, now + wait)
        else:
            self._note(status, sentence)
        raise ProviderError(
            sentence,
            permanent=wait is None and _is_permanent(status),
            retry_after=wait,
            status=status,
            unsettled=ask.writes and not 400 <= status < 500,
        )

    def _note(self, status: int, sentence: str) -> None:
        """Whether it answers, for all who use the token; a refusal is an answer too."""
        if self.budget is None:
            return
        if status >= 500:
            self.budget.circuit.failed(sentence, time.time())
        else:
            self.budget.circuit.succeeded()

    def _named(self, ask: Ask) -> str:
        if self.vendor.secret_paths:
            return ask.method
        path = urlsplit(self._url(ask.path)).path.removeprefix(urlsplit(self.base_url).path)
        return f"{ask.method} {path}"

    def _known(self, ask: Ask, key: str) -> Known | None:
        return self.etags.get(key) if self.etags is not None and ask.method == "GET" else None

    def _remember(
        self, ask: Ask, key: str, status: int, headers: Headers, data: object, body: bytes
    ) -> None:
        etag = headers.get("etag")
        if self.etags is None or etag is None or ask.method != "GET" or status != 200:
            return
        kept = b"" if ask.parse else body
        self.etags.put(key, Known(etag, dict(headers), data, kept, len(body)), body)

    def _url(self, path: str) -> str:
        if path.startswith("/"):
            return self.base_url + path
        if origin(path) != origin(self.base_url):
            raise ProviderError(
                f"{self.vendor.name} points to another host, {urlsplit(path).netloc}; the token "
                "stays here, so that was not followed.",
                permanent=True,
            )
        return path

    def _connections(self) -> PacedAdapter:
        """Made anew after a fork: a socket shared with the parent would mix two conversations."""
        if self._adapter is None or self._adapter[0] != os.getpid():
            self._adapter = (os.getpid(), PacedAdapter(pool_connections=2, pool_maxsize=8))
        return self._adapter[1]

    def close(self) -> None:
        """Close the connections kept for later calls; the client stays usable."""
        adapter, self._adapter = self._adapter, None
        if adapter is not None and adapter[0] == os.getpid():
            adapter[1].close()

    def _redact(self, text: str) -> str:
        return text.replace(self._secret, "[secret]") if self._secret else text


def _is_permanent(status: int) -> bool:
    """408, 409, 425 and 429 may pass by themselves, and so may every 5xx but 501.

    A success that was not expected (a proxy's page) is no answer of the provider's at all.
    """
    return status == 501 or (400 <= status < 500 and status not in {408, 409, 425, 429})
