"""Tasks, asynchronous generators and context managers, cancellation, exception groups."""

import asyncio
import contextlib


@contextlib.asynccontextmanager
async def opened(name):
    await asyncio.sleep(0)
    try:
        yield name
    finally:
        await asyncio.sleep(0)


async def numbers(count):
    for number in range(count):
        await asyncio.sleep(0)
        yield number


async def fail(error):
    async with opened("file"):
        raise error


async def wait_forever():
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        async for number in numbers(2):
            print(number)
        raise


async def main():
    print(sum([number async for number in numbers(5)]))
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(wait_forever())
            group.create_task(fail(KeyError("a")))
    except* KeyError as errors:
        print(errors.exceptions)
    queue = asyncio.Queue(1)
    results = await asyncio.gather(
        queue.put(1),
        queue.put(2),
        queue.get(),
        queue.get(),
        fail(OSError()),
        return_exceptions=True,
    )
    print(results)
    async for number in numbers(3):
        print(number)
        break
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(wait_forever(), 0)


asyncio.run(main())
