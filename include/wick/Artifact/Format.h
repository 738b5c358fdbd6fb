//===- Format.h - the layout of a model.wick artifact ----------------------===//
//
// An artifact is a zip whose entries are all stored (method 0) and start at a
// multiple of the page size, so that `unzip -l` lists it and the runtime maps it.
//
//   manifest.json        always the first entry
//   code/<isa>.so        one freestanding ELF shared object per instruction set
//   weights/<n>          the bytes of weight n, little-endian, C-contiguous
//   sources.json         places in the user's Python, for errors: [[file, line, column, text of the line, function,
//                        number of the place that called it, a smaller one, or -1], ...]
//
// manifest.json:
//   {
//     "format": 1,                         // kFormatVersion; readers refuse a newer one
//     "abi": 1,                            // WICK_ABI_VERSION of the code
//     "producer": "wick 0.1.0",
//     "name": "MyCell",
//     "device": "cpu",
//     "code": [{"file": "code/x86-64-v3.so", "isa": "x86-64-v3",
//               "features": ["avx2", "fma", "f16c", "bmi2"], "crc32": 123}],
//     "weights": [{"file": "weights/0", "bytes": 64, "crc32": 123, "name": "linear.weight",
//                  "dtype": "f32", "sizes": [4, 4]}],
//     "state": {"entry": 1, "paths": ["", "inner"], "attributes": [<attribute>...]},
//                 // optional: the entry that makes the objects of a session, by their paths in the model
//     "classes": [<class>...],             // optional: those of whose objects and members types and code speak
//     "fallback": ["aten::linalg_svd"],    // optional: operators that LibTorch runs, through libwick_aten.so
//     "methods": [{"name": "forward", "entry": 0,
//                  "arguments": [<argument>...], "results": [<result>...],
//                  "declaration": "forward(__torch__.MyCell self, Tensor x) -> Tensor"}]
//                 // optional: PyTorch's text for it
//   }
//
//   <argument>: {"name": "x", "type": <type>, "default": <value>, "written": true}
//                 // default and written (false) are optional; "written": the method writes to the tensor, which the
//                 // runtime then keeps from sharing memory with other arguments. "value": a number, truth value or
//                 // null, when the code is made for that value of the argument only
//   <attribute>: {"name": "inner.count", "object": 1, "slot": 0, "type": <type>}
//                 // what callers may read and write: a slot of one of the objects. "hidden": true, of the last
//                 // ones, when they may not. "owner": [0, 2, ...] is an object and the slots that lead from it to the
//                 // one whose slot it is, where code may have stored another object there
//   <type>:     {"kind": "Tensor", "dtype": "f32", "dims": ["B", 3, "?", 224]}
//                 // a name ties equal dims, "?" is free, an integer is exact. "alternatives": [<type>...], which
//                 // callers need not know, are those that code for it takes
//             | {"kind": "int" | "float" | "bool" | "str" | "None" | ...}
//             | {"kind": "Tuple" | "List" | "Optional" | "Dict" | "Union", "elements": [<type>...]}
//             | {"kind": "Object" | "Enum", "class": "__torch__.shapes.Point"}
//                 // "name" and "fields": ["a", ...] of a Tuple make it a named one;
//                 // "length": n of a List and "keys": ["a", ...] of a Dict with str keys say what it holds exactly
//   <class>:    {"name": "__torch__.shapes.Point", "attributes": [{"name": "x", "type": <type>}...]}
//                 // in the order of an object's slots; an attribute without a type is of a kind that callers neither
//                 // give nor get. Types may name any class, and no dims. "exit": 2 is the entry that takes an object
//                 // out of a `with` statement which a failing call is in
//             | {"name": "__torch__.shapes.Color", "members": [{"name": "RED", "type": <type>, "value": 1}...]}
//                 // code knows classes and members by their places
//   <value>:    null | true | 1 | 1.5 | "inf" | "text" | [<value>...] | {"tuple": [<value>...]} | {"enum": "RED"}
//             | {"complex": [<value>, <value>]} | {"device": "cpu"}
//                 // as the type reads it; a float for an Any or Union is {"float": <value>}, and a member of an
//                 // enumeration for one {"enum": "RED", "class": "__torch__.shapes.Color"}
//   <result>:   one TorchScript return value; a method returns exactly one, which may be a Tuple,
//               and then `results` has one element of kind Tuple. Generated code fills the *leaves*
//               of arguments and results in order, flattened: a Tuple[Tensor, Tensor] is two wick_values, a List
//               with length n is n of them, a Dict with keys its values in their order. An Optional is one leaf.
//
// The manifest's code entries are ordered from most to least demanding; the
// loader takes the first whose features the machine has.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_ARTIFACT_FORMAT_H
#define WICK_ARTIFACT_FORMAT_H

namespace wick::artifact {
inline constexpr int kFormatVersion = 1;
inline constexpr unsigned kPageSize = 4096;
inline constexpr const char *kManifestName = "manifest.json";
inline constexpr const char *kSourcesName = "sources.json";
} // namespace wick::artifact

#endif // WICK_ARTIFACT_FORMAT_H
