// RUN: wick-opt %s --plan-flatten-signatures --split-input-file --verify-diagnostics

// expected-error@+1 {{argument 0 of method 'forward' has type '!ts.list<i64>', which native code does not take yet}}
func.func @forward(%a: !ts.list<i64>) {
  return
}

// -----

// expected-error@+1 {{result of method 'forward' has type '!ts.str', which native code does not return yet}}
func.func @forward() -> !ts.str {
  %s = ts.str "x"
  return %s : !ts.str
}
