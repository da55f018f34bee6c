"""Arrays <-> bytes: a short header (kinds and shapes) and the values, compressed lightly.

Pure. Everything comes back with the shape and the dtype it had, except where the caller asks to narrow.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metricloop.kernel.errors import Bug

Array = NDArray[Any]

_FORMAT = 1
_DTYPES: dict[str, np.dtype[Any]] = {
    "d": np.dtype("<f8"),
    "f": np.dtype("<f4"),
    "q": np.dtype("<i8"),
    "B": np.dtype("u1"),
    "?": np.dtype("?"),
}
_CODES = {dtype: code for code, dtype in _DTYPES.items()}


def pack(arrays: Sequence[Array], level: int = 1) -> bytes:
    """Header: format, count, then per array code, dimensions, lengths; body: zlib of all values."""
    header = [struct.pack("<BB", _FORMAT, len(arrays))]
    for array in arrays:
        code = _CODES.get(array.dtype.newbyteorder("<"))
        if code is None:
            raise Bug(f"cannot pack an array of {array.dtype}")
        header.append(struct.pack(f"<cB{array.ndim}I", code.encode(), array.ndim, *array.shape))
    body = b"".join(array.tobytes() for array in arrays)
    return b"".join(header) + zlib.compress(body, level)


def unpack(packed: bytes) -> list[Array]:
    """The arrays as they were packed; read-only views."""
    version, count = packed[0], packed[1]
    if version != _FORMAT:
        raise Bug(f"packed arrays of format {version}; this program knows {_FORMAT}")
    at = 2
    shapes: list[tuple[np.dtype[Any], tuple[int, ...]]] = []
    for _ in range(count):
        dtype, dimensions = _DTYPES[chr(packed[at])], packed[at + 1]
        shapes.append((dtype, struct.unpack_from(f"<{dimensions}I", packed, at + 2)))
        at += 2 + 4 * dimensions
    body = zlib.decompress(memoryview(packed)[at:])
    arrays, offset = [], 0
    for dtype, shape in shapes:
        size = 1
        for length in shape:
            size *= length
        arrays.append(np.frombuffer(body, dtype, size, offset).reshape(shape))
        offset += size * dtype.itemsize
    return arrays


def narrowed(array: Array) -> Array:
    """The same values as float32 if every one of them is exact there (most counts are), else as float64."""
    with np.errstate(over="ignore", under="ignore"):
        narrow = array.astype(np.float32)
    same = (narrow == array) | (array != array)
    return narrow if bool(same.all()) else np.asarray(array, dtype=np.float64)


def pack_named(arrays: Mapping[str, Array]) -> bytes:
    """Not compressed: these are estimates, whose last bits are noise and do not shrink."""
    names = np.frombuffer(json.dumps(list(arrays)).encode(), np.uint8)
    return pack([names, *(np.asarray(array) for array in arrays.values())], level=0)


def unpack_named(packed: bytes) -> dict[str, Array]:
    """The inverse of `pack_named`; the arrays may be written to."""
    names, *arrays = unpack(packed)
    return {name: array.copy() for name, array in zip(json.loads(names.tobytes()), arrays, strict=True)}
