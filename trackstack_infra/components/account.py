"""The account a program runs in, where an ARN must be put together because its resource is not ours yet."""

import pulumi
import pulumi_aws as aws


def account_id() -> pulumi.Output[str]:
    """The twelve digits."""
    return aws.get_caller_identity_output().account_id
