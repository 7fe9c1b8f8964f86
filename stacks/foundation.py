"""Foundation: what outlives both architectures. Protected, and worth pennies a month."""

import pulumi

from trackstack_infra.components.alerts import Alerts
from trackstack_infra.components.boundary import Boundary
from trackstack_infra.components.budget import SpendingLimit
from trackstack_infra.components.github import Github
from trackstack_infra.components.identity import Identity
from trackstack_infra.components.lease import LeaseTable
from trackstack_infra.components.registry import Registry
from trackstack_infra.components.storage import BackupBucket
from trackstack_infra.images import SOURCES
from trackstack_infra.names import DOMAINS
from trackstack_infra.settings.models import FoundationSettings


def program(settings: FoundationSettings) -> None:
    """Backups, people, who may write which database, and who may change the account; images, money and alarms."""
    region, budget = settings.region, settings.budget
    backups = BackupBucket("backups")
    identity = Identity("identity", region=region, domains=DOMAINS)
    leases = LeaseTable("leases")
    registry = Registry("registry", region=region, images=list(SOURCES))
    alerts = Alerts("alerts", region=region, mail=budget.mail)
    Boundary("boundary", region=region, backups=backups.bucket)
    github = Github("github", github=settings.github, region=region) if settings.github else None
    SpendingLimit("budget", usd=budget.usd, mail=budget.mail, stops=github.deploy if github else None)

    pulumi.export("backup_bucket", backups.bucket.bucket)
    pulumi.export("user_pool_id", identity.pool.id)
    pulumi.export("user_pool_client_id", identity.client.id)
    pulumi.export("user_pool_issuer", identity.issuer)
    pulumi.export("user_pool_domain", identity.domain.domain)
    pulumi.export("lease_table", leases.table.name)
    pulumi.export("registry", registry.host)
    pulumi.export("alerts_topic_arn", alerts.topic.arn)
    if github:
        pulumi.export("preview_role_arn", github.preview.arn)
        pulumi.export("deploy_role_arn", github.deploy.arn)
        pulumi.export("janitor_role_arn", github.janitor.arn)
