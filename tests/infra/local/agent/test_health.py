"""Asking tasks whether they are ready, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from trackstack_infra.local.agent.health import is_ready, wait_until_ready, watch
from trackstack_infra.local.agent.process import free_port


@asynccontextmanager
async def server(answers: list[int], port: int) -> AsyncIterator[None]:
    """Answer with these statuses in turn, the last one for ever."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        status = answers.pop(0) if len(answers) > 1 else answers[0]
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", port):
        yield


def test_a_task_is_ready_when_it_says_so() -> None:
    """Neither before it listens, nor while it answers 503."""

    async def story() -> None:
        port = free_port()
        assert not await is_ready(port, "/readyz")
        waiting = asyncio.ensure_future(wait_until_ready(port, "/readyz"))
        await asyncio.sleep(0.1)
        async with server([503, 503, 200], port):
            assert await asyncio.wait_for(waiting, 5)

    asyncio.run(story())


def test_a_task_that_never_gets_ready_is_given_up() -> None:
    """The wait has an end."""
    assert asyncio.run(wait_until_ready(free_port(), "/readyz", timeout_s=0.1)) is False


def test_three_failures_in_a_row_make_a_task_unhealthy() -> None:
    """One or two are forgiven."""

    async def story() -> list[int]:
        port = free_port()
        told: list[int] = []
        async with server([200, 503, 503, 200, 503, 503, 503], port):
            await asyncio.wait_for(watch(port, "/readyz", 0.01, told.append), 5)
        return told

    assert asyncio.run(story()) == [1, 2, 0, 1, 2, 3]


def test_what_is_no_http_is_not_ready() -> None:
    """Another program may have the port."""

    async def story() -> bool:
        port = free_port()

        async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 smtp ready\r\n")
            writer.close()

        async with await asyncio.start_server(rude, "127.0.0.1", port):
            return await is_ready(port, "/readyz")

    assert asyncio.run(story()) is False
