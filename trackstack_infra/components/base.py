"""What every component has in common: its type token, the names of its children, their parent and their tags."""

from collections.abc import Sequence

import pulumi

from trackstack_infra import names
from trackstack_infra.names import Layer

Opts = pulumi.ResourceOptions | None


class Component(pulumi.ComponentResource):
    """A part of an architecture. The caller's options are the component's alone; its children have it as parent."""

    layer: Layer = Layer.PERSISTENT

    def __init__(self, name: str, opts: Opts = None) -> None:
        kind = type(self)
        super().__init__(f"trackstack:{kind.__module__.rpartition('.')[2]}:{kind.__name__}", name, None, opts)
        self.name = name
        self.stack = pulumi.get_stack()
        parent = opts.parent if opts else None
        if isinstance(parent, Component) and parent.layer is Layer.RUNTIME:
            self.layer = Layer.RUNTIME  # what stands inside of something goes with it

    def child(self, part: str) -> str:
        """The logical name of a child."""
        return f"{self.name}-{part}"

    def physical(self, *parts: str) -> str:
        """The name of a resource in the account: `ts-<stack>-<part>`."""
        return names.physical(self.stack, *parts)

    def tags(self, name: str | None = None) -> dict[str, str]:
        """A child's tags; `name` is what the console shows for resources that have no name but a tag."""
        domain = self.name if self.name in names.DOMAINS else names.SHARED
        tags = names.tags(self.stack, layer=self.layer, component=self.name, domain=domain)
        return {"Name": name, **tags} if name else tags

    def owned(
        self,
        *,
        protect: bool = False,
        after: Sequence[pulumi.Resource] = (),
        delete_first: bool = False,
        delete_timeout: str | None = None,
    ) -> pulumi.ResourceOptions:
        """A child's options: this parent and, where wanted, what keeps it safe.

        `protect` for data; `after` for what must exist although no argument names it; `delete_first` where a fixed
        name must be free before its successor can have it; `delete_timeout` where AWS is slow to let go.
        """
        return pulumi.ResourceOptions(
            parent=self,
            protect=protect or None,
            depends_on=list(after) or None,
            delete_before_replace=delete_first or None,
            custom_timeouts=pulumi.CustomTimeouts(delete=delete_timeout) if delete_timeout else None,
        )
