"""The peer: FastAPI on uvicorn, HMAC over the raw body, one row a delivery, answered after COMMIT with synchronous=FULL.

One writer thread commits what has gathered, at most 64 deliveries at once: the same scheme as Fettle's.
"""

import asyncio
import hashlib
import hmac
import os
import queue
import sqlite3
import threading

from fastapi import FastAPI, Request, Response

SECRET = os.environ["SECRET"].encode()
BATCH = 64
app = FastAPI()
inbox: queue.SimpleQueue = queue.SimpleQueue()


def write() -> None:
    database = sqlite3.connect(os.environ["DATABASE"], isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE delivery (id TEXT PRIMARY KEY, event TEXT NOT NULL, body BLOB NOT NULL, at REAL NOT NULL)")
    while True:
        batch = [inbox.get()]
        while len(batch) < BATCH:
            try:
                batch.append(inbox.get_nowait())
            except queue.Empty:
                break
        database.execute("BEGIN IMMEDIATE")
        for _, _, row in batch:
            database.execute("INSERT OR IGNORE INTO delivery VALUES (?, ?, ?, unixepoch('subsec'))", row)
        database.execute("COMMIT")
        for loop, done, _ in batch:
            loop.call_soon_threadsafe(done.set_result, None)


threading.Thread(target=write, daemon=True).start()


@app.post("/webhooks/github")
async def receive(request: Request) -> Response:
    body = await request.body()
    expected = "sha256=" + hmac.digest(SECRET, body, hashlib.sha256).hex()
    if not hmac.compare_digest(expected, request.headers.get("x-hub-signature-256", "")):
        return Response(status_code=401)
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    inbox.put((loop, done, (request.headers["x-github-delivery"], request.headers["x-github-event"], body)))
    await done
    return Response(status_code=202, content=b'{"status":"accepted"}\n', media_type="application/json")
