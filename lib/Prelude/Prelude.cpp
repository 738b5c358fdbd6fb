//===- Prelude.cpp - the embedded functions ----------------------------------===//
#include "wick/Prelude/Prelude.h"

#include "wick/Dialect/TS/IR/TSDialect.h"
#include "wick/Import/Import.h"

#include "mlir/IR/AttrTypeSubElements.h"

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
  OwningOpRef<ModuleOp> functions = importDescription(kDescription, "prelude", context);
  AttrTypeReplacer replacer;
  replacer.addReplacement([](FileLineColLoc place) -> Attribute {
    return FileLineColLoc::get(place.getContext(), (ts::kOwnSources + place.getFilename().getValue()).str(),
                               place.getLine(), place.getColumn());
  });
  if (functions)
    replacer.recursivelyReplaceElementsIn(*functions, /*replaceAttrs=*/false, /*replaceLocs=*/true);
  return functions;
}
