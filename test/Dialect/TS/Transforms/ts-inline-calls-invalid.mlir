// RUN: wick-opt %s --ts-inline-calls --split-input-file --verify-diagnostics

func.func private @f(%x: i64) -> i64 {
  // expected-error @+1 {{recursive call of 'f' cannot be compiled}}
  %y = call @f(%x) : (i64) -> i64
  return %y : i64
}
func.func @forward(%x: i64) -> i64 {
    %y = call @f(%x) : (i64) -> i64
  return %y : i64
}

// -----

// Objects that lead to each other.
ts.class @J "interface" {
  ts.method "run" : (i64) -> i64
}
ts.class @N "module" {
  ts.attr "next" : !ts.interface<@J>
  ts.method "run" = @N.run
}
ts.image @root {
  %m = ts.create_object : !ts.object<@N>
  ts.set_attr %m["next"] = %m : !ts.object<@N>, !ts.object<@N>
  ts.yield %m : !ts.object<@N>
}
func.func private @N.run(%self: !ts.object<@N>, %x: i64) -> i64 {
  %next = ts.get_attr %self["next"] : !ts.object<@N> -> !ts.interface<@J>
  // expected-error @+1 {{recursive call of 'N.run' cannot be compiled}}
  %r = ts.call_method %next["run"](%x) : !ts.interface<@J>, (i64) -> i64
  return %r : i64
}
func.func @circle(%x: i64) -> i64 {
  %self = ts.image_ref @root "" : !ts.object<@N>
  %r = call @N.run(%self, %x) : (!ts.object<@N>, i64) -> i64
  return %r : i64
}
