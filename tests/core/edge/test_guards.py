"""What gets through the seam, sent by hand to a real server process."""

import pytest

from tests.core.edge.wire import Server


def test_it_serves_an_ordinary_request(house: Server) -> None:
    seen = house.get("/echo?a=%C3%A9").json()
    assert (seen["PATH_INFO"], seen["QUERY_STRING"]) == ("/echo", "a=%C3%A9")


def test_it_passes_a_form(house: Server) -> None:
    seen = house.post("/echo", b"a=1&b=2", "Content-Type: text/plain").json()
    assert (seen["body_bytes"], seen["CONTENT_TYPE"]) == (7, "text/plain")


def test_it_drops_header_names_with_underscores(house: Server) -> None:
    seen = house.get("/echo", "X_Forwarded_Proto: https", "Remote_User: ada", "X-Kept: 1").json()
    assert "HTTP_X_FORWARDED_PROTO" not in seen
    assert "HTTP_REMOTE_USER" not in seen
    assert seen["HTTP_X_KEPT"] == "1"


@pytest.mark.parametrize("target", [b"/echo?a=\xff", b"/livez?\xc3\xa9"])
def test_it_refuses_raw_bytes_in_the_query(house: Server, target: bytes) -> None:
    assert house.send_raw(b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % target).status == 400


def test_it_refuses_raw_bytes_in_the_path(house: Server) -> None:
    assert house.send_raw(b"GET /ech\xff HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 400


@pytest.mark.parametrize("path", ["/echo", "/livez", "/live", "/live/status"])
@pytest.mark.parametrize("hosts", [["evil.example"], [], ["localhost", "localhost"], ["a b"]])
def test_it_checks_the_host_everywhere(house: Server, path: str, hosts: list[str]) -> None:
    lines = [f"GET {path} HTTP/1.1", *(f"Host: {host}" for host in hosts), "", ""]
    answer = house.send_raw("\r\n".join(lines).encode())
    assert answer.status == 400


def test_it_refuses_a_body_without_length(house: Server) -> None:
    answer = house.send(
        "POST /echo HTTP/1.1", "Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\n\r\n"
    )
    assert answer.status == 411
    assert "Content-Length" in answer.text


@pytest.mark.parametrize("value", ["-1", "1, 1", "0x10", "9" * 30, "+1"])
def test_it_refuses_a_length_that_is_no_number(house: Server, value: str) -> None:
    answer = house.send("POST /echo HTTP/1.1", f"Content-Length: {value}", body=b"x")
    assert answer.status in (400, 413)


def test_it_refuses_length_and_chunks_together(house: Server) -> None:
    both = ["Content-Length: 4", "Transfer-Encoding: chunked"]
    assert house.send("POST /echo HTTP/1.1", *both, body=b"0\r\n\r\n").status in (400, 411)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_native_routes_are_only_read(house: Server, method: str) -> None:
    assert house.send(f"{method} /livez HTTP/1.1").status == 405


def test_it_refuses_endless_headers(house: Server) -> None:
    with house.connect() as client:
        client.sendall(b"GET /echo HTTP/1.1\r\nHost: localhost\r\n")
        for _ in range(20):
            client.sendall(b"X-Long: " + b"y" * 8_000 + b"\r\n")
        assert b" 431 " in client.recv(1_000)


def test_it_answers_junk_with_400(house: Server) -> None:
    assert house.send_raw(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n").status == 400


@pytest.mark.parametrize("charset", ["base64", "idna", "undefined", "utf-16", "klingon"])
def test_it_refuses_a_charset_in_which_no_address_is_written(house: Server, charset: str) -> None:
    named = f"Content-Type: text/plain; charset={charset}"
    assert house.get("/sign-in/?q=a..b", named).status == 415
    twice = house.get("/echo", "Content-Type: text/plain", named)
    assert twice.status == 415


@pytest.mark.parametrize("charset", ["utf-8", '"UTF-8"', "iso-8859-1", "windows-1252"])
def test_it_takes_the_charsets_that_tools_name(house: Server, charset: str) -> None:
    assert house.post("/echo", b"a", f"Content-Type: text/xml; charset={charset}").status == 200


def test_it_refuses_a_content_type_that_cannot_be_read(house: Server) -> None:
    assert house.post("/echo", b"a", "Content-Type: a/b; name*=klingon''x").status == 400
