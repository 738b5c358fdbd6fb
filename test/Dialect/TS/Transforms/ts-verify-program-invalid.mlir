// RUN: wick-opt %s --ts-verify-program --verify-diagnostics

ts.schema @"my::op" "my::op(Tensor x) -> Tensor" arguments ["x"] writes [] aliases []
ts.class @C "class" {
  ts.attr "n" : i64
}
func.func private @missing(i64) -> i64

func.func @forward(%x: !ts.tensor, %o: !ts.object<@C>, %i: !ts.interface<@C>, %n: i64) {
  // expected-error @+1 {{operator 'my::op' has no native implementation}}
  %a = ts.operator @"my::op"(%x) : (!ts.tensor) -> !ts.tensor
  // expected-note @+1 {{also here}}
  %b = ts.operator @"my::op"(%a) : (!ts.tensor) -> !ts.tensor
  // expected-error @+1 {{attribute 'n' of an object that is known only at run time is not supported}}
  %c = ts.get_attr %i["n"] : !ts.interface<@C> -> i64
  // expected-error @+1 {{write of the attribute 'n' is not supported}}
  ts.set_attr %i["n"] = %n : !ts.interface<@C>, i64
  // expected-error @+1 {{method 'run' of an object that is known only at run time is not supported}}
  %d = ts.call_method %i["run"](%x) : !ts.interface<@C>, (!ts.tensor) -> !ts.tensor
  // expected-error @+1 {{function 'missing' has no body}}
  %e = call @missing(%n) : (i64) -> i64
  // expected-error @+1 {{a with statement on an object that is known only at run time is not supported}}
  %f = ts.enter %i : !ts.interface<@C> -> i64
  // expected-error @+1 {{asynchronous code is not supported}}
  %g = ts.awaitable () : () -> !ts.await<i64> {
    ts.yield %n : i64
  }
  %v = ts.uninitialized : !ts.opaque<"stream">
  %k = ts.item %x : !ts.tensor -> i64
  // expected-error @+1 {{a dict of this type is not supported unless its keys are known}}
  %h = ts.dict_construct (%k) to (%v) : (i64) (!ts.opaque<"stream">) -> !ts.dict<i64, !ts.opaque<"stream">>
  // expected-error @+1 {{a quantized tensor is not supported}}
  %q = ts.opaque "quantized tensor" : !ts.tensor
  // expected-error @+1 {{printing a value of this type is not supported}}
  ts.print %v : !ts.opaque<"stream">
  return
}
