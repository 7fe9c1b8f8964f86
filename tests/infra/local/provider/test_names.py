"""Names for what the program left unnamed."""

import importlib.util
from pathlib import Path

from trackstack_infra.local.provider import HANDLERS, auto_name

URN = "urn:pulumi:foundation::trackstack::aws:s3/bucket:Bucket::backups-bucket"


def test_a_name_ends_in_seven_hex_digits_of_the_urn() -> None:
    """The name is the same each time, so that a bucket finds the objects that were kept under it."""
    # `printf %s "$URN" | sha256sum` begins with these.
    assert auto_name(URN, "backups-bucket") == "backups-bucket-cf2d7ff"


def test_two_stacks_get_two_names() -> None:
    """The same logical name in another stack is another bucket."""
    other = URN.replace("foundation", "pragmatic")
    assert auto_name(URN, "site") != auto_name(other, "site")


def test_what_has_a_name_is_deleted_before_it_is_replaced() -> None:
    """Two resources cannot have one name, so the old one goes first."""
    assert HANDLERS["aws:sqs/queue:Queue"].name_property == "name"
    assert HANDLERS["aws:sqs/queue:Queue"].delete_first
    assert HANDLERS["aws:s3/bucket:Bucket"].name_property == "bucket"
    assert HANDLERS["aws:efs/fileSystem:FileSystem"].name_property == "creationToken"
    assert HANDLERS["aws:ec2/vpc:Vpc"].name_property is None
    # A network has no name, but EFS refuses mount targets in two networks at once: the old one goes first as well.
    assert HANDLERS["aws:ec2/vpc:Vpc"].delete_first
    assert not HANDLERS["aws:ecs/taskDefinition:TaskDefinition"].delete_first


def test_handlers_know_their_own_token() -> None:
    """Each handler is found under the token that the SDK registers."""
    assert {token: handler.token for token, handler in HANDLERS.items()} == {token: token for token in HANDLERS}


def test_every_type_is_led_through_its_life() -> None:
    """No handler is shipped that test_lives_*.py do not exercise."""
    tokens = set()
    for path in Path(__file__).parent.glob("test_lives_*.py"):
        specification = importlib.util.spec_from_file_location(path.stem, path)
        assert specification is not None
        assert specification.loader is not None
        module = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(module)
        tokens |= {case[0] for case in module.CASES}
    assert tokens == set(HANDLERS), "add a case to CASES of a test_lives_*.py"
