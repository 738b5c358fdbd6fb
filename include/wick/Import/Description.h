//===- Description.h - what a reader tells the importer about an archive ---===//
//
// The reader (`wick-read`, a child process) prints one JSON document; the
// importer turns it into `ts` and `aten` IR. A second reader slots in by printing
// the same document. All strings are UTF-8; TorchScript strings, which are
// bytes, are base64 objects {"b64": "..."} when they are not valid UTF-8.
// Floats are JSON numbers printed with 17 digits, or the strings "inf", "-inf", "nan".
//
//   document  {"version": 1, "archive": path, "root": <object id>,
//              "storages": [<storage>...], "tensors": [<tensor>...],
//              "classes": [<class>...], "functions": [<function>...],
//              "objects": [<object>...], "schemas": [<schema>...], "sources": [<text>...]}
//
//   storage   {"file": path, "offset": n, "bytes": n}   // byte range of a file: the archive, or a
//                                                       // sidecar for tensors made while loading
//   tensor    {"storage": i, "dtype": n, "offset": n, "sizes": [..], "strides": [..],
//              "requires_grad": b, "device": "cpu", "layout": "strided",
//              "opaque": "quantized"?}      // offset in elements; dtype is a ScalarType number
//   class     {"name": "__torch__.M",
//              "kind": "module" | "class" | "interface" | "enum" | "namedtuple" | "opaque",
//              "attributes": [{"name", "type": <type>, "parameter": b, "buffer": b}],  // fields of a named tuple
//              "constants": [{"name", "value": <value>}],  // Final attributes; members of an enum
//              "methods": [{"name": "forward", "function": i,    // of interfaces and opaque classes: no bodies
//                           "declaration"?: text}],              // PyTorch's, of the root's class
//              "pre_hooks": [i...], "hooks": [i...]}    // functions, top-level call hooks
//   function  {"name": "__torch__.M.forward", "arguments": [{"name", "type", "default"?: <value>}],
//              "result": <type>, "body"?: <block>}    // body absent: only a signature
//   block     {"params": [<vid>...], "nodes": [<node>...], "returns": [<vid>...]}
//   node      {"op": "aten::add", "overload": "Tensor", "schema": i?,   // index in schemas
//              "inputs": [<vid>...], "outputs": [<vid>...], "attributes": {name: <value>},
//              "blocks": [<block>...], "loc": <loc>}
//             // prim::Constant has attributes {"value": <value>}; the types of
//             // prim::isinstance are {"types": {"types": [<type>...]}}; the subgraph of
//             // prim::fork and prim::awaitable is blocks[0], its params are the inputs
//   vid       {"id": n, "type": <type>, "name": debug name?} where defined (params, outputs);
//             the bare number n where used (inputs, returns)
//   loc       [{"file": f, "line": n, "column": n, "function": name}...]   // innermost first; may be empty
//   schema    {"name": "aten::add", "overload": "Tensor", "text": "aten::add.Tensor(Tensor self, ...",
//              "arguments": [{"name", "type", "default"?, "kwarg_only": b, "alias": <alias>?}],
//              "returns": [{"type", "alias"?}], "vararg": b, "varret": b}
//   alias     {"before": ["a"], "after": ["a"], "write": b}
//   object    {"class": i, "slots": [<value>...]}      // in attribute order; of a class implemented in C++ one tensor
//                                                      // of bytes, what LibTorch's pickle_save makes of the object
//   value     {"none": true} | {"int": n} | {"float": x} | {"bool": b} | {"complex": [re, im]}
//             | {"str": s} | {"device": s} | {"tensor": i} | {"object": i} | {"tuple": [<value>...]}
//             | {"list": [..], "id": n, "type": <type>}      // id: identity; a second
//             | {"dict": [[k, v]..], "id": n, "type": <type>} // occurrence is {"ref": id}
//             | {"enum": {"class": i, "name": s}} | {"function": i} | {"generator": seed}
//             | {"ref": id} | {"opaque": kind}    // also objects of C++ that cannot be saved
//   type      the string TorchScript prints for it (annotation form): "Tensor", "int", "Optional[List[int]]",
//             "__torch__.M", "Dict[str, Tensor]", "Future[Tensor]", "Tuple[int, Tensor]", ...;
//             a dotted name is an entry of classes (kind "opaque" for torchbind)
//
//===----------------------------------------------------------------------===//
#ifndef WICK_IMPORT_DESCRIPTION_H
#define WICK_IMPORT_DESCRIPTION_H

namespace wick::description {
inline constexpr int kVersion = 1;
} // namespace wick::description

#endif // WICK_IMPORT_DESCRIPTION_H
