"""Does what CloudFront, HTTP APIs and load balancers do on AWS, by the rules the emulator holds: one port for each."""

from trackstack_infra.local.router.router import Router

__all__ = ["Router"]
