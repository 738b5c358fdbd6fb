//===- OperatorTypes.h - asks LibTorch what an operator returns ------------===//
//
// The reader, a child process that lives as long as this one, runs the operator on tensors without elements, or on
// samples. What it says is an expectation: whoever uses it checks it at run time.
//
// A request is `{"operation": <text>, "results": n, "arguments": [...]}`, with the text
// of include/wick/Runtime/Fallback.h up to the arrow. Arguments are null, numbers, truth
// values, strings, lists, or for a tensor `{"dtype": "f32", "sizes": [2, -1]}`, with -1
// for a size that is not known, or for an object of a class implemented in C++ `{"pickled":
// {"file": path, "offset": n, "bytes": n}}`. The answer is what would stand after the arrow. Both are one line; an
// empty answer says that LibTorch refuses the arguments.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_IMPORT_OPERATORTYPES_H
#define WICK_IMPORT_OPERATORTYPES_H

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace wick {

/// The answer to a request; none when LibTorch refuses the arguments or there is no reader. Each request is sent
/// once in the life of a process.
std::optional<std::string> inferOperatorResults(llvm::StringRef request);

/// Where the reader is: $WICK_READ, beside this program, or in the path; empty when it is nowhere.
std::string findReader();

} // namespace wick

#endif // WICK_IMPORT_OPERATORTYPES_H
