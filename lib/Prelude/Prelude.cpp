//===- Prelude.cpp - the embedded functions ----------------------------------===//
#include "wick/Prelude/Prelude.h"

#include "wick/Import/Import.h"

using namespace mlir;
using namespace wick;

/// The description that wick-read made of lib/Prelude/*.py.
static const char kDescription[] =
#include "Prelude.inc"
    ;

std::string prelude::getFunctionName(StringRef operatorName) {
  auto [name, overload] = operatorName.split('.');
  auto [space, base] = name.split("::");
  std::string result = space == "aten" ? base.str() : (space + "__" + base).str();
  if (!overload.empty())
    result += ("__" + overload).str();
  return result;
}

OwningOpRef<ModuleOp> prelude::load(MLIRContext &context) {
  return importDescription(kDescription, "prelude", context);
}
