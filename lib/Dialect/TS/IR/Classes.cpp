//===- Classes.cpp - the classes of what values hold ------------------------===//
#include "wick/Dialect/TS/IR/Classes.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace wick::ts;

SmallVector<ClassOp> wick::ts::getHeldClasses(Operation *scope, ArrayRef<Type> types) {
  llvm::SetVector<StringAttr> symbols;
  auto collect = [&](Type type) {
    type.walk([&](ObjectType object) { symbols.insert(object.getClassSymbol().getAttr()); });
  };
  llvm::for_each(types, collect);
  SmallVector<ClassOp> classes;
  for (size_t i = 0; i < symbols.size(); ++i)
    if (auto cls = SymbolTable::lookupNearestSymbolFrom<ClassOp>(scope, symbols[i])) {
      classes.push_back(cls);
      for (auto attr : cls.getBody().getOps<AttrOp>())
        collect(attr.getType());
    }
  return classes;
}
