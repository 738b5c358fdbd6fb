// RUN: wick-opt %s --plan-flatten-signatures --split-input-file --verify-diagnostics

// expected-error@+1 {{argument 0 of method 'forward' has type '!ts.list<!ts.generator>', which native code does not take yet}}
func.func @forward(%a: !ts.list<!ts.generator>) {
  return
}

// -----

// expected-error@+1 {{result of method 'forward' has type '!ts.generator', which native code does not return yet}}
func.func @forward() -> !ts.generator {
  %s = ts.uninitialized : !ts.generator
  return %s : !ts.generator
}

// -----

ts.class @Outer "class" {
  ts.attr "inner" : !ts.list<!ts.object<@Inner>>
}
ts.class @Inner "class" {
  // expected-note@+1 {{attribute 'generator' of "Inner" has type '!ts.generator'}}
  ts.attr "generator" : !ts.generator
}
// expected-error@+1 {{argument 0 of method 'forward' has type '!ts.object<@Outer>', which native code does not take yet}}
func.func @forward(%a: !ts.object<@Outer>) {
  return
}

// -----

// expected-error@+1 {{result of method 'forward' has type '!ts.dict<!ts.str, !ts.generator>', which native code does not return yet}}
func.func @forward(%g: !ts.dict<!ts.str, !ts.generator> {ts.state = 0 : i64}) -> !ts.dict<!ts.str, !ts.generator> {
  return %g : !ts.dict<!ts.str, !ts.generator>
}
