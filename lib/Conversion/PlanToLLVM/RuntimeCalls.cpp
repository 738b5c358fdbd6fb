//===- RuntimeCalls.cpp - how generated code reaches the runtime
//-----------===//
#include "PlanToLLVM.h"

#include "wick/Dialect/TS/IR/TSDialect.h"

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/IR/Builders.h"

#include <cstddef>

using namespace mlir;
using namespace wick;
using namespace wick::lowering;

//===----------------------------------------------------------------------===//
// Numbered tables
//===----------------------------------------------------------------------===//

static constexpr llvm::StringLiteral kWeights = "plan.weights", kSources = "plan.sources";

static int64_t getNumber(llvm::MapVector<Attribute, int64_t> &table, Attribute entry) {
  return table.insert({entry, table.size()}).first->second;
}

ModuleTables::ModuleTables(ModuleOp module) {
  if (auto known = module->getAttrOfType<ArrayAttr>(kWeights))
    for (Attribute weight : known)
      getNumber(weights, weight);
  if (auto known = module->getAttrOfType<ArrayAttr>(kSources))
    for (Attribute source : known)
      getNumber(sources, source);
  for (auto cls : module.getOps<ts::ClassOp>())
    getNumber(classes, cls.getSymNameAttr());
  for (auto source : module.getOps<ts::SourceLinesOp>())
    for (auto [line, text] : llvm::zip_equal(source.getLines(), source.getText().getAsRange<StringAttr>()))
      lines[{source.getFileAttr(), line}] = text;
}

int64_t ModuleTables::getClass(FlatSymbolRefAttr symbol) const {
  auto found = classes.find(symbol.getAttr());
  return found == classes.end() ? -1 : found->second;
}

int64_t ModuleTables::getWeight(plan::WeightRefOp ref) {
  Builder b(ref.getContext());
  auto type = cast<ShapedType>(ref.getType());
  SmallVector<NamedAttribute> fields = {
      b.getNamedAttr("weight", ref.getWeightAttr()), b.getNamedAttr("offset", ref.getOffsetAttr()),
      b.getNamedAttr("strides", ref.getStridesAttr()),
      b.getNamedAttr("type", TypeAttr::get(RankedTensorType::get(type.getShape(), type.getElementType())))};
  return getNumber(weights, b.getDictionaryAttr(fields));
}

namespace {
/// A place in the user's Python, and the function in which it stands.
struct Frame {
  FileLineColLoc place;
  StringAttr function;
};
} // namespace

/// Appends the frames of a location, the innermost first.
static void collectFrames(Location loc, SmallVectorImpl<Frame> &frames) {
  if (auto call = dyn_cast<CallSiteLoc>(loc)) {
    collectFrames(call.getCallee(), frames);
    collectFrames(call.getCaller(), frames);
  } else if (auto named = dyn_cast<NameLoc>(loc)) {
    collectFrames(named.getChildLoc(), frames);
  } else if (auto place = dyn_cast<FileLineColLoc>(loc)) {
    if (place.getLine() && !place.getFilename().getValue().starts_with(ts::kOwnSources))
      frames.push_back({place, StringAttr::get(loc.getContext())});
  } else if (auto fused = dyn_cast<FusedLoc>(loc)) {
    // Of places that passes have put together the first one.
    size_t before = frames.size();
    for (Location part : fused.getLocations())
      if (frames.size() == before)
        collectFrames(part, frames);
    if (auto function = dyn_cast_or_null<StringAttr>(fused.getMetadata()); function && frames.size() > before)
      frames.back().function = function;
  }
}

int32_t ModuleTables::getSource(Location loc) {
  SmallVector<Frame> frames;
  collectFrames(loc, frames);
  Builder b(loc.getContext());
  int64_t number = -1;
  for (auto &[place, function] : llvm::reverse(frames)) {
    StringAttr text = lines.lookup({place.getFilename(), place.getLine()});
    number =
        getNumber(sources, b.getArrayAttr({place.getFilename(), b.getI64IntegerAttr(place.getLine()),
                                           b.getI64IntegerAttr(place.getColumn()), text ? text : b.getStringAttr(""),
                                           function, b.getI64IntegerAttr(number)}));
  }
  return number;
}

int64_t ModuleTables::getLiteral(Attribute value) { return getNumber(literals, value); }

SmallVector<Attribute> ModuleTables::getLiterals() const {
  return llvm::map_to_vector(literals, [](auto &entry) { return entry.first; });
}

void ModuleTables::store(ModuleOp module) const {
  auto toArray = [&](const llvm::MapVector<Attribute, int64_t> &table) {
    return ArrayAttr::get(module.getContext(), llvm::map_to_vector(table, [](auto &entry) { return entry.first; }));
  };
  module->setAttr(kWeights, toArray(weights));
  module->setAttr(kSources, toArray(sources));
}

//===----------------------------------------------------------------------===//
// Fields and calls
//===----------------------------------------------------------------------===//

Value lowering::getContext(Operation *op) { return op->getParentOfType<LLVM::LLVMFuncOp>().getArgument(0); }

Value lowering::getAddress(OpBuilder &b, Location loc, Value base, int64_t offset) {
  if (offset == 0)
    return base;
  return LLVM::GEPOp::create(b, loc, base.getType(), b.getI8Type(), base, ArrayRef<LLVM::GEPArg>{int32_t(offset)});
}

Value lowering::loadField(OpBuilder &b, Location loc, Value base, int64_t offset, Type type) {
  return LLVM::LoadOp::create(b, loc, type, getAddress(b, loc, base, offset));
}

void lowering::storeField(OpBuilder &b, Location loc, Value base, int64_t offset, Value value) {
  LLVM::StoreOp::create(b, loc, value, getAddress(b, loc, base, offset));
}

Value lowering::callRuntime(OpBuilder &b, Operation *at, int64_t offset, Type result, ValueRange arguments,
                            bool passContext) {
  Location loc = at->getLoc();
  Type pointer = LLVM::LLVMPointerType::get(b.getContext());
  Value context = getContext(at);
  Value api = loadField(b, loc, context, offsetof(wick_context, api), pointer);
  SmallVector<Value> operands = {loadField(b, loc, api, offset, pointer)};
  if (passContext)
    operands.push_back(context);
  llvm::append_range(operands, arguments);
  SmallVector<Type> types = llvm::map_to_vector(ArrayRef(operands).drop_front(), [](Value v) { return v.getType(); });
  auto type = LLVM::LLVMFunctionType::get(result ? result : LLVM::LLVMVoidType::get(b.getContext()), types);
  auto call = LLVM::CallOp::create(b, loc, type, operands);
  return result ? call.getResult() : Value();
}

Value lowering::allocateSlot(ConversionPatternRewriter &rewriter, Operation *op, int64_t bytes) {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(&op->getParentOfType<LLVM::LLVMFuncOp>().front());
  Value count =
      LLVM::ConstantOp::create(rewriter, op->getLoc(), rewriter.getI64IntegerAttr(std::max<int64_t>(bytes, 1)));
  return LLVM::AllocaOp::create(rewriter, op->getLoc(), LLVM::LLVMPointerType::get(rewriter.getContext()),
                                rewriter.getI8Type(), count, /*alignment=*/16);
}

void lowering::returnIfNull(ConversionPatternRewriter &rewriter, Location loc, Value pointer, int32_t status) {
  Value null = LLVM::ZeroOp::create(rewriter, loc, pointer.getType());
  Value isNull = LLVM::ICmpOp::create(rewriter, loc, LLVM::ICmpPredicate::eq, pointer, null);
  Block *block = rewriter.getInsertionBlock();
  Block *rest = rewriter.splitBlock(block, rewriter.getInsertionPoint());
  auto func = cast<LLVM::LLVMFuncOp>(block->getParentOp());
  Block *failed = rewriter.createBlock(&func.getBody(), func.getBody().end());
  if (isa<LLVM::LLVMVoidType>(func.getFunctionType().getReturnType()))
    LLVM::ReturnOp::create(rewriter, loc, ValueRange());
  else
    LLVM::ReturnOp::create(rewriter, loc, LLVM::ConstantOp::create(rewriter, loc, rewriter.getI32IntegerAttr(status)));
  rewriter.setInsertionPointToEnd(block);
  LLVM::CondBrOp::create(rewriter, loc, isNull, failed, rest);
  rewriter.setInsertionPointToStart(rest);
}

//===----------------------------------------------------------------------===//
// Physical arguments
//===----------------------------------------------------------------------===//

static Type asIndex(OpBuilder &b) { return b.getI64Type(); }

/// Number of values that follow the pointers for one memref.
static int64_t getNumExtents(MemRefType type) {
  return type.getLayout().isIdentity() ? type.getNumDynamicDims() : 1 + 2 * type.getRank();
}

SmallVector<Type> lowering::getPhysicalTypes(const LLVMTypeConverter &converter, TypeRange logical) {
  MLIRContext *context = &converter.getContext();
  SmallVector<Type> types;
  int64_t extents = 0;
  for (Type type : logical) {
    auto memref = dyn_cast<MemRefType>(type);
    types.push_back(memref ? LLVM::LLVMPointerType::get(context) : converter.convertType(type));
    extents += memref ? getNumExtents(memref) : 0;
  }
  types.append(extents, IntegerType::get(context, 64));
  return types;
}

SmallVector<Value> lowering::toPhysical(OpBuilder &b, Location loc, const LLVMTypeConverter &converter,
                                        TypeRange logical, ValueRange values) {
  SmallVector<Value> physical, extents;
  for (auto [type, value] : llvm::zip_equal(logical, values)) {
    auto memref = dyn_cast<MemRefType>(type);
    if (!memref) {
      physical.push_back(value);
      continue;
    }
    MemRefDescriptor descriptor(value);
    if (memref.getLayout().isIdentity()) {
      physical.push_back(descriptor.alignedPtr(b, loc));
      for (int64_t dim = 0; dim < memref.getRank(); ++dim)
        if (memref.isDynamicDim(dim))
          extents.push_back(descriptor.size(b, loc, dim));
      continue;
    }
    physical.push_back(descriptor.alignedPtr(b, loc));
    extents.push_back(descriptor.offset(b, loc));
    for (int64_t dim = 0; dim < memref.getRank(); ++dim)
      extents.push_back(descriptor.size(b, loc, dim));
    for (int64_t dim = 0; dim < memref.getRank(); ++dim)
      extents.push_back(descriptor.stride(b, loc, dim));
  }
  llvm::append_range(physical, extents);
  return physical;
}

Value lowering::makeDescriptor(OpBuilder &b, Location loc, const LLVMTypeConverter &converter, MemRefType type,
                               Value data, ValueRange dynamicDims) {
  if (type.hasStaticShape())
    return MemRefDescriptor::fromStaticShape(b, loc, converter, type, data);
  auto descriptor = MemRefDescriptor::poison(b, loc, converter.convertType(type));
  descriptor.setAllocatedPtr(b, loc, data);
  descriptor.setAlignedPtr(b, loc, data);
  descriptor.setConstantOffset(b, loc, 0);
  SmallVector<Value> sizes;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    if (type.isDynamicDim(dim)) {
      sizes.push_back(dynamicDims.front());
      dynamicDims = dynamicDims.drop_front();
    } else {
      sizes.push_back(LLVM::ConstantOp::create(b, loc, asIndex(b), b.getI64IntegerAttr(type.getDimSize(dim))));
    }
  }
  Value stride = LLVM::ConstantOp::create(b, loc, asIndex(b), b.getI64IntegerAttr(1));
  for (int64_t dim = type.getRank() - 1; dim >= 0; --dim) {
    descriptor.setSize(b, loc, dim, sizes[dim]);
    descriptor.setStride(b, loc, dim, stride);
    if (dim > 0)
      stride = LLVM::MulOp::create(b, loc, stride, sizes[dim]);
  }
  return descriptor;
}

SmallVector<Value> lowering::fromPhysical(OpBuilder &b, Location loc, const LLVMTypeConverter &converter,
                                          TypeRange logical, ValueRange physical) {
  SmallVector<Value> values;
  ValueRange extents = physical.drop_front(logical.size());
  for (auto [type, value] : llvm::zip(logical, physical.take_front(logical.size()))) {
    auto memref = dyn_cast<MemRefType>(type);
    if (!memref) {
      values.push_back(value);
      continue;
    }
    int64_t count = getNumExtents(memref);
    ValueRange own = extents.take_front(count);
    extents = extents.drop_front(count);
    if (memref.getLayout().isIdentity()) {
      values.push_back(makeDescriptor(b, loc, converter, memref, value, own));
      continue;
    }
    auto descriptor = MemRefDescriptor::poison(b, loc, converter.convertType(memref));
    descriptor.setAllocatedPtr(b, loc, value);
    descriptor.setAlignedPtr(b, loc, value);
    descriptor.setOffset(b, loc, own[0]);
    for (int64_t dim = 0, rank = memref.getRank(); dim < rank; ++dim) {
      descriptor.setSize(b, loc, dim, own[1 + dim]);
      descriptor.setStride(b, loc, dim, own[1 + rank + dim]);
    }
    values.push_back(descriptor);
  }
  return values;
}
