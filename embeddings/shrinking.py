"""Shrinking: an exported model's weights in fewer bytes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_LARGE = 1_000_000
"""Numbers in a table from which it is worth it."""


def quantise(path: Path) -> None:
    """Give the products of an exported model weights of eight bits, in place."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.disable(logging.WARNING)  # it recommends a step before that brings nothing here
    quantize_dynamic(path, path, ["MatMul"], per_channel=True, weight_type=QuantType.QInt8)


def shrink_tables(model: Any, *, small: bool) -> None:
    """Keep the vectors of the word pieces in half precision, or in eight bits and a scale each, in place.

    Each new word brings some more of that table into memory for good. Products are computed as before.

    Args:
        model: an ``onnx.ModelProto``.
        small: eight bits instead of sixteen.
    """
    from onnx import numpy_helper

    tables = {table.name: table for table in model.graph.initializer if np.prod(table.dims) >= _LARGE}
    uses = [name for node in model.graph.node for name in node.input]
    for node in list(model.graph.node):
        table = tables.get(node.input[0]) if node.op_type == "Gather" else None
        along = next((each.i for each in node.attribute if each.name == "axis"), 0)
        if table is None or len(table.dims) != 2 or along != 0 or uses.count(table.name) != 1:
            continue
        rows: NDArray[np.float32] = numpy_helper.to_array(table)
        if rows.dtype == np.float32:
            _replace(model.graph, node, table, rows, small=small)


def _replace(graph: Any, node: Any, table: Any, rows: NDArray[np.float32], *, small: bool) -> None:
    """Put what gathers from a smaller table in place of what gathered from a large one."""
    from onnx import TensorProto, helper, numpy_helper

    name, ids, out = table.name, node.input[1], node.output[0]
    found, number = f"{out}_found", f"{out}_number"
    made = [
        helper.make_node("Gather", [name, ids], [found], axis=0),
        helper.make_node("Cast", [found], [number if small else out], to=TensorProto.FLOAT),
    ]
    if small:
        scales = np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-12) / 127
        table.CopyFrom(numpy_helper.from_array(np.round(rows / scales).astype(np.int8), name))
        graph.initializer.append(numpy_helper.from_array(scales.astype(np.float32), f"{name}_scale"))
        made += [
            helper.make_node("Gather", [f"{name}_scale", ids], [f"{out}_scale"], axis=0),
            helper.make_node("Mul", [number, f"{out}_scale"], [out]),
        ]
    else:
        table.CopyFrom(numpy_helper.from_array(rows.astype(np.float16), name))
    at = list(graph.node).index(node)
    graph.node.remove(node)
    for place, each in enumerate(made, at):
        graph.node.insert(place, each)
