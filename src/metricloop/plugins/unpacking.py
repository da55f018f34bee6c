"""Zip files of the source `files`."""

from __future__ import annotations

import zipfile
from pathlib import Path

from metricloop.sdk import SourceFailed

_MOST_UNPACKED = 8 * 1024**3  # bytes; a zip that grows beyond this is refused


def unpacked(path: Path, member: str | None, folder: Path) -> Path:
    """The file itself, or one member of it where it is a zip, written to `folder`. Raises SourceFailed."""
    if path.suffix.lower() != ".zip":
        return path
    try:
        with zipfile.ZipFile(path) as archive:
            found = _member(archive, path, member)
            target = folder / f"{path.stem}-{Path(found.filename).name}"
            with archive.open(found) as packed, target.open("wb") as out:
                while block := packed.read(1 << 20):
                    out.write(block)
            return target
    except (zipfile.BadZipFile, OSError) as error:
        raise SourceFailed(
            f"cannot be unpacked: {error}",
            retryable=isinstance(error, OSError),
            where=str(path),
            fix="check the file, and that the temporary folder has room",
        ) from error


def _member(archive: zipfile.ZipFile, path: Path, wanted: str | None) -> zipfile.ZipInfo:
    members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX")]
    fits = [m for m in members if wanted in (None, m.filename)]
    if len(fits) != 1:
        names = ", ".join(m.filename for m in members[:10]) or "nothing"
        raise SourceFailed(
            f"holds {names}", retryable=False, where=str(path), fix="name one of them as `member` of this table"
        )
    if fits[0].file_size > _MOST_UNPACKED:
        raise SourceFailed(
            f"{fits[0].filename} has {fits[0].file_size} bytes",
            retryable=False,
            where=str(path),
            fix="unpack it yourself",
        )
    return fits[0]
