"""What a Redis or Valkey server must be, and what it promises, before it may carry the log."""

from __future__ import annotations

from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import ResponseError

_logger = structlog.get_logger(__name__)


async def examine(client: Redis) -> str:
    """Return the server's durability in words; raise `ValueError` when it cannot carry the log, with what would be right."""
    info: dict[str, Any] = await client.info()
    if info.get("redis_mode") == "cluster":
        raise ValueError("REDIS_URL leads to a cluster; the log needs a single server (with replicas if you like).")
    if info.get("role") == "slave":
        raise ValueError("REDIS_URL leads to a replica; give the address of the primary.")
    _check_policy(info)
    name = f"Valkey {info['valkey_version']}" if "valkey_version" in info else f"Redis {info.get('redis_version', '?')}"
    return ", ".join([name, await _persistence(client, info), *_replication(info)])


def _check_policy(info: dict[str, Any]) -> None:
    policy = info.get("maxmemory_policy")
    if policy is None:
        _logger.warning("log.policy_unknown", advice="make sure that maxmemory-policy is noeviction")
    elif policy != "noeviction":
        raise ValueError(
            f"Redis has maxmemory-policy {policy}: with little memory it would drop sessions. "
            "Set maxmemory-policy noeviction (CONFIG SET maxmemory-policy noeviction, and in its configuration file)."
        )


async def _persistence(client: Redis, info: dict[str, Any]) -> str:
    if not info.get("aof_enabled"):
        _logger.warning("log.not_durable", advice="set appendonly yes: a restart of Redis loses acknowledged entries")
        return "appendonly=no (what came after the last snapshot is lost when Redis restarts)"
    try:
        found: dict[Any, Any] = await client.config_get("appendfsync")
        fsync = str(found.get("appendfsync", "unknown"))
    except ResponseError as error:
        _logger.warning("log.fsync_unknown", error=str(error), advice="make sure that appendfsync is what you want")
        fsync = "unknown"
    meaning = {"always": "", "everysec": " (power loss may take the last second)"}
    return f"appendonly=yes, appendfsync={fsync}" + meaning.get(fsync, " (power loss may take the last entries)")


def _replication(info: dict[str, Any]) -> list[str]:
    replicas = info.get("connected_slaves", 0)
    return [f"{replicas} replicas (a failover may take the last entries)"] if replicas else []
