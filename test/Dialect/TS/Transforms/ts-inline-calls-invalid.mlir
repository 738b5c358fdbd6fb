// RUN: wick-opt %s --ts-inline-calls --verify-diagnostics

func.func private @f(%x: i64) -> i64 {
  // expected-error @+1 {{recursive call of 'f' cannot be compiled}}
  %y = call @f(%x) : (i64) -> i64
  return %y : i64
}
func.func @forward(%x: i64) -> i64 {
    %y = call @f(%x) : (i64) -> i64
  return %y : i64
}
