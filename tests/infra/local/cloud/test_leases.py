"""Conditional writes have one winner, which is what the leases of the databases rest on."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

RACES = 30
RACERS = 16


def test_a_lease_has_exactly_one_winner(bench: Any) -> None:
    """When 16 processes want the same lease at once, one gets it, each time."""
    dynamodb = bench.client("dynamodb")
    dynamodb.create_table(
        TableName="leases",
        KeySchema=[{"AttributeName": "database", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "database", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )

    def take(race: int, racer: int) -> bool:
        item = {"database": {"S": f"db-{race}"}, "owner": {"S": str(racer)}}
        try:
            dynamodb.put_item(
                TableName="leases",
                Item=item,
                ConditionExpression="attribute_not_exists(#key)",
                ExpressionAttributeNames={"#key": "database"},
            )
        except dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    with ThreadPoolExecutor(RACERS) as pool:
        wins = [sum(pool.map(take, [race] * RACERS, range(RACERS))) for race in range(RACES)]
    assert wins == [1] * RACES
