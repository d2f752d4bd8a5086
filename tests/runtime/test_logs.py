"""Lines with a prefix, whatever the processes write and however slowly somebody reads."""

import io
import time
from threading import Event

from agentmesh_release.runtime.logs import LINES, Log


def test_each_line_says_who_wrote_it() -> None:
    out = io.StringIO()
    log = Log(out)
    log.say("web", "hello\n")
    log.announce("Ready: http://localhost:8000")
    log.close()
    assert out.getvalue() == "web      | hello\nReady: http://localhost:8000\n"


def test_a_terminal_gets_colour() -> None:
    out = io.StringIO()
    log = Log(out, colour=True)
    log.say("web", "hello")
    log.close()
    assert out.getvalue() == "\x1b[36mweb      |\x1b[0m hello\n"


def test_control_characters_do_not_reach_the_terminal() -> None:
    out = io.StringIO()
    log = Log(out)
    log.say("web", "one\rtwo\x07\x08three")
    log.close()
    assert out.getvalue() == "web      | onetwothree\n"


def test_a_reader_who_stops_reading_stops_nobody() -> None:
    out = Terminal()
    log = Log(out)
    for number in range(LINES + 10):
        log.say("web", str(number))
    out.goes_on.set()
    while not log.is_idle():
        time.sleep(0.01)
    log.say("web", "back")
    log.close()
    assert out.getvalue().splitlines()[-1] == "web      | back"
    assert "lines were dropped" in out.getvalue().splitlines()[-2]


def test_a_closed_terminal_stops_nobody() -> None:
    out = Terminal(is_gone=True)
    log = Log(out)
    log.say("web", "hello")
    while not log.is_idle():
        time.sleep(0.01)
    out.is_gone = False
    log.say("web", "again")
    log.close()
    assert out.getvalue() == "web      | again\n"


class Terminal(io.StringIO):
    """One that stands still until told to go on, or that is gone."""

    def __init__(self, *, is_gone: bool = False) -> None:
        super().__init__()
        self.is_gone = is_gone
        self.goes_on = Event()
        if is_gone:
            self.goes_on.set()

    def write(self, text: str) -> int:
        self.goes_on.wait(10)
        if self.is_gone:
            raise BrokenPipeError
        return super().write(text)
