//===- PlanToLLVMPass.cpp - --convert-plan-to-llvm
//---------------------------===//
#include "Literals.h"
#include "PlanToLLVM.h"
#include "Values.h"
#include "wick/Conversion/Passes.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ComplexToLLVM/ComplexToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"

namespace wick {
#define GEN_PASS_DEF_CONVERTPLANTOLLVMPASS
#include "wick/Conversion/Passes.h.inc"
} // namespace wick

using namespace mlir;
using namespace wick;
using namespace wick::lowering;

/// Defines `wick_module` over the entries, the one symbol that an artifact's
/// code exports.
static void addModuleTable(ModuleOp module, ArrayRef<LLVM::LLVMFuncOp> entries, ArrayRef<Attribute> literals) {
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  Location loc = module.getLoc();
  Type pointer = LLVM::LLVMPointerType::get(b.getContext());
  auto makeGlobal = [&](Type type, StringRef name, LLVM::Linkage linkage, auto fill) {
    auto global = LLVM::GlobalOp::create(b, loc, type, /*isConstant=*/true, linkage, name, Attribute());
    OpBuilder::InsertionGuard guard(b);
    b.createBlock(&global.getInitializerRegion());
    Value value = LLVM::UndefOp::create(b, loc, type);
    LLVM::ReturnOp::create(b, loc, fill(value));
    return global;
  };
  auto insert = [&](Value into, Value value, int64_t position) -> Value {
    return LLVM::InsertValueOp::create(b, loc, into, value, position);
  };
  auto list = LLVM::LLVMArrayType::get(pointer, std::max<size_t>(entries.size(), 1));
  auto table = makeGlobal(list, "wick_entries", LLVM::Linkage::Private, [&](Value value) {
    for (auto [index, entry] : llvm::enumerate(entries))
      value = insert(value, LLVM::AddressOfOp::create(b, loc, pointer, LLVM::LLVMFuncOp(entry).getName()), index);
    return value;
  });
  SmallVector<LLVM::GlobalOp> texts;
  for (auto [index, value] : llvm::enumerate(literals)) {
    StringAttr data = b.getStringAttr(encodeLiteral(value));
    auto type = LLVM::LLVMArrayType::get(b.getI8Type(), data.size());
    texts.push_back(LLVM::GlobalOp::create(b, loc, type, /*isConstant=*/true, LLVM::Linkage::Private,
                                           "wick_literal_" + std::to_string(index), data));
  }
  auto literal = LLVM::LLVMStructType::getLiteral(b.getContext(), {pointer, b.getI64Type(), b.getI64Type()});
  auto literalList = LLVM::LLVMArrayType::get(literal, literals.size());
  auto literalTable = makeGlobal(literalList, "wick_literals", LLVM::Linkage::Private, [&](Value value) {
    for (auto [index, text] : llvm::enumerate(texts)) {
      Value entry = insert(LLVM::UndefOp::create(b, loc, literal), LLVM::AddressOfOp::create(b, loc, text), 0);
      entry = insert(entry, makeI64(b, loc, cast<StringAttr>(text.getValueAttr()).size()), 1);
      value = insert(value, insert(entry, makeI64(b, loc, getLiteralTag(literals[index])), 2), index);
    }
    return value;
  });
  auto header = LLVM::LLVMStructType::getLiteral(b.getContext(),
                                                 {b.getI32Type(), b.getI32Type(), pointer, pointer, b.getI64Type()});
  makeGlobal(header, "wick_module", LLVM::Linkage::External, [&](Value value) {
    value = insert(value, LLVM::ConstantOp::create(b, loc, b.getI32IntegerAttr(WICK_ABI_VERSION)), 0);
    value = insert(value, LLVM::ConstantOp::create(b, loc, b.getI32IntegerAttr(entries.size())), 1);
    value = insert(value, LLVM::AddressOfOp::create(b, loc, table), 2);
    value = insert(value, LLVM::AddressOfOp::create(b, loc, literalTable), 3);
    return insert(value, LLVM::ConstantOp::create(b, loc, b.getI64IntegerAttr(literals.size())), 4);
  });
}

namespace {
struct ConvertPlanToLLVMPass : wick::impl::ConvertPlanToLLVMPassBase<ConvertPlanToLLVMPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    LowerToLLVMOptions options(&getContext());
    options.overrideIndexBitwidth(64);
    options.allocLowering = LowerToLLVMOptions::AllocLowering::None;
    LLVMTypeConverter converter(&getContext(), options);
    populateHostTypeConversions(converter);

    SmallVector<std::string> names;
    for (auto func : module.getOps<func::FuncOp>())
      if (func.isPublic())
        names.push_back(func.getName().str());

    ModuleTables tables(module);
    SymbolTableCollection symbols;
    RewritePatternSet patterns(&getContext());
    populateFunctionPatterns(converter, tables, patterns);
    populateHostPatterns(converter, tables, patterns);
    populateValuePatterns(converter, tables, patterns);
    populateListPatterns(converter, tables, patterns);
    populateObjectPatterns(converter, tables, patterns);
    populateViewPatterns(converter, tables, patterns);
    populateKernelPatterns(converter, patterns);
    populateMathPatterns(converter, patterns);
    arith::populateCeilFloorDivExpandOpsPatterns(patterns);
    arith::populateArithToLLVMConversionPatterns(converter, patterns);
    index::populateIndexToLLVMConversionPatterns(converter, patterns);
    cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
    populateComplexToLLVMConversionPatterns(converter, patterns);
    populateMathToLLVMConversionPatterns(converter, patterns);
    populateFinalizeMemRefToLLVMConversionPatterns(converter, patterns, &symbols);
    populateVectorToLLVMConversionPatterns(converter, patterns,
                                           /*reassociateFPReductions=*/true);
    mlir::ub::populateUBToLLVMConversionPatterns(converter, patterns);

    LLVMConversionTarget target(getContext());
    target.addLegalOp<ModuleOp, plan::WeightOp>();
    // Definitions that operators refer to; they go with them.
    target.addLegalOp<ts::SchemaOp, ts::SourceLinesOp>();
    target.addLegalOp<ts::ClassOp>();
    target.markOpRecursivelyLegal<ts::ClassOp>();
    if (failed(applyPartialConversion(module, target, std::move(patterns))))
      return signalPassFailure();
    for (Operation &op : llvm::make_early_inc_range(module.getOps()))
      if (isa<ts::SchemaOp, ts::ClassOp, ts::SourceLinesOp>(op))
        op.erase();
    WalkResult rest = module.walk([](Operation *op) {
      if (isa<LLVM::LLVMDialect>(op->getDialect()) || isa<ModuleOp, plan::WeightOp, UnrealizedConversionCastOp>(op))
        return WalkResult::advance();
      op->emitError() << "'" << op->getName() << "' cannot be turned into native code";
      return WalkResult::interrupt();
    });
    if (rest.wasInterrupted())
      return signalPassFailure();
    SmallVector<LLVM::LLVMFuncOp> entries;
    for (StringRef name : names)
      entries.push_back(module.lookupSymbol<LLVM::LLVMFuncOp>(name));
    addModuleTable(module, entries, tables.getLiterals());
    tables.store(module);
  }
};
} // namespace
