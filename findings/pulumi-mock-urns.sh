#!/usr/bin/env bash
# Under Pulumi's mocks a nested resource gets another URN than in the engine, and two resources may share one.
#
# One would guess: a unit test sees the URNs that `pulumi up` will use: stack, project, the types of all parents and
#   the name, unique in a stack (https://www.pulumi.com/docs/iac/concepts/resources/names/).
# What happens: the mock monitor keeps the type of the nearest parent only, and names the implicit stack as a parent,
#   which the engine leaves out (for .NET: https://github.com/pulumi/pulumi/issues/8637). The SDK's own create_urn
#   builds the full chain. A URN that is registered twice is accepted; the engine fails with «Duplicate resource URN».
# Why it matters here: names and snapshots of whole stacks are tested without an engine, and components stand inside
#   components (Subscription, Inbox, Queue). So trackstack_infra/graph/urns.py builds URNs itself. On the stock mocks,
#   parts of two services can look the same, aliases are tested against URNs that no engine has, and a duplicate shows
#   at the first `up` only.
# Seen on 2026-11-30 with Python 3.11, pulumi 3.272.0:
#   mocks       urn:pulumi:dev::shop::demo:app:Inbox$aws:sqs/queue:Queue::queue
#   create_urn  urn:pulumi:dev::shop::demo:app:Service$demo:app:Inbox$aws:sqs/queue:Queue::queue
#   twice       urn:pulumi:dev::shop::pulumi:pulumi:Stack$aws:sqs/queue:Queue::same, for two resources
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pulumi==3.272.0
cat > check.py <<'PY'
import sys

import pulumi
from pulumi.resource import create_urn

QUEUE = "aws:sqs/queue:Queue"
seen = {}


class Echo(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return f"{args.name}-id", dict(args.inputs)

    def call(self, args):
        return {}


def part(kind, name, parent=None):
    return pulumi.ComponentResource(f"demo:app:{kind}", name, None, pulumi.ResourceOptions(parent=parent))


def queue(name, number, parent=None):
    return pulumi.CustomResource(QUEUE, name, {"number": number}, pulumi.ResourceOptions(parent=parent))


@pulumi.runtime.test
def program():
    service = part("Service", "orders")
    inbox = part("Inbox", "inbox", service)
    inner, one, other = queue("queue", 1, inbox), queue("same", 2), queue("same", 3)
    parents = create_urn("inbox", "demo:app:Inbox", parent=create_urn("orders", "demo:app:Service"))
    full = create_urn("queue", QUEUE, parent=parents)
    return pulumi.Output.all(mocks=inner.urn, create_urn=full, one=one.urn, other=other.urn).apply(seen.update)


pulumi.runtime.set_mocks(Echo(), project="shop", stack="dev", preview=False)
program()
start = "urn:pulumi:dev::shop::"
print(f"mocks       {seen['mocks']}\ncreate_urn  {seen['create_urn']}\ntwice       {seen['one']}, for two resources")
if seen["create_urn"] != f"{start}demo:app:Service$demo:app:Inbox${QUEUE}::queue":
    sys.exit("cannot tell: create_urn builds another URN than before")
if seen["mocks"] != f"{start}demo:app:Inbox${QUEUE}::queue":
    sys.exit("CHANGED: mocks give a nested resource another URN than before")
if seen["one"] != seen["other"]:
    sys.exit("CHANGED: one URN is no longer given to two resources")
print("HOLDS: the mocks' URN leaves out a grandparent, and one URN stands for two resources")
PY
venv/bin/python check.py
