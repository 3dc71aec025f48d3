"""The static files, from memory, under addresses that carry a digest of them all.

`/static/{digest}/js/pages/join.js`: relative imports between modules keep the digest, so a page and all that it loads
are of one version, and each may be cached for ever. A file that changed on the disk is seen within a second. Beside the
files lie the words of each page, cut from the catalogues.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import time
from pathlib import Path

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.web.modules import graph
from server.web.strip import without_comments
from server.web.words import PREFIXES, words_of, words_path

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_PACKED = frozenset({".css", ".js", ".json", ".svg", ".txt", ".webmanifest"})
_CHECK_EVERY = 1.0
"""Seconds between two looks at the folder."""


class Asset:
    """One file: its stamp on the disk, its bytes, and the same packed where that helps."""

    __slots__ = ("body", "digest", "media_type", "packed", "stamp")

    def __init__(self, suffix: str, body: bytes, stamp: tuple[int, int]) -> None:
        self.stamp = stamp
        self.body = body
        self.media_type = _TYPES[suffix]
        self.digest = hashlib.sha256(body).digest()
        sent = without_comments(body.decode()).encode() if suffix == ".js" else body
        packed = gzip.compress(sent, mtime=0) if suffix in _PACKED else body
        self.packed = packed if len(packed) < len(body) else None


class Assets:
    """All static files of a known type in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._assets: dict[str, Asset] = {}
        self._modules: dict[str, tuple[str, ...]] = {}
        self._version = ""
        self._checked = -_CHECK_EVERY

    @property
    def version(self) -> str:
        """The digest over all names and contents."""
        now = time.monotonic()
        if now - self._checked >= _CHECK_EVERY:
            self._checked = now
            self._refresh()
        return self._version

    def url(self, path: str) -> str:
        """Return the address of a file, for example of `js/pages/join.js`."""
        return f"/static/{self.version}/{path}"

    def get(self, path: str) -> Asset | None:
        """Return the file at `path` inside the folder."""
        return self._assets.get(path) if self.version else None

    def modules(self, entry: str) -> tuple[str, ...]:
        """Return the paths of a module and of all that it imports; none where there is no such module."""
        if self.version and entry not in self._modules:
            self._modules[entry] = graph(entry, self._source)
        return self._modules[entry]

    def _source(self, path: str) -> str | None:
        asset = self._assets.get(path)
        return asset.body.decode() if asset is not None else None

    def _refresh(self) -> None:
        assets: dict[str, Asset] = {}
        for path in self._folder.rglob("*"):
            if path.suffix not in _TYPES or not path.is_file():
                continue
            name = path.relative_to(self._folder).as_posix()
            with contextlib.suppress(FileNotFoundError):  # somebody edits the folder at this moment
                status = path.stat()
                stamp = (status.st_mtime_ns, status.st_size)
                known = self._assets.get(name)
                same = known is not None and known.stamp == stamp
                assets[name] = known if known and same else Asset(path.suffix, path.read_bytes(), stamp)
        assets |= self._words(assets)
        total = hashlib.sha256()
        for name in sorted(assets):
            total.update(name.encode() + b"\0" + assets[name].digest)
        self._assets = assets
        if self._version != total.hexdigest()[:12]:
            self._version = total.hexdigest()[:12]
            self._modules = {}

    def _words(self, files: dict[str, Asset]) -> dict[str, Asset]:
        words: dict[str, Asset] = {}
        for name, whole in files.items():
            folder, _, language = name.removesuffix(".json").rpartition("/")
            for page in PREFIXES if folder == "locales" else ():
                path = words_path(page, language)
                known = self._assets.get(path)
                if known is not None:
                    words[path] = known
                if known is None or known.stamp != whole.stamp:
                    with contextlib.suppress(msgspec.DecodeError):  # half of it is written at this moment
                        words[path] = Asset(".json", words_of(page, whole.body), whole.stamp)
        return words

    async def serve(self, request: Request) -> Response:
        """`GET /static/{version}/{path}`: cached for ever under the present version, asked again under any other."""
        asset = self.get(request.path_params["path"])
        if asset is None:
            raise HTTPException(404)
        present = request.path_params["version"] == self._version
        headers = {
            "cache-control": "public, max-age=31536000, immutable" if present else "no-cache",
            "etag": f'"{asset.digest.hex()[:16]}"',
            "vary": "accept-encoding",
        }
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        body = asset.body
        if asset.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            body = asset.packed
            headers["content-encoding"] = "gzip"
        return Response(body, headers=headers, media_type=asset.media_type)
