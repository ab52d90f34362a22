"""The parser and the writer of `json` in pure Python, on deeply nested lists."""

import json
import json.decoder
import json.encoder
import json.scanner

json.scanner.c_make_scanner = json.encoder.c_make_encoder = None
decoder = json.JSONDecoder()
decoder.parse_string = json.decoder.py_scanstring
decoder.scan_once = json.scanner.py_make_scanner(decoder)
value = decoder.decode("[" * 150 + '{"a": 1.5, "b": [true, null]}' + "]" * 150)
print(json.dumps(value) == json.JSONEncoder(indent=None).encode(value))
try:
    decoder.decode("[" * 100 + "}")
except json.JSONDecodeError as error:
    print(error)
