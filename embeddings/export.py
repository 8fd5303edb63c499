"""Exports a sentence-transformers model to a folder that onnxruntime answers from.

``python -m embeddings.export MODEL FOLDER`` does it in a process of its own: torch takes half a gigabyte, and
the process that answers should not.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import warnings
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import EncoderError
from embeddings.encoder import fingerprint_of
from embeddings.onnx_encoder import (
    DESCRIPTION,
    FORMAT,
    MODEL,
    TOKENIZER,
    WEIGHTS,
    Exported,
    OnnxEncoder,
    checksum,
    runtime,
)
from embeddings.torch_encoder import SentenceEncoder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    from embeddings.encoder import Role


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


_AGREEMENT, _SMALL_AGREEMENT = 0.9999, 0.95
"""Cosine to the original that each sample text has to reach."""

_OPSET = 17

_ROLES: tuple[Role, ...] = ("question", "passage")

_SAMPLES = (
    "Who wrote the paper on Differential Privacy?",
    "  bandits ",
    "Applied scientist in Boston: machine learning, forecasting and economics; five years of experience.",
    "Ein Satz auf Deutsch, mit Umlauten: Grüße aus Tübingen. ¿Y en español? 日本語も少し。",
    "Graph neural networks pass messages between the nodes of a graph, layer by layer, until each node knows of "
    "those around it. " * 20,
    "3.14159 × 10⁻³ <b>bold</b> [link](https://example.org) :-)",
)


def export(model: str, folder: Path, *, small: bool) -> None:
    """Write a model's exported form to a folder, whole or not at all.

    Pooling, normalisation, truncation and prompts are the model's own: what sentence-transformers would run is
    traced as one graph. The result is checked against the original on sample texts.

    Args:
        model: see ``SentenceEncoder``.
        folder: where it shall lie; made.
        small: eight bits for the weights instead of 32.

    Raises:
        EncoderError: the model cannot be loaded or exported, or the export does not agree with it.
        OSError: the folder cannot be written.
    """
    original = SentenceEncoder(model)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f"{folder.name}.") as name:
        unfinished = Path(name)
        try:
            wanted = {role: original.encode(_SAMPLES, role) for role in _ROLES}
            _write(original, unfinished, small=small)
        except (EncoderError, OSError):
            raise
        except Exception as error:  # whatever a model's own code raises while it is traced
            raise EncoderError(f"{model} cannot be exported: {error}") from error
        described = Exported(
            format=FORMAT,
            runtime=runtime(),
            fingerprint=fingerprint_of(model, small=small),
            dimensions=original.dimensions,
            window=original.window,
            small=small,
            padding=int(original.model.tokenizer.pad_token_id or 0),
            question=_prompt(original.model, "query"),
            passage=_prompt(original.model, "document", "passage", "corpus"),
            agreement=0.0,
            checksum="",
            probe=(),
        )
        _describe(unfinished, described)
        exported = OnnxEncoder(unfinished)
        agreement = _agreement(wanted, exported)
        if agreement < (_SMALL_AGREEMENT if small else _AGREEMENT):
            raise EncoderError(f"the export of {model} does not agree with it (cosine {agreement:.4f})")
        probe = tuple(exported.probe().round(6).tolist())
        found = {"agreement": agreement, "checksum": checksum(unfinished), "probe": probe}
        _describe(unfinished, Exported(**{**asdict(described), **found}))
        unfinished.replace(folder)
        unfinished.mkdir()  # for the temporary folder's own end


def _write(original: SentenceEncoder, folder: Path, *, small: bool) -> None:
    import onnx
    import torch

    model = original.model
    _spell_attention_out(model)
    tokens = model.tokenizer(["a text", "another text that is longer"], padding=True, return_tensors="pt")
    names = list(tokens)

    class Pipeline(torch.nn.Module):
        """All modules of the model one after the other, from tokens to vectors."""

        def __init__(self) -> None:
            super().__init__()
            self.modules_in_order = model

        def forward(self, *inputs: Any) -> Any:
            features = dict(zip(names, inputs, strict=True))
            for module in self.modules_in_order:
                features = module(features)
            return features["sentence_embedding"]

    whole, shrunk = folder / "whole.onnx", folder / "shrunk.onnx"
    axes = {name: {0: "batch", 1: "length"} for name in names} | {"vectors": {0: "batch"}}
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Pipeline(),
            tuple(tokens[name] for name in names),
            str(whole),
            input_names=names,
            output_names=["vectors"],
            dynamic_axes=axes,
            opset_version=_OPSET,
            dynamo=False,
        )
    if small:
        quantise(whole)
    graph = onnx.load(str(whole))
    shrink_tables(graph, small=small)
    onnx.save_model(
        graph, str(shrunk), save_as_external_data=True, location=f"{shrunk.name}.bin", size_threshold=1024
    )
    _make_ready(shrunk, folder / MODEL, small=small)
    for unfinished in folder.glob("*.onnx*"):
        if unfinished.name != MODEL:
            unfinished.unlink()
    model.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))


def _make_ready(model: Path, ready: Path, *, small: bool) -> None:
    """Do once what onnxruntime would do at each start: fuse steps of the graph, and lay the weights out.

    Weights in a file of their own are mapped into memory: only what is used of them is loaded, and it can be given
    back. How those of eight bits lie in memory depends on the processor, so that they are laid out at the start.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.optimized_model_filepath = str(ready)
    for name, value in (
        ("optimized_model_external_initializers_file_name", WEIGHTS),
        ("optimized_model_external_initializers_min_size_in_bytes", "1024"),
        ("save_external_prepacked_constant_initializers", "0" if small else "1"),
    ):
        options.add_session_config_entry(f"session.{name}", value)
    onnxruntime.InferenceSession(
        str(model),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=["SkipLayerNormFusion"],  # the fused one takes longer than its parts
    )


def _spell_attention_out(model: SentenceTransformer) -> None:
    """Have attention computed step by step: guarding against rows of no word, as torch does, costs a tenth."""
    for module in model.modules():
        if choose := getattr(module, "set_attn_implementation", None):
            with suppress(Exception):  # a model of its own kind may know but one
                choose("eager")


def _prompt(model: SentenceTransformer, *names: str) -> str:
    """What sentence-transformers puts before a text of this role."""
    for name in names:
        if name in model.prompts:
            return str(model.prompts[name] or "")
    return str(model.prompts.get(model.default_prompt_name or "") or "")


def _agreement(wanted: Mapping[Role, NDArray[np.float32]], exported: OnnxEncoder) -> float:
    return min(
        float(np.sum(rows * exported.encode(_SAMPLES, role), axis=1).min()) for role, rows in wanted.items()
    )


def _describe(folder: Path, exported: Exported) -> None:
    (folder / DESCRIPTION).write_text(json.dumps(asdict(exported), indent=1) + "\n", "utf-8")


def _main() -> int:
    model, folder, *rest = sys.argv[1:]
    try:
        export(model, Path(folder), small=rest == ["small"])
    except (EncoderError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
