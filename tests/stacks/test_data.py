"""Where data lies: encrypted, private, and not deleted by a slip."""

import json
from typing import Any

from trackstack_infra.graph import Graph

FILES = "aws:efs/fileSystem:FileSystem"
FILES_POLICY = "aws:efs/fileSystemPolicy:FileSystemPolicy"
BUCKET = "aws:s3/bucket:Bucket"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
POOL = "aws:cognito/userPool:UserPool"
CLIENT = "aws:cognito/userPoolClient:UserPoolClient"
TABLE = "aws:dynamodb/table:Table"


def test_databases_lie_encrypted_on_bursting_storage(architecture: Graph) -> None:
    """The files are encrypted, in all zones, and ask nothing for I/O."""
    (files,) = architecture.all(FILES)
    assert files.inputs["encrypted"] is True
    assert files.inputs["throughputMode"] == "bursting"
    assert "availabilityZoneName" not in files.inputs
    assert files.inputs["creationToken"] == f"ts-{architecture.stack}-data"
    assert files.inputs["tags"]["Name"] == f"ts-{architecture.stack}-data"


def test_files_are_reached_over_tls_and_through_access_points_only(architecture: Graph) -> None:
    """The file system denies everybody without TLS or without an access point, and allows nobody by itself."""
    (policy,) = architecture.all(FILES_POLICY)
    (files,) = architecture.all(FILES)
    statements = json.loads(policy.inputs["policy"])["Statement"]
    assert {each["Sid"]: (each["Effect"], each["Principal"], each["Condition"]) for each in statements} == {
        "DenyWithoutTls": ("Deny", {"AWS": "*"}, {"Bool": {"aws:SecureTransport": "false"}}),
        "DenyWithoutAccessPoint": (
            "Deny",
            {"AWS": "*"},
            {"Null": {"elasticfilesystem:AccessPointArn": "true"}},
        ),
    }
    assert all(each["Resource"] in (files.outputs["arn"], [files.outputs["arn"]]) for each in statements)


def test_what_holds_data_is_protected(foundation: Graph, pragmatic: Graph, enterprise: Graph) -> None:
    """Files, backups, people and leases can only be deleted by taking their protection away first."""
    protected = {
        graph.stack: {f"{each.type.rpartition(':')[2]} {each.name}" for each in graph.resources if each.protect}
        for graph in (foundation, pragmatic, enterprise)
    }
    assert protected == {
        "foundation": {"Bucket backups-bucket", "UserPool identity-pool", "Table leases-table"},
        "pragmatic": {"FileSystem data-files"},
        "enterprise": {"FileSystem data-files"},
    }


def test_no_bucket_can_be_public(any_stack: Graph) -> None:
    """Every bucket refuses public access in all four ways, and has no ACLs."""
    buckets = {each.outputs["bucket"] for each in any_stack.all(BUCKET)}
    assert {each.inputs["bucket"] for each in any_stack.all(BLOCK)} == buckets
    assert {each.inputs["bucket"] for each in any_stack.all(OWNERSHIP)} == buckets
    for block in any_stack.all(BLOCK):
        flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
        assert all(block.inputs[flag] is True for flag in flags)
    for ownership in any_stack.all(OWNERSHIP):
        assert ownership.inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def test_every_bucket_is_encrypted_and_tidied(any_stack: Graph) -> None:
    """Objects are encrypted at rest, and half uploads go after three days."""
    buckets = {each.outputs["bucket"] for each in any_stack.all(BUCKET)}
    assert {each.inputs["bucket"] for each in any_stack.all(ENCRYPTION)} == buckets
    assert {each.inputs["bucket"] for each in any_stack.all(LIFECYCLE)} == buckets
    for lifecycle in any_stack.all(LIFECYCLE):
        (rule,) = [each for each in lifecycle.inputs["rules"] if each["filter"] == {"prefix": ""}]
        assert rule["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 3}
        assert rule["noncurrentVersionExpiration"] == {"noncurrentDays": 30}


def test_no_bucket_answers_without_tls(any_stack: Graph) -> None:
    """Every bucket denies everything that is not HTTPS."""
    policies = {each.inputs["bucket"]: json.loads(each.inputs["policy"]) for each in any_stack.all(BUCKET_POLICY)}
    for bucket in any_stack.all(BUCKET):
        arn = bucket.outputs["arn"]
        assert {
            "Sid": "DenyWithoutTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        } in policies[bucket.outputs["bucket"]]["Statement"]


def test_backups_are_kept_in_versions(foundation: Graph) -> None:
    """A backup that is overwritten is still there as an older version, and the bucket is never emptied by `destroy`."""
    (versioning,) = foundation.all(VERSIONING)
    assert versioning.inputs["versioningConfiguration"] == {"status": "Enabled"}
    assert foundation.one(BUCKET, "backups-bucket").inputs["forceDestroy"] is False


def test_only_the_sites_bucket_is_emptied_by_destroy(architecture: Graph) -> None:
    """The page's files are in the repository: their bucket holds no data."""
    (bucket,) = architecture.all(BUCKET)
    assert (bucket.name, bucket.inputs["forceDestroy"]) == ("site-bucket", True)


def test_people_are_invited(foundation: Graph) -> None:
    """Nobody signs up by themselves; a second factor can be added; the pool cannot be deleted by accident."""
    (pool,) = foundation.all(POOL)
    assert pool.inputs["adminCreateUserConfig"] == {"allowAdminCreateUserOnly": True}
    assert pool.inputs["mfaConfiguration"] == "OPTIONAL"
    assert pool.inputs["softwareTokenMfaConfiguration"] == {"enabled": True}
    assert pool.inputs["deletionProtection"] == "ACTIVE"


def test_the_client_has_no_secret(foundation: Graph) -> None:
    """Page and command line sign in by code, with a scope for each domain, back to this computer only."""
    (client,) = foundation.all(CLIENT)
    assert client.inputs["generateSecret"] is False
    assert client.inputs["allowedOauthFlows"] == ["code"]
    assert client.inputs["allowedOauthScopes"] == [
        "openid",
        "trackstack/expenses",
        "trackstack/gym",
        "trackstack/heating",
    ]
    assert client.inputs["callbackUrls"] == ["http://localhost:8765/callback"]
    assert client.inputs["accessTokenValidity"] == 60
    assert client.inputs["tokenValidityUnits"]["accessToken"] == "minutes"


def test_scopes_exist_before_the_client_asks_for_them(foundation: Graph) -> None:
    """Cognito refuses a client whose scopes it does not know yet."""
    scopes = foundation.one("aws:cognito/resourceServer:ResourceServer", "identity-scopes")
    assert scopes.inputs["identifier"] == "trackstack"
    assert [each["scopeName"] for each in scopes.inputs["scopes"]] == ["expenses", "gym", "heating"]
    assert foundation.path(foundation.one(CLIENT, "identity-client"), scopes)


def test_leases_cost_nothing_and_expire(foundation: Graph) -> None:
    """The lease table stays inside the always-free tier, and forgets leases that nobody renews."""
    (table,) = foundation.all(TABLE)
    assert (table.inputs["readCapacity"], table.inputs["writeCapacity"]) == (1, 1)
    assert table.inputs["billingMode"] == "PROVISIONED"
    assert table.inputs["hashKey"] == "database"
    assert table.inputs["ttl"] == {"attributeName": "expires_at", "enabled": True}


def test_foundation_says_where_everything_is(foundation: Graph) -> None:
    """The outputs that the other stacks, the command line and whoever pushes images read."""
    assert set(foundation.outputs) == {
        "backup_bucket",
        "user_pool_id",
        "user_pool_client_id",
        "user_pool_issuer",
        "user_pool_domain",
        "lease_table",
        "registry",
        "alerts_topic_arn",
    }
    pool = foundation.outputs["user_pool_id"]
    assert foundation.outputs["user_pool_issuer"] == f"https://cognito-idp.us-east-1.amazonaws.com/{pool}"
    assert foundation.outputs["user_pool_domain"] == "trackstack-123456789012"
    assert foundation.outputs["lease_table"] == "ts-foundation-leases"
    assert foundation.outputs["registry"] == "123456789012.dkr.ecr.us-east-1.amazonaws.com"
    assert foundation.outputs["alerts_topic_arn"] == "arn:aws:sns:us-east-1:123456789012:ts-foundation-alerts"


def test_foundation_names_roles_for_a_repository_only(recorded: Any) -> None:
    """Nobody is trusted until a repository is named; then its workflows read here which roles are theirs."""
    named = recorded("foundation", github={"owner": "o", "owner_id": 1, "repository": "r", "repository_id": 2}).outputs
    roles = {key: value for key, value in named.items() if key.endswith("_role_arn")}
    assert roles == {
        f"{each}_role_arn": f"arn:aws:iam::123456789012:role/trackstack/ts-foundation-github-{each}"
        for each in ("preview", "deploy", "janitor")
    }
