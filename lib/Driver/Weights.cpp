//===- Weights.cpp - the bytes of a program's weights --------------------------===//
#include "Weights.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;
using namespace wick;

static int64_t getElementBytes(Type type) {
  if (auto complex = dyn_cast<ComplexType>(type))
    return 2 * getElementBytes(complex.getElementType());
  return llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
}

FailureOr<StringRef> WeightStore::getBytes(Operation *op) {
  auto weight = cast<plan::WeightOp>(op);
  if (auto number = weight->getAttrOfType<IntegerAttr>("computed")) {
    if (number.getInt() >= (int64_t)computed.size())
      return weight.emitError() << "constant " << number.getInt() << " was not computed";
    return StringRef(computed[number.getInt()]);
  }
  std::unique_ptr<llvm::MemoryBuffer> &file = files[weight.getFile()];
  if (!file) {
    auto opened = llvm::MemoryBuffer::getFile(weight.getFile(), /*IsText=*/false, /*RequiresNullTerminator=*/false);
    if (!opened)
      return weight.emitError() << "cannot read '" << weight.getFile() << "': " << opened.getError().message();
    file = std::move(*opened);
  }
  uint64_t offset = weight.getOffset(), bytes = weight.getBytes();
  if (offset > file->getBufferSize() || bytes > file->getBufferSize() - offset)
    return weight.emitError() << "weight '" << weight.getSymName() << "' ends at byte " << offset + bytes << " of '"
                              << weight.getFile() << "', which has " << file->getBufferSize();
  return file->getBuffer().substr(offset, bytes);
}

/// Copies a strided view into contiguous order.
static std::string gather(StringRef source, ArrayRef<int64_t> shape, ArrayRef<int64_t> strides, int64_t element) {
  int64_t count = ShapedType::getNumElements(shape);
  std::string result(count * element, '\0');
  SmallVector<int64_t> index(shape.size(), 0);
  int64_t from = 0;
  for (int64_t to = 0; to < count; ++to) {
    std::copy_n(source.data() + from * element, element, result.data() + to * element);
    for (int64_t dim = shape.size() - 1; dim >= 0; --dim) {
      from += strides[dim];
      if (++index[dim] < shape[dim])
        break;
      from -= strides[dim] * shape[dim];
      index[dim] = 0;
    }
  }
  return result;
}

static bool isContiguous(ArrayRef<int64_t> shape, ArrayRef<int64_t> strides) {
  int64_t expected = 1;
  for (int64_t dim = shape.size() - 1; dim >= 0; --dim) {
    if (shape[dim] != 1 && strides[dim] != expected)
      return false;
    expected *= shape[dim];
  }
  return true;
}

LogicalResult WeightStore::addTo(artifact::Writer &writer, ModuleOp module) {
  auto weights = module->getAttrOfType<ArrayAttr>("plan.weights");
  for (auto entry : weights ? weights.getAsRange<DictionaryAttr>()
                            : ArrayAttr::get(module.getContext(), {}).getAsRange<DictionaryAttr>()) {
    StringRef name = cast<FlatSymbolRefAttr>(entry.get("weight")).getValue();
    auto weight = module.lookupSymbol<plan::WeightOp>(name);
    if (!weight)
      return module.emitError() << "weight '" << name << "' does not exist";
    FailureOr<StringRef> bytes = getBytes(weight);
    if (failed(bytes))
      return failure();
    auto type = cast<RankedTensorType>(cast<TypeAttr>(entry.get("type")).getValue());
    ArrayRef<int64_t> strides = cast<DenseI64ArrayAttr>(entry.get("strides")).asArrayRef(), shape = type.getShape();
    int64_t element = getElementBytes(type.getElementType());
    int64_t first = cast<IntegerAttr>(entry.get("offset")).getInt(), last = first;
    bool isEmpty = type.getNumElements() == 0;
    for (auto [size, stride] : llvm::zip_equal(shape, strides)) {
      if (stride < 0)
        return weight.emitError() << "view of weight '" << name << "' has a negative stride";
      last += isEmpty ? 0 : (size - 1) * stride;
    }
    if (!isEmpty && (first < 0 || (last + 1) * element > (int64_t)bytes->size()))
      return weight.emitError() << "view of weight '" << name << "' ends at byte " << (last + 1) * element
                                << ", but the weight has " << bytes->size();
    StringRef data;
    if (!isEmpty)
      data = isContiguous(shape, strides)
                 ? bytes->substr(first * element, type.getNumElements() * element)
                 : writer.keep(gather(bytes->drop_front(first * element), shape, strides, element));
    writer.addWeight(name, type, data);
  }
  return success();
}
