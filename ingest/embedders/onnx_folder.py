"""An embedding model of the user's own: a folder as sentence-transformers and its exporters write it.

model.onnx (or onnx/model.onnx), tokenizer.json
1_Pooling/config.json                     how tokens become one vector; their mean where it is missing
config_sentence_transformers.json         what is put before questions ("query") and passages ("passage", "document")
sentence_bert_config.json                 the longest text in tokens; 512 where it is missing
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from shawahid.ingest.errors import ModelUnreadable

from .base import Vectors
from .onnx_session import embed_each, open_session

_LONGEST: Final = 512  # tokens of a text, where the model's folder does not say


class OnnxEmbedder:
    """The model in `folder`; `identity` has the model file's hash. A library remembers the folder's name alone."""

    def __init__(self, folder: Path) -> None:
        """Raises ModelUnreadable where a file is missing or of no use."""
        self._folder = folder
        model = next((path for path in (folder / "model.onnx", folder / "onnx" / "model.onnx") if path.is_file()), None)
        if model is None or not (folder / "tokenizer.json").is_file():
            raise ModelUnreadable(path=folder, problem="it needs model.onnx and tokenizer.json")
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = open_session(model)
        except Exception as error:  # both raise bare Exceptions
            raise ModelUnreadable(path=folder, problem=str(error)) from error
        self._inputs = {item.name for item in self._session.get_inputs()}
        longest = self._config("sentence_bert_config.json").get("max_seq_length") or _LONGEST
        self._tokenizer.enable_truncation(int(longest))
        self._tokenizer.no_padding()
        prompts = self._config("config_sentence_transformers.json").get("prompts") or {}
        self._question_prompt = str(prompts.get("query", ""))
        self._passage_prompt = str(prompts.get("passage", prompts.get("document", "")))
        self._first_token = bool(self._config("1_Pooling/config.json").get("pooling_mode_cls_token"))
        self.identity = f"onnx:{hashlib.sha256(model.read_bytes()).hexdigest()[:12]}"

    def _config(self, name: str) -> dict[str, Any]:
        path = self._folder / name
        try:
            found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        except ValueError as error:
            raise ModelUnreadable(path=path, problem=str(error)) from error
        return found if isinstance(found, dict) else {}

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return embed_each(lambda text: self._embed(self._passage_prompt + text), texts)

    def embed_question(self, text: str) -> Vectors:
        return self._embed(self._question_prompt + text)[None]

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def _embed(self, text: str) -> NDArray[np.float32]:
        """The mean over all tokens; of what is longer than the model's window, over its windows, by their lengths."""
        encoded = self._tokenizer.encode(text)
        windows = [encoded, *encoded.overflowing]
        total = sum((len(window.ids) * self._embed_window(window) for window in windows), np.zeros(1, np.float32))
        return np.asarray(total / np.linalg.norm(total), dtype=np.float32)

    def _embed_window(self, window: Encoding) -> NDArray[np.float32]:
        given = {"input_ids": window.ids, "attention_mask": window.attention_mask, "token_type_ids": window.type_ids}
        feed = {name: np.array([values], dtype=np.int64) for name, values in given.items() if name in self._inputs}
        hidden = np.asarray(self._session.run(None, feed)[0][0], dtype=np.float32)
        if hidden.ndim == 2:
            hidden = hidden[0] if self._first_token else hidden.mean(axis=0)
        return hidden
