"""What is passed on of a message."""

from trackstack_infra.local.router.message import Request, end_to_end


def test_headers_about_one_connection_are_not_passed_on() -> None:
    """Hop-by-hop headers, and those that Connection names, stay on their hop."""
    headers = [
        (b"connection", b"keep-alive, X-Secret-Hop"),
        (b"keep-alive", b"timeout=5"),
        (b"transfer-encoding", b"chunked"),
        (b"x-secret-hop", b"1"),
        (b"te", b"trailers"),
        (b"upgrade", b"websocket"),
        (b"authorization", b"Bearer x"),
        (b"accept", b"*/*"),
    ]
    assert end_to_end(headers) == [(b"authorization", b"Bearer x"), (b"accept", b"*/*")]


def test_a_target_is_kept_as_it_was_sent() -> None:
    """Nothing is decoded on the way: %2F is not a slash."""
    request = Request("GET", b"/a%2Fb/../c?x=%20y", [])
    assert (request.path, request.query) == ("/a%2Fb/../c", "x=%20y")


def test_a_header_is_replaced_and_not_doubled() -> None:
    """Who sends X-Forwarded-Host himself does not choose it."""
    request = Request("GET", b"/", [(b"x-forwarded-host", b"evil.example"), (b"a", b"b")])
    assert request.with_headers(x_forwarded_host="d1.cloudfront.net").headers == [
        (b"a", b"b"),
        (b"x-forwarded-host", b"d1.cloudfront.net"),
    ]
