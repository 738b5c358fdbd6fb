//===- Passes.td - passes over the prelude ---------------------*- tablegen -*-===//
#ifndef WICK_PRELUDE_PASSES
#define WICK_PRELUDE_PASSES

include "mlir/Pass/PassBase.td"

def TSExpandPreludePass : Pass<"ts-expand-prelude", "::mlir::ModuleOp"> {
  let summary = "Give operators the meaning that the prelude has for them";
  let description = [{
    A `ts.operator` whose meaning is written in TorchScript (`lib/Prelude/*.py`) becomes a call of that function,
    which is added to the module with all that it calls. So does an op of the core that is one for some dtypes only: the
    function holds it among the other cases. Operators without a function stay. Run `ts-inline-calls`
    and `ts-simplify-program` afterwards.

    Before:
    ```mlir
    %y = ts.operator @"aten::glu"(%x, %dim) : (!ts.tensor, i64) -> !ts.tensor
    ```
    After:
    ```mlir
    %y = func.call @prelude.glu(%x, %dim) : (!ts.tensor, i64) -> !ts.tensor
    ```
  }];
  // What importing a prelude makes.
  let dependentDialects = ["::wick::aten::AtenDialect", "::wick::plan::PlanDialect", "::wick::ts::TSDialect",
                           "::mlir::arith::ArithDialect", "::mlir::complex::ComplexDialect",
                           "::mlir::func::FuncDialect", "::mlir::scf::SCFDialect"];
  let options = [
    ListOption<"files", "prelude", "std::string",
               "Python files with functions that add to the prelude or replace some of its">
  ];
}

#endif // WICK_PRELUDE_PASSES
