"""The same no-op jobs through procrastinate: deferred in batches of 100, run by one worker with 64 at a time."""

import asyncio
import sys
import time

import procrastinate


async def main(conninfo, count):
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=conninfo, max_size=10))

    @app.task(name="no_op")
    async def no_op():
        pass

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        start = time.monotonic()
        for _ in range(0, count, 100):
            await no_op.batch_defer_async(*[{} for _ in range(100)])
        queued = count / (time.monotonic() - start)
        start = time.monotonic()
        await app.run_worker_async(wait=False, concurrency=64, install_signal_handlers=False, listen_notify=False)
        rate = count / (time.monotonic() - start)
        left = await app.connector.execute_query_one_async("SELECT COUNT(*) AS n FROM procrastinate_jobs WHERE status <> 'succeeded'")
        assert left["n"] == 0, left
    print(int(queued), int(rate))


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
