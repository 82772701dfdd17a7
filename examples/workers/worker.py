"""A remote worker with Python's standard library alone: it polls for tasks of one type, keeps its lease by
heartbeats in the background, and completes or fails them.

    python3 worker.py [type]      the type is example.remote@1 when left out, and is published if missing

ERRAND_URL and ERRAND_API_KEY say where and as whom; without them dev.json of ERRAND_DATA_DIR (.errand) does.
"""

import json
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timezone

NAME, _, VERSION = (sys.argv[1] if len(sys.argv) > 1 else "example.remote@1").partition("@")
VERSION = int(VERSION or 1)
WORKER_ID = f"worker-py-{os.getpid()}"


def work(task, lost):
    """The work itself: replace this. `lost` is set when the lease is lost, and then nobody wants the result."""
    given = task["input"]
    if given.get("fail"):
        raise RuntimeError("asked to fail")
    lost.wait(given.get("ms", 200) / 1000)
    return {"by": WORKER_ID, "echo": given}


def service():
    """Finds the service's URL and the key."""
    url, key = os.environ.get("ERRAND_URL"), os.environ.get("ERRAND_API_KEY")
    if url and key:
        return url.rstrip("/"), key
    with open(os.path.join(os.environ.get("ERRAND_DATA_DIR", ".errand"), "dev.json"), encoding="utf-8") as file:
        dev = json.load(file)
    return dev["url"], dev["apiKey"]


URL, KEY = service()


def call(path, body):
    """Sends a POST and gives the parsed answer; a refusal is raised as urllib's HTTPError."""
    headers = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
    request = urllib.request.Request(URL + path, json.dumps(body).encode(), headers, method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def deliver(path, body):
    """Sends a result. It is worth some patience: only an answer of the 4xx kind ends the tries at once."""
    for tries in range(1, 6):
        try:
            return call(path, body)
        except urllib.error.HTTPError as error:
            if (400 <= error.code < 500 and error.code != 429) or tries == 5:
                raise
        except OSError:
            if tries == 5:
                raise
        time.sleep(tries * 0.3)


def heartbeat(attempt, every_seconds, done, lost):
    """Keeps a lease until the work is done; a 409 says that it is lost."""
    while not done.wait(every_seconds):
        try:
            call(f"{attempt}/heartbeat", {"details": {}})
        except urllib.error.HTTPError as error:
            if error.code == 409:
                lost.set()
                return
        except OSError:
            pass  # The next beat may get through.


def perform(item):
    """Does one task and reports its end."""
    task = item["task"]
    attempt = "/v1/attempts/" + urllib.parse.quote(item["leaseToken"], safe="")
    until = datetime.fromisoformat(item["leaseUntil"].replace("Z", "+00:00"))
    every_seconds = max(0.2, min(10, (until - datetime.now(timezone.utc)).total_seconds() / 3))
    done, lost = threading.Event(), threading.Event()
    beat = threading.Thread(target=heartbeat, args=(attempt, every_seconds, done, lost), daemon=True)
    beat.start()
    try:
        try:
            verb, body = "complete", {"output": work(task, lost)}
        except Exception as error:  # Whatever the work raises is the task's failure, not the worker's.
            verb, body = "fail", {"error": {"code": "application.error", "message": str(error), "retryable": True}}
        if lost.is_set():
            print(f"{task['id']}: the lease was lost", file=sys.stderr)
            return
        deliver(f"{attempt}/{verb}", body)
        print(f"{task['id']} {verb}", flush=True)
    except OSError as error:
        print(f"{task['id']}: {error}", file=sys.stderr)
    finally:
        done.set()


def publish():
    """Publishes the type; one that exists with another body is as good."""
    body = {"name": NAME, "version": VERSION, "kind": "automated", "inputSchema": {"type": "object"}, "outputSchema": {}}
    try:
        call("/v1/task-types", body)
    except urllib.error.HTTPError as error:
        if error.code != 409:
            raise


def main():
    """Polls until interrupted."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    publish()
    print(f"{WORKER_ID} polls {URL} for {NAME}@{VERSION}; Ctrl-C stops it", flush=True)
    poll = {"workerId": WORKER_ID, "types": [f"{NAME}@{VERSION}"], "maxTasks": 1, "waitSeconds": 20}
    while True:
        try:
            for item in call("/v1/workers/poll", poll)["items"]:
                perform(item)
        except OSError as error:
            print(f"poll: {error}; again in a second", file=sys.stderr)
            time.sleep(1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print(f"{WORKER_ID} stopped")
