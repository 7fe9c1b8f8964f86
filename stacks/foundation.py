"""Foundation: what outlives both architectures. Protected, and worth pennies a month."""

import pulumi

from stacks.domains import NAMES
from trackstack_infra.components.identity import Identity
from trackstack_infra.components.lease import LeaseTable
from trackstack_infra.components.storage import BackupBucket
from trackstack_infra.settings import FoundationSettings


def program(settings: FoundationSettings) -> None:
    """Backups, people, and who may write which database."""
    backups = BackupBucket("backups")
    identity = Identity("identity", region=settings.region, domains=NAMES)
    leases = LeaseTable("leases")

    pulumi.export("backup_bucket", backups.bucket.bucket)
    pulumi.export("user_pool_id", identity.pool.id)
    pulumi.export("user_pool_client_id", identity.client.id)
    pulumi.export("user_pool_issuer", identity.issuer)
    pulumi.export("user_pool_domain", identity.domain.domain)
    pulumi.export("lease_table", leases.table.name)
