"""Cluster: the executor that has cells computed by a Dask cluster, where somebody has started one and says its address.

Nothing here starts a cluster; `make cluster` starts one of this machine. Workers need this checkout on their path, and
results are the same to the last bit where the machines are of one kind.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

CONNECT_SECONDS = 10.0  # until a scheduler that does not answer counts as lost
CLOSE_SECONDS = 2.0


class ClusterExecutor(Executor):
    """client: a `distributed.Client`, which is closed with it: the scheduler then drops what nobody waits for."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._inner = client.get_executor(pure=False)
        self._tables: dict[str, Any] = {}  # digest -> what the cluster knows a table's text by

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A cell's text with its tables, each of which goes to every worker once, and not along with each cell."""
        text, *tables = args
        known = []
        for table in tables:
            digest = table[: table.index(" ")]
            if digest not in self._tables:
                self._tables[digest] = self._client.scatter(table, broadcast=True)
            known.append(self._tables[digest])
        return self._inner.submit(fn, text, *known, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if wait and not cancel_futures:
            self._inner.shutdown(wait=True)
        self._client.close(timeout=CLOSE_SECONDS)


def executor_of(address: str) -> Callable[[], ClusterExecutor]:
    """Makes executors of the cluster whose scheduler has this address, as tcp://127.0.0.1:8786.

    ImportError where Dask is not installed, ValueError for no such address. What it gives raises an OSError where
    nobody answers for CONNECT_SECONDS, or no worker is there.
    """
    from distributed import Client  # an optional package, which takes a second to read

    kind, _, place = address.partition("://")
    host, _, port = place.rpartition(":")
    if kind not in ("tcp", "tls") or not host or not port.isdecimal():
        raise ValueError(
            f"scheduler: expected an address such as tcp://127.0.0.1:8786, got {address!r:.60}; change it."
        )

    def executor() -> ClusterExecutor:
        try:
            client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except OSError as error:
            raise OSError(f"no Dask scheduler answers at {address}: {error}") from None
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except OSError:
            client.close(timeout=CLOSE_SECONDS)
            raise OSError(f"the Dask scheduler at {address} has no worker") from None
        return ClusterExecutor(client)

    return executor
