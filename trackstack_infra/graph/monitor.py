"""Pulumi's side of a program that runs in our process: reads the requests, leaves what happens to a subclass."""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from google.protobuf import empty_pb2  # type: ignore[import-untyped]  # it ships no types
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import alias_pb2, resource_pb2

from trackstack_infra.errors import Failed
from trackstack_infra.graph.model import Options, Resource
from trackstack_infra.graph.urns import is_stack, make_urn, renamed_with_parent
from trackstack_infra.graph.wire import read_struct, write_struct

STACK_TYPE = "pulumi:pulumi:Stack"
STACK_REFERENCE = "pulumi:pulumi:StackReference"


class ProgramMonitor(MockMonitor):
    """Called by the SDK from several threads at once; answers with what `register`, `lookup` and `call` return.

    Pulumi's own MockMonitor answers everything else. Its URNs lack the types of all parents but one, hence our own.
    """

    def __init__(self, stack: str, project: str) -> None:
        self.stack = stack
        self.project = project
        self.outputs: dict[str, Any] = {}
        self._registered: dict[str, Resource] = {}
        self._lock = threading.Lock()

    @abstractmethod
    def register(self, resource: Resource) -> tuple[str, Mapping[str, Any]]:
        """Make a resource be there; answers its id ("" when not known yet) and its outputs."""

    @abstractmethod
    def lookup(self, resource: Resource, id_: str) -> Mapping[str, Any]:
        """The outputs of something that exists outside this program, such as another stack."""

    @abstractmethod
    def call(self, token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer of a provider's function, such as aws:index/getRegion:getRegion."""

    def finish(self, urn: str, outputs: Mapping[str, Any]) -> None:
        """A component, or the stack, registered its outputs."""
        if is_stack(urn):
            self.outputs = dict(outputs)

    # The methods below carry the names of the gRPC service; the SDK calls them.

    def RegisterResource(  # noqa: N802
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        if request.type == STACK_TYPE:
            urn = make_urn(self.stack, self.project, None, request.type, request.name)
            return resource_pb2.RegisterResourceResponse(urn=urn)
        resource = self._parse(request)
        self._remember(resource)
        id_, outputs = self.register(resource)
        return resource_pb2.RegisterResourceResponse(urn=resource.urn, id=id_, object=write_struct(outputs))

    def ReadResource(self, request: resource_pb2.ReadResourceRequest) -> resource_pb2.ReadResourceResponse:  # noqa: N802
        parent = _parent(request.parent)
        resource = Resource(
            urn=make_urn(self.stack, self.project, parent, request.type, request.name),
            type=request.type,
            name=request.name,
            parent=parent,
            custom=True,
            inputs=read_struct(request.properties),
            depends_on=tuple(sorted(request.dependencies)),
        )
        outputs = self.lookup(resource, request.id)
        return resource_pb2.ReadResourceResponse(urn=resource.urn, properties=write_struct(outputs))

    def Invoke(self, request: resource_pb2.ResourceInvokeRequest) -> resource_pb2.ResourceInvokeResponse:  # noqa: N802
        answer = write_struct(self.call(request.tok, read_struct(request.args)))
        return resource_pb2.ResourceInvokeResponse(**{"return": answer})

    def RegisterResourceOutputs(self, request: resource_pb2.RegisterResourceOutputsRequest) -> empty_pb2.Empty:  # noqa: N802
        self.finish(request.urn, read_struct(request.outputs))
        return empty_pb2.Empty()

    def RegisterStackTransform(self, request: object) -> empty_pb2.Empty:  # noqa: N802
        raise _not_run("a stack transform")

    def RegisterStackInvokeTransform(self, request: object) -> empty_pb2.Empty:  # noqa: N802
        raise _not_run("an invoke transform")

    def RegisterResourceHook(self, request: object) -> empty_pb2.Empty:  # noqa: N802
        raise _not_run("a resource hook")

    def RegisterErrorHook(self, request: object) -> empty_pb2.Empty:  # noqa: N802
        raise _not_run("an error hook")

    def _remember(self, resource: Resource) -> None:
        with self._lock:
            if resource.urn in self._registered:
                raise Failed(
                    f"the program of {self.stack} registers two resources of type {resource.type} "
                    f"named {resource.name!r} below the same parent",
                    hint="give one of them another name: a name says which resource is which from one run to the next",
                )
            self._registered[resource.urn] = resource

    def _parse(self, request: resource_pb2.RegisterResourceRequest) -> Resource:
        if request.transforms:
            raise _not_run(f"a transform, on {request.name}")
        parent = _parent(request.parent)
        return Resource(
            urn=make_urn(self.stack, self.project, parent, request.type, request.name),
            type=request.type,
            name=request.name,
            parent=parent,
            custom=request.custom,
            inputs=read_struct(request.object),
            depends_on=tuple(sorted(request.dependencies)),
            property_dependencies={
                name: tuple(sorted(dependencies.urns))
                for name, dependencies in sorted(request.propertyDependencies.items())
                if dependencies.urns
            },
            options=Options(
                protect=request.protect,
                retain_on_delete=request.retainOnDelete,
                delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
                ignore_changes=tuple(request.ignoreChanges),
                replace_on_changes=tuple(request.replaceOnChanges),
                replace_with=tuple(sorted(request.replace_with)),
                deleted_with=request.deletedWith or None,
                aliases=self._aliases(request, parent),
                additional_secret_outputs=tuple(request.additionalSecretOutputs),
                import_id=request.importId or None,
                provider=request.provider or None,
                timeouts=_timeouts(request),
            ),
        )

    def _aliases(self, request: resource_pb2.RegisterResourceRequest, parent: str | None) -> tuple[str, ...]:
        """Every URN the resource may have had before: by its own aliases, and by those of its parents."""
        found = [self._alias(alias, request, parent) for alias in request.aliases]
        with self._lock:
            above = self._registered.get(parent) if parent else None
        if above is None:
            return tuple(dict.fromkeys(found))
        for old_parent in above.options.aliases:
            found += [
                self._alias(alias, request, old_parent)
                for alias in request.aliases
                if not alias.spec.parentUrn and not alias.spec.noParent
            ]
            old_name = renamed_with_parent(request.name, above.name, old_parent)
            found.append(make_urn(self.stack, self.project, old_parent, request.type, old_name))
        return tuple(dict.fromkeys(found))

    def _alias(self, alias: alias_pb2.Alias, request: resource_pb2.RegisterResourceRequest, parent: str | None) -> str:
        if alias.urn:
            return alias.urn
        spec = alias.spec
        old_parent = None if spec.noParent else _parent(spec.parentUrn) if spec.parentUrn else parent
        stack, project = spec.stack or self.stack, spec.project or self.project
        return make_urn(stack, project, old_parent, spec.type or request.type, spec.name or request.name)


def _parent(urn: str) -> str | None:
    return None if not urn or is_stack(urn) else urn


def _timeouts(request: resource_pb2.RegisterResourceRequest) -> dict[str, str]:
    timeouts = request.customTimeouts
    named = {"create": timeouts.create, "update": timeouts.update, "delete": timeouts.delete}
    return {operation: duration for operation, duration in named.items() if duration}


def _not_run(what: str) -> Failed:
    return Failed(
        f"the program registers {what}, which neither the recorded graph nor the local engine runs",
        hint="set the property where the resource is made, or use the option `transformations`, which the SDK runs",
    )
