"""For the operator: is it alive, can it serve, how does it do."""

from __future__ import annotations

from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from server.log.port import LogUnavailable
from server.web.problems import JsonResponse
from server.web.site import site_of


async def healthz(request: Request) -> Response:
    """The process answers; nothing else is touched, so a restart for this is a restart for a reason."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """The log answers and can write, and this worker is not leaving; 503 says send nobody here."""
    site = site_of(request)
    if site.drain.begun:
        return JsonResponse({"ready": False, "why": "draining"}, status_code=503)
    try:
        await site.ready()
    except LogUnavailable:
        return JsonResponse({"ready": False, "why": "log"}, status_code=503)
    return JsonResponse({"ready": True, "durability": site.log.durability})


async def metrics(request: Request) -> Response:
    """Prometheus text of this worker; with several workers each scrape meets one, told apart by the label `worker`."""
    return Response(generate_latest(site_of(request).metrics.registry), media_type=CONTENT_TYPE_LATEST)
