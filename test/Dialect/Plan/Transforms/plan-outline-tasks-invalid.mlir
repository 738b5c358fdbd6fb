// RUN: wick-opt %s --split-input-file --verify-diagnostics

func.func @method(%n: i64) -> i64 {
  // expected-error @below {{'plan.run_tasks' op runs @helper, which is not a task}}
  %r = plan.run_tasks [@helper](%n) counts [1] to [1] : (i64) -> i64
  return %r : i64
}
func.func private @helper(%n: i64) -> i64 {
  return %n : i64
}

// -----

func.func @method(%n: i64) -> i64 {
  // expected-error @below {{'plan.run_tasks' op does not fit the arguments and results of its tasks}}
  %r = plan.run_tasks [@task](%n) counts [2] to [1] : (i64) -> i64
  return %r : i64
}
func.func private @task(%n: i64) -> i64 attributes {plan.task} {
  return %n : i64
}
