"""ECR: images."""

from typing import Final

from trackstack_infra.catalog.fidelity import IMAGES
from trackstack_infra.catalog.resource_type import ChosenBy, Data, DataRole, Drawn, Family, Name, ResourceType

TYPES: Final = (
    ResourceType(
        "aws:ecr/lifecyclePolicy:LifecyclePolicy", tags=False, fidelity=IMAGES, free="what it deletes is billed no more"
    ),
    ResourceType(
        "aws:ecr/repository:Repository",
        drawn=Drawn("image repository", Family.DATA, rank=200),
        name=Name(
            "name", r"(?=.{2,256}$)[a-z0-9]+(?:[._-][a-z0-9]+)*(?:/[a-z0-9]+(?:[._-][a-z0-9]+)*)*", ChosenBy.OUTSIDE
        ),
        data=Data(DataRole.HOLDS, "images"),
        fidelity=IMAGES,
        outputs={
            "id": "{name}",
            "arn": "arn:aws:ecr:{region}:{account}:repository/{name}",
            "registryId": "{account}",
            "repositoryUrl": "{account}.dkr.ecr.{region}.amazonaws.com/{name}",
        },
        shown=("name", "imageTagMutability"),
    ),
    # No program registers one; rules watch for it.
    ResourceType("aws:ecr/repositoryPolicy:RepositoryPolicy", tags=False),
)
