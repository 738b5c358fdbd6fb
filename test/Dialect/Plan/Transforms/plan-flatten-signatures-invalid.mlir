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
