//===- AtenDialect.cpp - registration and effects of tensor operators -------===//
#include "wick/Dialect/Aten/IR/AtenDialect.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace wick;
using namespace wick::aten;

#include "wick/Dialect/Aten/IR/AtenDialect.cpp.inc"

#include "wick/Dialect/Aten/IR/AtenInterfaces.cpp.inc"

void AtenDialect::initialize() {
  registerElementwiseOps();
  registerMathOps();
  registerActivationOps();
  registerReductionOps();
  registerCreationOps();
  registerViewOps();
  registerIndexingOps();
  registerContractionOps();
  registerConvolutionOps();
  registerPoolingOps();
  registerNormalizationOps();
  registerAttentionOps();
  registerSortingOps();
  registerRandomOps();
  registerLinearAlgebraOps();
  registerFFTOps();
}

void AtenDialect::addSchemas(OperationName op, ArrayRef<StringLiteral> schemas, ArrayRef<StringLiteral> operandNames) {
  schemasOfOps[op] = schemas;
  for (StringRef schema : schemas) {
    bool inserted = schemaTable.try_emplace(schema, SchemaEntry{op, operandNames, schemas.front()}).second;
    (void)inserted;
    assert(inserted && "two ops stand for one operator");
  }
}

const SchemaEntry *AtenDialect::lookupSchema(StringRef name) const {
  auto it = schemaTable.find(name);
  return it == schemaTable.end() ? nullptr : &it->second;
}

StringRef wick::aten::getBaseName(StringRef schema) { return schema.split('.').first; }

SmallVector<StringRef> AtenDialect::getOperators(Operation *op) const {
  ArrayRef<StringLiteral> schemas = schemasOfOps.lookup(op->getName());
  if (schemas.empty())
    return {};
  auto imported = op->getAttrOfType<StringAttr>(kSchemaAttr);
  StringRef base = getBaseName(imported ? imported.getValue() : StringRef(schemas.front()));
  SmallVector<StringRef> operators;
  llvm::copy_if(schemas, std::back_inserter(operators), [&](StringRef name) { return getBaseName(name) == base; });
  return operators;
}

ArrayRef<StringLiteral> AtenDialect::getOperandNames(Operation *op) const {
  ArrayRef<StringLiteral> schemas = schemasOfOps.lookup(op->getName());
  return schemas.empty() ? ArrayRef<StringLiteral>() : lookupSchema(schemas.front())->operandNames;
}

static bool isReference(Value value) { return isa<ts::TensorType, ts::ListType>(value.getType()); }

void wick::aten::getAtenEffects(Operation *op,
                                SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  if (llvm::any_of(op->getOperands(), isReference))
    effects.emplace_back(MemoryEffects::Read::get());
  if (op->hasAttr(kChecksAttr))
    effects.emplace_back(MemoryEffects::Write::get());
  for (OpResult result : op->getResults())
    if (isReference(result))
      effects.emplace_back(MemoryEffects::Allocate::get(), result);
}

Speculation::Speculatability wick::aten::getAtenSpeculatability(Operation *op) {
  // On references an operator may raise; on values inference has shown that it does not.
  bool references = llvm::any_of(op->getOperands(), isReference);
  return references ? Speculation::NotSpeculatable : Speculation::Speculatable;
}
