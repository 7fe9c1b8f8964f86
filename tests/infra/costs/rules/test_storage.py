"""What files, objects and images cost."""

from decimal import Decimal
from typing import Any

EFS, BACKUP = "aws:efs/fileSystem:FileSystem", "aws:efs/backupPolicy:BackupPolicy"
BUCKET, REPOSITORY = "aws:s3/bucket:Bucket", "aws:ecr/repository:Repository"
KEPT = {"layer": "persistent"}


def test_a_bursting_file_system_bills_what_lies_in_it(resource: Any, bill: Any) -> None:
    """Reading and writing are free."""
    # 2 GB × $0.30
    files = resource(EFS, throughputMode="bursting", tags=KEPT)
    assert bill(files, efs__gb=2) == {"efs.standard_gb_month": Decimal("0.6")}


def test_an_elastic_file_system_bills_each_page_as_32_kib(resource: Any, bill: Any) -> None:
    """SQLite's pages are of 4 KiB, so it pays for eight times what it reads."""
    # 1,048,576 reads × 32 KiB = 32 GiB × $0.03; 32,768 writes × 32 KiB = 1 GiB × $0.06
    files = resource(EFS, throughputMode="elastic", tags=KEPT)
    assert bill(files, efs__gb=0, efs__reads=1_048_576, efs__writes=32_768) == {
        "efs.standard_gb_month": Decimal(0),
        "efs.elastic_read_gb": Decimal("0.96"),
        "efs.elastic_write_gb": Decimal("0.06"),
    }


def test_a_file_system_of_a_weekend_bills_its_part_of_the_month(resource: Any, bill: Any) -> None:
    """Storage is metered by the hour."""
    # 1 GB × 73/730 × $0.30
    assert bill(resource(EFS), hours=73, efs__gb=1) == {"efs.standard_gb_month": Decimal("0.03")}


def test_aws_backup_only_where_its_policy_is_on(resource: Any, bill: Any, price: Any) -> None:
    """The stacks keep copies of their own in S3, and have none."""
    on = resource(BACKUP, backupPolicy={"status": "ENABLED"}, tags=KEPT)
    # 1 GB × $0.05
    assert bill(on, efs__backup_gb=1) == {"backup.efs_gb_month": Decimal("0.05")}
    assert price(on, efs__backup_gb=1).lines[0].meter.implied
    assert bill(resource(BACKUP, backupPolicy={"status": "DISABLED"}), efs__backup_gb=1) == {}


def test_throughput_that_nobody_priced_is_unpriced(resource: Any, price: Any) -> None:
    """Provisioned throughput costs by the MiB/s; the snapshot has no price for it."""
    files = resource(EFS, throughputMode="provisioned", provisionedThroughputInMibps=1.0)
    [unpriced] = price(files, efs__gb=1).unpriced
    assert unpriced.why == "the snapshot has no price efs.provisioned_mibps_month for us-east-1"


def test_a_bucket_bills_bytes_and_requests(resource: Any, bill: Any) -> None:
    """PUT and LIST cost twelve times what GET does."""
    # 1 GB × $0.02; 3,000 × $0.000005; 100,000 × $0.0000004
    assert bill(resource(BUCKET, tags=KEPT), s3__gb=1, s3__puts=3000, s3__gets=100_000) == {
        "s3.standard_gb_month": Decimal("0.02"),
        "s3.put": Decimal("0.015"),
        "s3.get": Decimal("0.04"),
    }


def test_repositories_share_the_stated_gigabytes(resource: Any, bill: Any) -> None:
    """The stack's images are stated once, over all its repositories."""
    # 1.7 GB × $0.10 in all
    four = [resource(REPOSITORY, name, tags=KEPT) for name in ("a", "b", "c", "d")]
    assert bill(*four, ecr__gb="1.7") == {"ecr.gb_month": Decimal("0.17")}
