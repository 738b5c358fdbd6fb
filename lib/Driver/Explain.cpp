//===- Explain.cpp - tells what a model is compiled to -------------------------===//
#include "wick/Driver/Explain.h"
#include "wick/Dialect/Aten/IR/AtenDialect.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"
#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace wick;

/// "file:line" of the innermost place of a location.
static std::string getPlace(Location loc) {
  std::string place = "?";
  loc->walk([&](Location nested) {
    auto found = dyn_cast<FileLineColLoc>(nested);
    if (found)
      place = (found.getFilename().getValue() + ":" + Twine(found.getLine())).str();
    return found ? WalkResult::interrupt() : WalkResult::advance();
  });
  return place;
}

void wick::countOperators(ModuleOp module, OperatorCounts &counts) {
  module.walk([&](Operation *op) {
    if (auto registered = dyn_cast<ts::OperatorOp>(op))
      ++(ts::isRuntimeOperation(op) ? counts.runtime : counts.undecided)[registered.getSchema().str()];
    else if (auto fallback = dyn_cast<ts::FallbackOp>(op))
      counts.fallback[cast<StringAttr>(fallback.getOperators()[0]).str()].push_back(getPlace(op->getLoc()));
    else if (isa_and_nonnull<aten::AtenDialect>(op->getDialect()))
      ++counts.native[op->getName().getStringRef().str()];
  });
}

bool wick::lacksInputs(ModuleOp module) {
  AttrTypeWalker walker;
  walker.addWalk(
      [](ts::TensorType tensor) { return tensor.isTyped() ? WalkResult::advance() : WalkResult::interrupt(); });
  return llvm::any_of(module.getOps<func::FuncOp>(), [&](func::FuncOp func) {
    return func.isPublic() && !func.isExternal() && llvm::any_of(func.getArguments(), [&](BlockArgument argument) {
             return !argument.use_empty() && walker.walk(argument.getType()).wasInterrupted();
           });
  });
}

static void printType(Attribute type, llvm::raw_ostream &os) {
  auto object = cast<DictionaryAttr>(type);
  if (auto alternatives = object.getAs<ArrayAttr>("alternatives"))
    return llvm::interleave(alternatives, os, [&](Attribute one) { printType(one, os); }, " | ");
  os << cast<StringAttr>(object.get("kind")).getValue();
  if (auto dtype = object.getAs<StringAttr>("dtype"))
    os << "<" << dtype.getValue() << ">";
  if (auto dims = object.getAs<ArrayAttr>("dims")) {
    os << "[";
    llvm::interleaveComma(dims, os, [&](Attribute dim) {
      if (auto name = dyn_cast<StringAttr>(dim))
        os << name.getValue();
      else
        os << cast<IntegerAttr>(dim).getInt();
    });
    os << "]";
  }
  if (auto elements = object.getAs<ArrayAttr>("elements")) {
    os << "[";
    llvm::interleaveComma(elements, os, [&](Attribute element) { printType(element, os); });
    os << "]";
  }
}

static void printCounts(StringRef title, const std::map<std::string, int64_t> &counts, llvm::raw_ostream &os) {
  if (counts.empty())
    return;
  os << title << "\n";
  for (const auto &[name, count] : counts)
    os << llvm::format("  %5lld  ", (long long)count) << name << "\n";
}

static void explainMethod(func::FuncOp func, llvm::raw_ostream &os) {
  auto signature = func->getAttrOfType<DictionaryAttr>(plan::kSignatureAttr);
  if (!signature || func->hasAttr(plan::kConstantsAttr))
    return;
  os << "\nMethod " << func.getName() << "(";
  llvm::interleaveComma(signature.getAs<ArrayAttr>("arguments"), os, [&](Attribute argument) {
    os << cast<DictionaryAttr>(argument).getAs<StringAttr>("name").getValue() << ": ";
    printType(cast<DictionaryAttr>(argument).get("type"), os);
  });
  os << ") -> ";
  llvm::interleaveComma(signature.getAs<ArrayAttr>("results"), os, [&](Attribute type) { printType(type, os); });
  os << "\n  Guards: dtypes, ranks and sizes as above; equal names are equal sizes; data contiguous\n";
  int64_t launches = 0, results = 0, views = 0, separate = 0, weights = 0;
  std::optional<int64_t> arena;
  bool hasArena = false;
  func.walk([&](Operation *op) {
    launches += isa<plan::LaunchOp>(op);
    results += isa<plan::NewTensorOp>(op);
    weights += isa<plan::WeightRefOp>(op);
    views += isa<memref::ViewOp>(op);
    separate += isa<memref::AllocOp>(op);
    if (auto request = dyn_cast<plan::ArenaOp>(op)) {
      hasArena = true;
      arena = getConstantIntValue(request.getBytes());
    }
  });
  os << "  " << launches << " launches, " << weights << " weights, " << results << " result tensors\n  Memory: ";
  if (!hasArena)
    os << "no arena";
  else if (arena)
    os << "arena of " << *arena << " bytes for " << views << " buffers";
  else
    os << "arena of a size computed at entry for " << views << " buffers";
  if (separate)
    os << ", " << separate << " buffers allocated while running";
  os << "\n";
}

void wick::explainOperators(const OperatorCounts &counts, llvm::raw_ostream &os) {
  printCounts("Operators with native code:", counts.native, os);
  printCounts("Operators of the runtime:", counts.runtime, os);
  if (!counts.fallback.empty())
    os << "Operators that LibTorch runs, through libwick_aten.so:\n";
  for (const auto &[name, places] : counts.fallback) {
    os << llvm::format("  %5lld  ", (long long)places.size()) << name << " at ";
    llvm::interleaveComma(places, os);
    os << "\n";
  }
  printCounts("Operators that dtypes and shapes decide:", counts.undecided, os);
}

void wick::explainPlan(ModuleOp module, llvm::raw_ostream &os) {
  llvm::StringMap<int64_t> launches;
  module.walk([&](plan::LaunchOp launch) { ++launches[launch.getKernel()]; });
  os << "\nKernels (launches, strategy, name):\n";
  for (auto func : module.getOps<func::FuncOp>())
    if (func->hasAttr(plan::kKernelAttr)) {
      auto strategy = func->getAttrOfType<StringAttr>("plan.strategy");
      os << llvm::format("  %5lld  %-14s ", (long long)launches.lookup(func.getName()),
                         strategy ? strategy.str().c_str() : "?")
         << func.getName() << "\n";
    }
  for (auto func : module.getOps<func::FuncOp>())
    explainMethod(func, os);
}
