"""What a running supervisor tells, and whom it obeys."""

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.infra.local.supervisor.conftest import Shared


def ask(url: str) -> Any:
    """Return the JSON that is there."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return json.load(answer)


def test_an_edge_is_listed_with_both_addresses(shared: "Shared") -> None:
    """Its name on AWS, and the port that stands for it here."""
    (edge,) = shared.supervisor.edges()
    assert (edge["kind"], edge["name"], edge["stack"]) == ("alb", "ts-tiny", "tiny")
    assert edge["aws_url"].endswith(".elb.amazonaws.com")
    assert ask(edge["url"] + "/x")["pid"] == shared.task["pid"]


def test_a_service_is_listed_with_its_tasks(shared: "Shared") -> None:
    """And again only when something changed: a revision says what was seen."""
    revision, (service,) = shared.supervisor.services()
    assert (service["cluster"], service["service"], service["state"]) == ("ts-tiny", "tiny", "healthy")
    assert service["tasks"] == [shared.task]
    assert shared.supervisor.services(after=revision, wait_s=0.1) == (revision, [service])


def test_a_web_page_cannot_stop_it(shared: "Shared") -> None:
    """Stopping needs a header that no page may send to another origin; and no foreign host name is answered."""

    def status(path: str, **headers: str) -> int:
        request = urllib.request.Request(shared.supervisor.endpoint + path, method="POST", data=b"", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    assert status("/_trackstack/stop") == 403
    assert status("/_trackstack/stop", Host="evil.example", **{"X-TrackStack": "1"}) == 403
    assert status("/_trackstack/nothing") == 404
    assert shared.supervisor.health()["status"] == "ready"


def test_a_question_that_makes_no_sense_is_answered_in_words(shared: "Shared") -> None:
    """400, and what the parts of the question are."""
    with pytest.raises(urllib.error.HTTPError) as answer:
        ask(shared.supervisor.endpoint + "/_trackstack/services?after=soon")
    with answer.value:
        assert answer.value.code == 400
        assert "`after` is a revision" in json.load(answer.value)["message"]


def test_the_users_aws_settings_do_not_reach_it(shared: "Shared") -> None:
    """A profile, keys or a proxy in the user's environment change nothing, for it and for its tasks."""
    environment = ask(f"http://127.0.0.1:{shared.task['port']}/")["environment"]
    assert environment["AWS_ENDPOINT_URL"] == shared.supervisor.endpoint
    assert environment["AWS_ACCESS_KEY_ID"] == "local"
    assert not {"AWS_PROFILE", "HTTP_PROXY", "http_proxy"} & environment.keys()
