// RUN: wick-opt %s --canonicalize | FileCheck %s

// What a static type decides: `list` and `tuple` ask for any of them.
// CHECK-LABEL: func.func @decided
// CHECK-DAG: %[[TRUE:.*]] = arith.constant true
// CHECK-DAG: %[[FALSE:.*]] = arith.constant false
// CHECK: return %[[TRUE]], %[[TRUE]], %[[FALSE]], %[[TRUE]]
func.func @decided(%l: !ts.list<i64>, %t: !ts.tuple<i64, !ts.none>) -> (i1, i1, i1, i1) {
  %a = ts.isinstance %l [!ts.str, !ts.opaque<"list">] : !ts.list<i64>
  %b = ts.isinstance %t [!ts.opaque<"tuple">] : !ts.tuple<i64, !ts.none>
  %c = ts.isinstance %l [!ts.opaque<"tuple">, f64] : !ts.list<i64>
  %d = ts.isinstance %t [!ts.tuple<i64, !ts.optional<!ts.str>>] : !ts.tuple<i64, !ts.none>
  return %a, %b, %c, %d : i1, i1, i1, i1
}

// An element that is not known, and a class, are for run time.
// CHECK-LABEL: func.func @open
// CHECK-COUNT-2: ts.isinstance
func.func @open(%t: !ts.tuple<i64, !ts.any>) -> (i1, i1) {
  %a = ts.isinstance %t [!ts.tuple<i64, !ts.str>] : !ts.tuple<i64, !ts.any>
  %b = ts.isinstance %t [!ts.opaque<"class">] : !ts.tuple<i64, !ts.any>
  return %a, %b : i1, i1
}
