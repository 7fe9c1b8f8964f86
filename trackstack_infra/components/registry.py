"""Where the images lie that tasks and functions run."""

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.account import account_id
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.iam_policy import plain

IMAGES_KEPT: Final = 3  # the one that runs, the one before it, and one on its way


class Registry(Component):
    """A private repository for each image, whose tags never move and whose layers are scanned when they arrive."""

    def __init__(self, name: str, *, region: str, images: Sequence[str], opts: Opts = None) -> None:
        super().__init__(name, opts)
        for image in images:
            repository = aws.ecr.Repository(
                self.child(image),
                name=f"ts-{image}",
                image_tag_mutability="IMMUTABLE",
                image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
                encryption_configurations=[
                    aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="AES256"),
                ],
                force_delete=True,  # images are made again from the sources
                tags=self.tags(),
                opts=self.owned(delete_first=True),
            )
            aws.ecr.LifecyclePolicy(
                self.child(f"{image}-lifecycle"), repository=repository.name, policy=_newest_only(), opts=self.owned()
            )
        self.host = pulumi.Output.concat(account_id(), f".dkr.ecr.{region}.amazonaws.com")
        self.register_outputs({"host": self.host})


def _newest_only() -> str:
    rule = {
        "rulePriority": 1,
        "description": f"Keep the newest {IMAGES_KEPT}",
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": IMAGES_KEPT},
        "action": {"type": "expire"},
    }
    return plain({"rules": [rule]})
