"""A refusal: what was asked cannot be done now, and what or who can lift that."""


class Refused(Exception):
    """Raised by a guard; nothing was changed.

    `code` is stable and for programs, `sentence` is for the person who asked, `status` is the HTTP
    status that a page or the API answers with.
    """

    def __init__(self, code: str, sentence: str, *, status: int = 409) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.status = status


class Forbidden(Refused):
    """The person may not do this at all."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code, sentence, status=403)
