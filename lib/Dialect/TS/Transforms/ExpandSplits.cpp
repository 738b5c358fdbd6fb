//===- ExpandSplits.cpp - --ts-expand-splits --------------------------------===//
#include "wick/Dialect/TS/Transforms/Passes.h"

#include "OperatorRules.h"

#include "wick/Dialect/Aten/IR/AtenViewOps.h"
#include "wick/Dialect/TS/IR/Raise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Pass/PassManager.h"

namespace wick::ts {
#define GEN_PASS_DEF_TSEXPANDSPLITSPASS
#include "wick/Dialect/TS/Transforms/Passes.h.inc"
} // namespace wick::ts

using namespace mlir;
using namespace wick;
using namespace wick::ts;

namespace {
/// Writes the loop that stands for an operator with a list of views as its result.
class Splitter {
public:
  explicit Splitter(Operation *op) : op(op), builder(op), loc(op->getLoc()), self(op->getOperand(0)) {}

  void run() {
    Value dim = op->getOperands().back(), zero = number(0);
    Value size = SizeOp::create(builder, loc, i64(), self, dim);
    Value list = ListConstructOp::create(builder, loc, op->getResult(0).getType(), ValueRange());
    Value parts = op->getNumOperands() == 3 ? op->getOperand(1) : Value();
    if (!parts) {
      emitLoop(size, zero, [&](Value i, Value) {
        append(list, aten::SelectOp::create(builder, loc, tensor(), self, dim, i));
        return zero;
      });
    } else if (isa<ListType>(parts.getType())) {
      Value count = call("aten::len.t", {"a"}, i64(), parts, {});
      Value end = emitLoop(count, zero, [&](Value i, Value start) {
        Value length = call("aten::__getitem__.t", {"list", "idx"}, i64(), {parts, i}, {});
        Value isNegative = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, length, number(0));
        raiseIf(builder, loc, isNegative,
                "split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes={}", {parts});
        Value next = arith::AddIOp::create(builder, loc, start, length);
        append(list, slice(dim, start, next));
        return next;
      });
      Value differs = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, end, size);
      raiseIf(
          builder, loc, differs,
          "split_with_sizes expects split_sizes to sum exactly to {} (input tensor's size at dimension {}), but got "
          "split_sizes={}",
          {size, dim, parts});
    } else {
      Value length = parts, count;
      checkNumber(parts, size);
      if (isa<aten::ChunkOp>(op))
        length = arith::CeilDivSIOp::create(builder, loc, size, parts);
      // A dim without indices is one part, or as many as were asked for.
      length = arith::MaxSIOp::create(builder, loc, length, number(1));
      count = arith::CeilDivSIOp::create(builder, loc, size, length);
      Value isEmpty = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, size, zero);
      Value least = isa<aten::ChunkOp>(op) ? parts : number(1);
      count = arith::SelectOp::create(builder, loc, isEmpty, least, count);
      emitLoop(count, zero, [&](Value, Value start) {
        Value next = arith::AddIOp::create(builder, loc, start, length);
        append(list, slice(dim, start, next));
        return next;
      });
    }
    op->getResult(0).replaceAllUsesWith(list);
    op->erase();
  }

private:
  /// Raises LibTorch's errors for a number or size of parts.
  void checkNumber(Value parts, Value size) {
    bool isChunk = isa<aten::ChunkOp>(op);
    auto compare = [&](arith::CmpIPredicate predicate, Value value) {
      return arith::CmpIOp::create(builder, loc, predicate, value, number(0)).getResult();
    };
    auto tooSmall = isChunk ? arith::CmpIPredicate::sle : arith::CmpIPredicate::slt;
    raiseIf(builder, loc, compare(tooSmall, parts),
            isChunk ? "chunk expects `chunks` to be greater than 0, got: {}"
                    : "split expects split_size be non-negative, but got split_size={}",
            {parts});
    if (isChunk)
      return;
    Value isNothing = compare(arith::CmpIPredicate::eq, parts), isSome = compare(arith::CmpIPredicate::ne, size);
    raiseIf(builder, loc, arith::AndIOp::create(builder, loc, isNothing, isSome),
            "split_size can only be 0 if dimension size is 0, but got dimension size of {}", {size});
  }

  Type i64() { return builder.getI64Type(); }
  Type tensor() { return ts::TensorType::get(op->getContext()); }
  Value number(int64_t value) {
    return arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(value)).getResult();
  }
  Value slice(Value dim, Value start, Value end) {
    return aten::SliceOp::create(builder, loc, tensor(), self, dim, start, end, number(1));
  }

  Value call(StringRef name, ArrayRef<StringRef> arguments, Type result, ValueRange operands,
             ArrayRef<int64_t> writes) {
    return createOperator(builder, loc, name, arguments, result, operands, writes);
  }
  void append(Value list, Value part) { call("aten::append.t", {"self", "el"}, list.getType(), {list, part}, {0}); }

  /// A loop over i in [0, count) that carries a number; returns the last one.
  Value emitLoop(Value count, Value init, llvm::function_ref<Value(Value i, Value carried)> body) {
    Value isTrue = arith::ConstantOp::create(builder, loc, builder.getBoolAttr(true));
    auto loop = LoopOp::create(builder, loc, TypeRange(i64()), count, isTrue, ValueRange(init));
    OpBuilder::InsertionGuard guard(builder);
    Block *block = builder.createBlock(&loop.getBody(), {}, {i64(), i64()}, {loc, loc});
    Value next = body(block->getArgument(0), block->getArgument(1));
    YieldOp::create(builder, loc, ValueRange{isTrue, next});
    return loop.getResult(0);
  }

  Operation *op;
  OpBuilder builder;
  Location loc;
  Value self;
};

struct TSExpandSplitsPass : public wick::ts::impl::TSExpandSplitsPassBase<TSExpandSplitsPass> {
  void runOnOperation() override {
    SmallVector<Operation *> splits;
    getOperation().walk([&](Operation *op) {
      if (isa<aten::SplitOp, aten::SplitWithSizesOp, aten::ChunkOp, aten::UnbindOp>(op) &&
          isa<ListType>(op->getResult(0).getType()))
        splits.push_back(op);
    });
    if (splits.empty())
      return;
    for (Operation *op : splits)
      Splitter(op).run();
    // What the lists hold says more about what comes after.
    OpPassManager inference(getOperation()->getName());
    inference.addPass(createTSInferTypesPass());
    if (failed(runPipeline(inference, getOperation())))
      signalPassFailure();
  }
};
} // namespace
