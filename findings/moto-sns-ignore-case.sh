#!/usr/bin/env bash
# In moto, a case-insensitive SNS filter with one capital letter matches nothing, not even the same text.
#
# One would guess: {"equals-ignore-case": "Gym.Done"} lets Gym.Done, gym.done and GYM.DONE through, as on AWS, where the
#   comparison ignores the case of both sides (https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html).
# What happens: moto puts the message's value into lower case and compares it with the filter's value as written. A
#   filter in lower case works for every message; one with a capital works for none. Subscribe and Publish succeed.
# Why it matters here: each service's subscription is filtered by event type, and the local target delivers through moto
#   (trackstack_infra/components/messaging.py, trackstack_infra/local/cloud/emulator.py). A service with such a filter
#   looks healthy and idle, with nothing in its queue or dead-letter queue, and works on AWS. Ours list exact types.
# Seen on 2026-11-30 with Python 3.11, moto 5.2.5, boto3 1.44.8:
#   filter gym.done  received of 3: 3 (gym.done, Gym.Done, GYM.DONE)
#   filter Gym.Done  received of 3: 0
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check "moto[sns,sqs]==5.2.5" boto3==1.44.8
cat > check.py <<'PY'
import json
import sys

import boto3
from moto import mock_aws

SENT = ("gym.done", "Gym.Done", "GYM.DONE")


@mock_aws
def received(wanted):
    made_up = {"region_name": "us-east-1", "aws_access_key_id": "none", "aws_secret_access_key": "none"}
    sns, sqs = boto3.client("sns", **made_up), boto3.client("sqs", **made_up)
    topic = sns.create_topic(Name="events")["TopicArn"]
    url = sqs.create_queue(QueueName="gym")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    rule = json.dumps({"type": [{"equals-ignore-case": wanted}]})
    options = {"FilterPolicy": rule, "RawMessageDelivery": "true"}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes=options)
    for type_ in SENT:
        attributes = {"type": {"DataType": "String", "StringValue": type_}}
        sns.publish(TopicArn=topic, Message=type_, MessageAttributes=attributes)
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return sorted((message["Body"] for message in answer.get("Messages", ())), key=SENT.index)


lower, capital = received("gym.done"), received("Gym.Done")
for wanted, bodies in (("gym.done", lower), ("Gym.Done", capital)):
    print(f"filter {wanted}  received of 3: {len(bodies)}" + (f" ({', '.join(bodies)})" if bodies else ""))
if lower != list(SENT):
    sys.exit("CHANGED: not even the filter in lower case lets all three through")
if capital:
    sys.exit("CHANGED: the filter with capitals lets messages through")
print("HOLDS: a capital in the filter's own value makes it match nothing")
PY
venv/bin/python check.py
