"""The API of both compositions: three domains in one process, and three processes joined by a topic and queues."""

import json
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import httpx
import pytest

from tests.apps.running import StartApp

DOMAINS = ("expenses", "gym", "heating")

LISTENS_TO = {
    "expenses": ["dev.trackstack.heating.", "dev.trackstack.gym."],
    "gym": ["dev.trackstack.expenses."],
    "heating": ["dev.trackstack.expenses."],
}

_names = count(1)


class Api:
    """The API as a browser sees it: one address space, whoever answers behind it."""

    def __init__(self, name: str, bases: dict[str, str]) -> None:
        self.name = name
        self._bases = bases
        self._client = httpx.Client(timeout=60, verify=False)

    def __call__(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """Call `/api/v1/<path>`, the path beginning with the domain."""
        base = self._bases[path.partition("/")[0]]
        return self._client.request(method, f"{base}/api/v1/{path}", **arguments)

    def root(self, domain: str, path: str) -> httpx.Response:
        """Call an address outside of the domains, of the process that has this one."""
        return self._client.get(self._bases[domain] + path)

    def made(self, path: str, body: object, **arguments: Any) -> Any:
        """POST what must succeed; returns what was made."""
        answer = self("POST", path, json=body, **arguments)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def category(self, **fields: Any) -> Any:
        """A new category with a name of its own."""
        return self.made("expenses/categories", {"name": f"Category {next(_names)}", **fields})

    def expense(self, category: Any, **fields: Any) -> Any:
        """A new expense."""
        return self.made("expenses/expenses", draft(category, **fields))

    def close(self) -> None:
        self._client.close()


def draft(category: Any, **fields: Any) -> dict[str, Any]:
    body = {"occurred_on": "2026-11-02", "amount_minor": 1250, "currency": "EUR", "category_id": category["id"]}
    return body | fields


def _variables(emulator: Any) -> dict[str, dict[str, str]]:
    """What enterprise has, in the emulator: one topic, a queue for each service; and their variables by domain."""
    sns, sqs = emulator.client("sns"), emulator.client("sqs")
    # Names of their own: a long poll of a service that has ended may still take a message from its queue.
    prefix = f"api-{next(_names)}"
    topic = sns.create_topic(Name=f"{prefix}-events")["TopicArn"]
    variables = {}
    for domain, prefixes in LISTENS_TO.items():
        queue = sqs.create_queue(QueueName=f"{prefix}-{domain}")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        policy = json.dumps({"type": [{"prefix": prefix} for prefix in prefixes]})
        attributes = {"RawMessageDelivery": "true", "FilterPolicy": policy}
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
        variables[domain] = emulator.variables | {"EVENTS_TOPIC_ARN": topic, "QUEUE_URL": queue}
    return variables


@pytest.fixture(scope="session", params=["monolith", "services"])
def api(request: pytest.FixtureRequest, emulator: Any, start_shared_app: StartApp) -> Iterator[Api]:
    """Every test that asks for it runs over both compositions, each process begun by its own `python -m`."""
    if request.param == "monolith":
        apps = dict.fromkeys(DOMAINS, start_shared_app("monolith", anew=True))
    else:
        variables = _variables(emulator)
        apps = {domain: start_shared_app(domain, variables[domain], anew=True) for domain in DOMAINS}
    found = Api(request.param, {domain: app.url for domain, app in apps.items()})
    yield found
    found.close()
    for app in apps.values():
        app.terminate()
        assert app.exit_code() == 0


@pytest.fixture
def draft_of() -> Callable[..., dict[str, Any]]:
    """The body of an expense in a category."""
    return draft
