// RUN: wick-opt %s --plan-flatten-signatures --split-input-file --verify-diagnostics

// expected-error@+1 {{argument 0 of method 'forward' has type '!ts.list<!ts.opaque<"stream">>', which native code does not take yet}}
func.func @forward(%a: !ts.list<!ts.opaque<"stream">>) {
  return
}

// -----

// expected-error@+1 {{result of method 'forward' has type '!ts.opaque<"stream">', which native code does not return yet}}
func.func @forward() -> !ts.opaque<"stream"> {
  %s = ts.uninitialized : !ts.opaque<"stream">
  return %s : !ts.opaque<"stream">
}

// -----

ts.class @Outer "class" {
  ts.attr "inner" : !ts.list<!ts.object<@Inner>>
}
ts.class @Inner "class" {
  // expected-note@+1 {{attribute 'stream' of "Inner" has type '!ts.opaque<"stream">'}}
  ts.attr "stream" : !ts.opaque<"stream">
}
// expected-error@+1 {{argument 0 of method 'forward' has type '!ts.object<@Outer>', which native code does not take yet}}
func.func @forward(%a: !ts.object<@Outer>) {
  return
}

// -----

// expected-error@+1 {{result of method 'forward' has type '!ts.dict<!ts.str, !ts.opaque<"stream">>', which native code does not return yet}}
func.func @forward(%g: !ts.dict<!ts.str, !ts.opaque<"stream">> {ts.state = 0 : i64}) -> !ts.dict<!ts.str, !ts.opaque<"stream">> {
  return %g : !ts.dict<!ts.str, !ts.opaque<"stream">>
}
